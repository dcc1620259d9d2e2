"""The form that asks for a seat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.languages import CODES
from base.pages import ENDONYMS
from base.public_forms import AddressField
from base.questions import QuestionsForm

if TYPE_CHECKING:
    from events.models import Event


class RegistrationForm(QuestionsForm):
    """The same for every event, and then the event's own questions."""

    first_name = forms.CharField(label=_("First name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(label=_("Last name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    email = AddressField(help_text=_("We send a link to it. The seat is yours once you have followed the link."))
    organisation = forms.CharField(
        label=_("Organisation"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    needs = forms.CharField(
        label=_("Diet and accessibility"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What should we take into account? We delete this 14 days after the event."),
    )
    language = forms.ChoiceField(label=_("Language of our messages"), choices=[(code, ENDONYMS[code]) for code in CODES])

    def __init__(self, *args: Any, event: Event | None, **kwargs: Any) -> None:
        """Asks for the way to take part where there are several."""
        super().__init__(*args, **kwargs)
        if event and len(event.ways) > 1:
            choices = [(way.value, way.label) for way in event.ways]
            self.fields["mode"] = forms.ChoiceField(label=_("How do you take part?"), choices=choices, widget=forms.RadioSelect)
            self.order_fields(["mode", *self.fields])

    def details(self) -> dict[str, Any]:
        """What every event asks, as `actions.ask_registration` takes it."""
        asked = {question.field_name for question in self.asked()}
        return {name: value for name, value in self.cleaned_data.items() if name not in {"website", "token", *asked}}
