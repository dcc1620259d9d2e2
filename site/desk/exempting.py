"""Which of the promised languages a page is not owed in, and why: told by its editor, for as long as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.log_actions import log
from wagtail.models import Page

from base.pages import ENDONYMS
from base.staff import staff_of
from base.translations.checks import look_at_set
from themes.models import Exemption
from themes.pages import ThemedPage
from themes.promises import promised

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from base.models import User


class ExemptForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Not needed in"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Take the tick away, and the translation is owed again."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, required=False,
        help_text=gettext_lazy("Such as “An event that is held in Finnish only”. Your colleagues see it."),
    )  # fmt: skip

    def __init__(self, data: Any, *, page: Any) -> None:
        rows = list(Exemption.objects.filter(page_key=page.translation_key))
        super().__init__(data, initial={"languages": [row.language for row in rows], "reason": rows[0].reason if rows else ""})
        languages: Any = self.fields["languages"]
        languages.choices = [(code, ENDONYMS[code]) for code in promised(page)]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("languages") and not values.get("reason", "").strip():
            self.add_error("reason", _("Say why the translation is not needed."))
        return values


def may_exempt(page: Any, user: Any) -> bool:
    """Whoever may publish it, where something is promised of it."""
    is_source = isinstance(page, ThemedPage) and not page.alias_of_id  # type: ignore[attr-defined]  # Wagtail's Page has it
    return is_source and bool(promised(page)) and bool(page.permissions_for_user(user).can_publish())


@transaction.atomic
def exempt(page: Any, languages: list[str], reason: str, *, by: User) -> None:
    """From these languages, and from no other. What is told of the page follows at once."""
    rows = Exemption.objects.filter(page_key=page.translation_key)
    rows.exclude(language__in=languages).delete()
    for code in languages:
        rows.update_or_create(page_key=page.translation_key, language=code, defaults={"theme": page.theme, "reason": reason, "by": by})
    log(page, "desk.exempt", user=by, data={"languages": languages, "reason": reason})
    look_at_set(type(page), page)


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def exempt_page(request: HttpRequest, page_id: int) -> HttpResponse:
    page: Any = get_object_or_404(Page, pk=page_id).specific
    if not may_exempt(page, request.user):
        raise PermissionDenied
    form = ExemptForm(request.POST or None, page=page)
    if request.method == "POST" and form.is_valid():
        exempt(page, form.cleaned_data["languages"], form.cleaned_data["reason"].strip(), by=staff_of(request))
        messages.success(request, _("It is noted which translations of the page are not needed."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return TemplateResponse(request, "desk/exempt.html", {"page": page, "form": form}, status=422 if form.errors else 200)
