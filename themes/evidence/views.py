"""The staff's screens of media mentions and surveys: their lists, and the table that somebody brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import HeaderButton
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from base.bounds import bound
from base.spreadsheets import Unreadable
from base.staff import staff_of
from themes.evidence import actions, reading
from themes.models import Goal, Mention, Survey, Theme
from themes.pages import ticks

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

MODELS: dict[str, type[Any]] = {"mentions": Mention, "surveys": Survey}
MOST_BYTES = 5_000_000


class EvidenceForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        theme, goals = cleaned.get("theme"), cleaned.get("goals") or ()
        if theme and any(goal.theme_id != theme.pk for goal in goals):
            self.add_error("goals", _("Choose goals of the same theme."))
        return cleaned


class EvidenceIndexView(IndexView):
    @property
    def header_buttons(self) -> list[Any]:
        buttons: list[Any] = list(super().header_buttons)
        if self.permission_policy.user_has_permission(self.request.user, "add"):
            kind = next(name for name, model in MODELS.items() if model is self.model)
            buttons.append(HeaderButton(_("Bring a table"), url=reverse("themes_bring", args=[kind]), icon_name="download", priority=20))
        return buttons


class EvidenceViewSet(SnippetViewSet):
    """`search_backend_name`: by the columns themselves."""

    search_backend_name = None
    index_view_class = EvidenceIndexView
    copy_view_enabled = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.model._default_manager.all()
        return rows


class MentionViewSet(EvidenceViewSet):
    model = Mention
    icon = "globe"
    search_fields: ClassVar = ["outlet", "title", "source"]
    list_display: ClassVar = ["title", "outlet", "day", "audience", Column("get_quality_display", label=gettext_lazy("Quality of the figure"))]
    list_filter: ClassVar = ["quality", "goals"]
    list_export: ClassVar = ["day", "outlet", "title", "address", "audience", "quality", "source"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("theme"), FieldPanel("day")]),
            FieldPanel("outlet"),
            FieldPanel("title"),
            FieldPanel("address"),
            FieldRowPanel([FieldPanel("audience"), FieldPanel("quality")]),
            FieldPanel("source"),
            ticks("goals"),
        ],
        base_form_class=EvidenceForm,
    )


class SurveyViewSet(EvidenceViewSet):
    model = Survey
    icon = "help"
    search_fields: ClassVar = ["question", "source"]
    list_display: ClassVar = ["question", "day", "aware", "sample", Column("get_quality_display", label=gettext_lazy("How they were chosen"))]
    list_filter: ClassVar = ["quality", "goals"]
    list_export: ClassVar = ["day", "question", "sample", "aware", "quality", "source"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("theme"), FieldPanel("day")]),
            FieldPanel("question"),
            FieldRowPanel([FieldPanel("sample"), FieldPanel("aware")]),
            FieldPanel("quality"),
            FieldPanel("source"),
            ticks("goals"),
        ],
        base_form_class=EvidenceForm,
    )


class TableForm(forms.Form):
    """What a line does not say is that of the whole file."""

    theme = forms.ModelChoiceField(label=gettext_lazy("National theme"), queryset=Theme.objects.none())
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        help_text=gettext_lazy("CSV or Excel (.xlsx). All of it comes, or nothing."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, required=False, help_text=gettext_lazy("For lines that name none: who has counted this.")
    )
    goals = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Goals"), queryset=Goal.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For lines that name none."),
    )  # fmt: skip

    def __init__(self, *args: Any, model: type[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model, self.brought = model, reading.Brought()
        here = bound()
        themes = Theme.objects.all() if here is None else Theme.objects.filter(pk=here)
        self.fields["theme"].queryset = themes  # type: ignore[attr-defined]  # a choice among rows has one
        self.fields["goals"].queryset = Goal.objects.order_by("scope", "pk")  # type: ignore[attr-defined]  # as above
        if len(known := list(themes[:2])) == 1:
            self.fields["theme"].widget = forms.HiddenInput()
            self.initial.setdefault("theme", known[0].pk)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        theme, goals, file = cleaned.get("theme"), list(cleaned.get("goals") or ()), cleaned.get("file")
        if theme and any(goal.theme_id != theme.pk for goal in goals):
            self.add_error("goals", _("Choose goals of the same theme."))
        elif theme and file and not self.errors:
            self._look(file, theme, cleaned.get("source") or "", goals)
        if self.errors and file and "file" not in self.errors:
            # A browser does not send it anew by itself.
            self.add_error("file", _("Nothing has come yet. Choose the file again: %(name)s.") % {"name": file.name})
        return cleaned

    def _look(self, file: Any, theme: Theme, source: str, goals: list[Goal]) -> None:
        try:
            if file.size > MOST_BYTES:
                raise Unreadable(_("The file is too large for one time: at most %(most)s MB. Divide it.") % {"most": MOST_BYTES // 1_000_000})
            self.brought = reading.look(file.read(), self.model, theme, source=source, goals=goals)
        except Unreadable as told:
            self.add_error("file", str(told))
        if self.brought.wrong:
            self.add_error("file", _("Nothing has come yet. Mend the cells below in the file, and choose it again."))


class BringView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "themes/evidence/bring.html"
    header_icon = "download"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["kind"] not in MODELS:
            raise Http404
        self.model = MODELS[kwargs["kind"]]
        if not request.user.has_perm(f"themes.add_{self.model._meta.model_name}"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = TableForm(request.POST, request.FILES, model=self.model)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, brought=form.brought, **kwargs), status=422)
        new, known = actions.bring(form.brought.rows, by=staff_of(request))
        messages.success(request, told(new, known))
        return redirect(self.list_url())

    def list_url(self) -> str:
        return reverse(self.model.snippet_viewset.get_url_name("list"))

    def get_page_title(self) -> str:
        return ": ".join([_("Bring a table"), capfirst(str(self.model._meta.verbose_name_plural))])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": self.list_url(), "label": capfirst(str(self.model._meta.verbose_name_plural))}
        return [*self.breadcrumbs_items, above, {"url": "", "label": _("Bring a table")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [
            {"label": reading.label(self.model, name), "is_needed": name in reading.NEEDED[self.model]} for name in reading.COLUMNS[self.model]
        ]
        qualities = [str(label) for _value, label in self.model.Quality.choices]
        return {"form": TableForm(model=self.model), "columns": columns, "qualities": qualities} | super().get_context_data(**kwargs)


def told(new: int, known: int) -> str:
    parts = []
    if new:
        parts.append(ngettext("%(number)d line came.", "%(number)d lines came.", new) % {"number": new})
    if known:
        words = ngettext(
            "%(number)d was there already, and has the table's figures now.",
            "%(number)d were there already, and have the table's figures now.",
            known,
        )
        parts.append(words % {"number": known})
    return " ".join(parts)
