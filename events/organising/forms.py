"""The desk's forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.languages import CODES
from base.pages import ENDONYMS
from base.public_forms import clean_address
from events.organising.lists import date_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Event


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("For the organisers. The person may ask to see it.")
    )


class EditForm(forms.Form):
    """What may be put right without asking the person again."""

    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language of our messages"), choices=[(code, ENDONYMS[code]) for code in CODES])
    needs = forms.CharField(
        label=_("Diet and accessibility"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Deleted 14 days after the event."),
    )


class HandForm(EditForm):
    """A registration that came by telephone. The mailed link confirms it, as ever, unless the person has confirmed it by word."""

    event = forms.ChoiceField(label=_("Date"))
    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100)
    email = forms.CharField(label=_("E-mail"), max_length=254, widget=forms.EmailInput)
    mode = forms.ChoiceField(label=_("Way to take part"))
    is_confirmed = forms.BooleanField(
        label=_("The person has confirmed it"),
        required=False,
        help_text=_("The seat is theirs at once, and the invitation goes out. Else they get a link and have 30 minutes."),
    )
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("event", "first_name", "last_name", "email", "organisation", "mode", "language", "needs", "is_confirmed", "note")

    def __init__(self, *args: Any, dates: Iterable[Event], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dates = {str(date.pk): date for date in dates}
        ways = {way.value: way.label for date in self.dates.values() for way in date.ways}
        self.set_choices("event", {key: date_text(date) for key, date in self.dates.items()})
        self.set_choices("mode", ways)

    def set_choices(self, name: str, choices: dict[str, Any]) -> None:
        """A choice of one is none."""
        field: Any = self.fields[name]
        field.choices = list(choices.items())
        if len(choices) == 1:
            field.widget, field.initial = forms.HiddenInput(), next(iter(choices))

    def clean_email(self) -> str:
        return clean_address(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        date = self.dates.get(cleaned.get("event", ""))
        if date and cleaned.get("mode") and cleaned["mode"] not in date.ways:
            self.add_error("mode", _("That date is not held in this way."))
        return cleaned

    @property
    def chosen(self) -> Event:
        return self.dates[self.cleaned_data["event"]]
