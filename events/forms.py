"""The form that asks for a seat."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from base.languages import CODES
from base.pages import ENDONYMS
from base.public_forms import AddressField, PublicForm


class RegistrationForm(PublicForm):
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
