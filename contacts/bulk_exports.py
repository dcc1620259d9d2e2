"""A selection of people or organisations, or the members of networks, as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.staff import staff_of
from contacts import exporting
from contacts.bulk import ActOnContacts
from contacts.models import Network, Person

if TYPE_CHECKING:
    from django.http import HttpResponse

SHEETS = [(exporting.CSV, gettext_lazy("CSV, for any program")), (exporting.XLSX, gettext_lazy("XLSX, for Excel"))]
CARDS = (exporting.VCARD, gettext_lazy("vCard 4.0, for address books"))


class FormatForm(forms.Form):
    format = forms.ChoiceField(label=gettext_lazy("Kind of file"), choices=[*SHEETS, CARDS], widget=forms.RadioSelect, initial=exporting.XLSX)

    def __init__(self, *args: Any, has_cards: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [*SHEETS, *([CARDS] if has_cards else [])]  # type: ignore[attr-defined]  # a field of choices has it


class TakeAlong(ActOnContacts):
    display_name = gettext_lazy("Take along as a file")
    aria_label = gettext_lazy("Take the chosen ones along as a file")
    action_type = "take_along"
    action_priority = 40
    form_class = FormatForm
    told = gettext_lazy("Who took how many along stands in the log. Keep the file no longer than you need it.")

    def check_perm(self, row: Any) -> bool:
        return bool(self.request.user.has_perm(f"contacts.view_{self.model._meta.model_name}"))

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"has_cards": self.model is Person}

    def form_valid(self, form: Any) -> HttpResponse:
        rows = self.selected()
        if not rows:
            raise PermissionDenied
        name = {"person": _("people"), "organisation": _("organisations")}[self.model._meta.model_name]
        return exporting.file_of(rows, form.cleaned_data["format"], by=staff_of(self.request), name=name)


class TakeMembersAlong(TakeAlong):
    models = [Network]
    display_name = gettext_lazy("Take the members along as a file")
    aria_label = gettext_lazy("Take the members of the chosen networks along as a file")
    action_type = "take_members_along"
    told = gettext_lazy("The members of today. Who took how many along stands in the log. Keep the file no longer than you need it.")

    def check_perm(self, row: Any) -> bool:
        return bool(self.request.user.has_perm("contacts.view_membership") and self.request.user.has_perm("contacts.view_person"))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"has_cards": True}

    def form_valid(self, form: Any) -> HttpResponse:
        if not self.selected():
            raise PermissionDenied
        kind, rows = form.cleaned_data["format"], exporting.members_of(self.selected())
        found: list[Any] = rows
        if kind == exporting.VCARD:
            found = list(Person.objects.filter(pk__in={row.person_id for row in rows}).order_by(*Person.by_name))
        if not found:
            form.add_error("format", _("There are no members today to write.") if not rows else _("None of the members is a person."))
            return self.form_invalid(form)
        return exporting.file_of(found, kind, by=staff_of(self.request), name=_("members"))


ALL = (TakeAlong, TakeMembersAlong)
