"""The people of a group, as one types them: one on a line, with an address after a comma if one likes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from base.public_forms import clean_address

if TYPE_CHECKING:
    from events.actions import GuestWords
    from events.models import Guest

LONGEST_NAME = 100


class GuestsField(forms.CharField):
    """Its value is a list of `GuestWords`."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        hint = gettext_lazy("Everybody else in your group, one on a line: first name and last name; after a comma an e-mail address, if you like.")
        values = {"label": gettext_lazy("Who comes with you?"), "help_text": hint, "required": False, "max_length": 10_000}
        super().__init__(**{**values, "widget": forms.Textarea(attrs={"rows": 3}), **kwargs})

    def clean(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in str(super().clean(value) or "").splitlines()]
        guests = [guest_of(line) for line in lines if line]
        if len(guests) > self.most:
            text = ngettext("You can bring %(number)d person.", "You can bring %(number)d people.", self.most)
            raise ValidationError(text % {"number": self.most})
        return guests


def guest_of(line: str) -> GuestWords:
    """Raises a ValidationError that names the line."""
    name, _comma, address = line.partition(",")
    first, _space, last = name.strip().partition(" ")
    if not last or max(len(first), len(last)) > LONGEST_NAME:
        raise ValidationError(_("Write a first name and a last name: “%(line)s”.") % {"line": line})
    try:
        return {"first_name": first, "last_name": last, "email": clean_address(address.strip()) if address.strip() else ""}
    except ValidationError as wrong:
        raise ValidationError(f"“{line}”: {wrong.messages[0]}") from wrong


def line_of(guest: Guest) -> str:
    return f"{guest}, {guest.email}" if guest.email else str(guest)
