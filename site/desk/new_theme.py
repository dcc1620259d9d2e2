"""A second national theme, and more, are opened in the admin: what `manage.py start_theme --below` does, from a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access

from base.languages import CODES, FALLBACK
from base.pages import ENDONYMS
from desk.demo.content import read
from desk.opening import check_host, pages_for, start_second
from pages.models import HomePage
from themes.look import Face, check_accent
from themes.models import Theme

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ADD = "themes.add_theme"
# In three languages each: name of the field, label, help, whether long.
TEXTS = (
    ("name", gettext_lazy("Name of the theme"), "", False),
    ("objective", gettext_lazy("Specific objective"), "", False),
    ("programme", gettext_lazy("Programme"), "", False),
    ("summary", gettext_lazy("Short description"), gettext_lazy("Aims, results and the Union's support; stands on every page."), True),
)
FACTS = ("key", "objective_code", "fund", "starts", "ends", "budget_eur", "accent", "face")


class NewThemeForm(forms.Form):
    key = forms.SlugField(label=gettext_lazy("Key"), max_length=50, help_text=gettext_lazy("Small letters and hyphens, such as jatkuva-oppiminen."))
    objective_code = forms.CharField(label=gettext_lazy("Code of the specific objective"), max_length=20)
    fund = forms.CharField(label=gettext_lazy("Fund"), max_length=20, initial="ESF+")
    starts = forms.IntegerField(label=gettext_lazy("First year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)], initial=2021)
    ends = forms.IntegerField(label=gettext_lazy("Last year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)], initial=2027)
    budget_eur = forms.DecimalField(label=gettext_lazy("Budget frame, EUR"), max_digits=14, decimal_places=2, min_value=0)
    accent = forms.CharField(
        label=gettext_lazy("Colour"), max_length=7, required=False, validators=[check_accent], help_text=gettext_lazy("Such as #8a3c6e.")
    )
    face = forms.ChoiceField(label=gettext_lazy("Face of titles"), choices=Face.choices, initial=Face.NEWSREADER)
    below: forms.ModelChoiceField[HomePage] = forms.ModelChoiceField(
        label=gettext_lazy("Section below"),
        queryset=HomePage.objects.filter(locale__language_code=FALLBACK).order_by("path"),
        required=False,
        help_text=gettext_lazy("The theme stands in this site, under its own heading in the menu."),
    )
    hostname = forms.CharField(
        label=gettext_lazy("Host name of its own"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Such as oppiminen.example.org. It has to be in ALLOWED_HOSTS first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, help_text, is_long in TEXTS:
            for code in CODES:
                kind: Any = forms.Textarea(attrs={"rows": 4}) if is_long else forms.TextInput()
                field = forms.CharField(label=f"{label}: {ENDONYMS[code]}", max_length=None if is_long else 250, help_text=help_text, widget=kind)
                self.fields[f"{name}_{code}"] = field

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields under their headings, in the order in which they are thought of."""
        texts = [(str(label), [self[f"{name}_{code}"] for code in CODES]) for name, label, _help, _long in TEXTS]
        facts = [
            (_("Facts"), [self[name] for name in ("key", "objective_code", "fund", "starts", "ends", "budget_eur")]),
            (_("Look"), [self[name] for name in ("accent", "face")]),
            (_("Where it stands"), [self[name] for name in ("below", "hostname")]),
        ]
        return texts + facts

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if Theme.objects.filter(key=key).exists():
            raise ValidationError(_("A theme has this key already."))
        return key

    def clean_hostname(self) -> str:
        hostname: str = self.cleaned_data["hostname"].strip()
        if hostname:
            check_host(hostname)
        return hostname

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("The last year is before the first."))
        if not self.errors.keys() & {"below", "hostname"} and not (data.get("below") or data.get("hostname")):
            self.add_error("below", _("Say where the theme stands: below another theme's front page, or at a host name of its own."))
        return data

    def content(self) -> dict[str, Any]:
        """As `theme.toml` has it; sub-themes, target groups and the plan are written afterwards, in Plan."""
        data = self.cleaned_data
        texts = {name: {code: data[f"{name}_{code}"] for code in CODES} for name, *_rest in TEXTS}
        texts |= {name: dict.fromkeys(CODES, "") for name in ("description", "how_it_works", "earlier_work")}
        facts = {name: data[name] for name in FACTS}
        return {"theme": texts | facts, "strategies": [], "changes": [], "sub_themes": [], "target_groups": []}


def starting_pages() -> dict[str, Any]:
    """The words of sections and of the pages at the foot, to be edited."""
    return read("pages")


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def new_theme(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(ADD):
        return render(request, "desk/refused.html", status=403)
    form = NewThemeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        content = form.content()
        pages = pages_for(content["theme"], starting_pages())
        try:
            theme = start_second(content=content, pages=pages, below=form.cleaned_data["below"], hostname=form.cleaned_data["hostname"])
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            messages.success(
                request,
                _("The theme %(theme)s is open in three languages. Put its team into it at Settings, Users, and write its plan.")
                % {"theme": theme.name},
            )
            return redirect(reverse("wagtailsnippets_themes_theme:edit", args=[theme.pk]))
    return TemplateResponse(request, "desk/new_theme.html", {"form": form}, status=422 if form.errors else 200)
