"""What is missing or out of date in each language, and the start of translations, for one page or many."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Locale, Page, get_page_content_types
from wagtail.permissions import policy_registry

from base.languages import CODES
from base.pages import ENDONYMS
from base.translations.lists import shown
from base.translations.starting import start_translations
from base.translations.states import SUBMIT, State, annotate_states, lacking, sheet_url, sources

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

WORK = (State.MISSING, State.OUTDATED, State.DRAFT)
AGES = [("7", _("More than a week ago")), ("30", _("More than a month ago")), ("90", _("More than three months ago"))]
LANGUAGES = list(ENDONYMS.items())


def sections(request: HttpRequest | None) -> QuerySet[Page]:
    """Where most of the work is: the pages right below a front page that have pages of their own."""
    here = policy_registry.get_by_type(Page).explorable_instances(request.user) if request else Page.objects
    pages: QuerySet[Page] = here.filter(depth=3, alias_of=None, numchild__gt=0)
    return pages


class SectionFilter(django_filters.ModelChoiceFilter):
    def filter(self, qs: Any, value: Any) -> Any:
        return qs.filter(path__startswith=value.path) if value else qs


class LanguagesFilterSet(WagtailFilterSet):
    language = django_filters.ChoiceFilter(label=_("Language"), choices=LANGUAGES, method="for_language", empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(state.value, state.label) for state in WORK], method="for_language", empty_label=_("All")
    )
    content_type = django_filters.ModelChoiceFilter(
        label=_("Page type"),
        queryset=lambda request: get_page_content_types(include_base_page_type=False),  # type: ignore[arg-type]  # its stubs know no callable
        empty_label=_("All"),
    )
    section = SectionFilter(label=_("Section"), queryset=sections, empty_label=_("All"))  # type: ignore[arg-type]  # as above
    age = django_filters.ChoiceFilter(label=_("Source published"), choices=AGES, method="older_than", empty_label=_("All"))

    class Meta:
        model = Page
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """Language and state are one question: what is in that state in that language."""
        values = self.form.cleaned_data
        codes = [values["language"]] if values.get("language") else CODES
        states = [State(values["state"])] if values.get("state") else WORK
        asked = Q(pk__in=[])
        for code in codes:
            for state in states:
                asked |= Q(lacking(code, state))
        return super().filter_queryset(queryset.filter(asked))

    def for_language(self, queryset: Any, _name: str, _value: str) -> Any:
        return queryset

    def older_than(self, queryset: Any, _name: str, value: str) -> Any:
        return queryset.filter(last_published_at__lt=timezone.now() - timedelta(days=int(value)))


class KeysPaginator(WagtailPaginator):
    """Counts the keys of all rows, which it then has: where the question costs more than its answer, it is asked once."""

    @cached_property
    def keys(self) -> list[int]:
        return list(self.object_list.values_list("pk", flat=True))

    @cached_property
    def count(self) -> int:
        return len(self.keys)

    def page(self, number: int | str) -> Any:
        sheet: int = self.validate_number(number)
        keys = self.keys[(sheet - 1) * self.per_page : sheet * self.per_page]
        rows = Page.objects.select_related("locale", "content_type").in_bulk(keys)
        return self._get_page([rows[key] for key in keys], sheet, self)


def may_see(user: Any) -> bool:
    return bool(user.has_perm(SUBMIT) and policy_registry.get_by_type(Page).user_has_any_permission(user, ["add", "change", "publish"]))


class LanguagesReport(PageReportView):
    """A row for each live source page that lacks something in a language, the longest waiting first."""

    page_title = _("Languages")
    header_icon = "globe"
    index_url_name = "translations:report"
    index_results_url_name = "translations:report_results"
    results_template_name = "base/translations/report_results.html"
    filterset_class = LanguagesFilterSet
    paginator_class = KeysPaginator
    any_permission_required: ClassVar = ["add", "change", "publish"]
    list_export: ClassVar = ["title", "kind", "section", "last_published_at", *(f"in_{code}" for code in CODES)]
    export_headings: ClassVar = {
        "title": _("Title"),
        "kind": _("Type"),
        "section": _("Section"),
        "last_published_at": _("Source published"),
        **{f"in_{code}": ENDONYMS[code] for code in CODES},
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see(request.user):
            raise PermissionDenied
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def get_queryset(self) -> QuerySet[Page]:
        here = policy_registry.get_by_type(Page).explorable_instances(self.request.user)
        self.queryset = sources().filter(pk__in=here.values("pk")).select_related("locale", "content_type").order_by("last_published_at", "pk")
        pages: QuerySet[Page] = super().get_queryset()
        return pages

    def decorate_paginated_queryset(self, object_list: Any) -> list[Any]:
        """Two queries for the states and one for the sections."""
        pages = list(object_list)
        annotate_states(pages)
        paths = {page.path[: 3 * Page.steplen] for page in pages}
        titles = dict(Page.objects.filter(path__in=paths).values_list("path", "title"))
        for page in pages:
            page.kind = page.content_type.model_class()._meta.verbose_name
            page.section = titles.get(page.path[: 3 * Page.steplen], "")
            page.rows = shown(page.language_states, self.request.user)
            for state in page.language_states:
                setattr(page, f"in_{state.language_code}", f"{state.state.label}{f' ({state.note})' if state.note else ''}")
        return pages


class StartForm(forms.Form):
    pages = forms.ModelMultipleChoiceField(queryset=Page.objects.filter(depth__gt=1), label=_("Pages"))
    languages = forms.MultipleChoiceField(label=_("Languages"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple)


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Asks once which languages, and opens the screen of all texts when there is one page alone."""
    if not request.user.has_perm(SUBMIT):
        raise PermissionDenied
    form = StartForm(request.POST or request.GET)
    is_whole = form.is_valid()
    pages = list(form.cleaned_data.get("pages", ()))
    if not pages:
        messages.error(request, _("Tick the pages whose translation is to be started."))
        return redirect("translations:report")
    if not all(page.permissions_for_user(request.user).can_edit() for page in pages):
        raise PermissionDenied
    if request.method == "GET" or not is_whole:
        ticked = (request.POST or request.GET).getlist("languages")
        context = {"pages": pages, "ticked": ticked, "languages": LANGUAGES, "is_refused": request.method == "POST"}
        return TemplateResponse(request, "base/translations/start.html", context)
    locales = list(Locale.objects.filter(language_code__in=form.cleaned_data["languages"]))
    started = start_translations(pages=pages, locales=locales, by=request.user)
    text = ngettext(
        "%(number)d translation was started. It is a draft until you publish it.",
        "%(number)d translations were started. They are drafts until you publish them.",
        len(started),
    )
    if started:
        messages.success(request, text % {"number": len(started)})
    else:
        messages.warning(request, _("Nothing was started: the pages have these languages already."))
    # One page goes on where all its texts are; many are taken up one by one.
    return redirect(sheet_url(pages[0], form.cleaned_data["languages"]) if started and len(pages) == 1 else "translations:report")
