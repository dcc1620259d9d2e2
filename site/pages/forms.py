"""The contact form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from base.public_forms import AddressField, PublicForm
from pages.enquiry import Enquiry


class ContactForm(PublicForm):
    kind = forms.ChoiceField(label=_("What is it about?"), choices=Enquiry.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = AddressField(help_text=_("We answer to it."))
    subject = forms.CharField(label=_("Subject"), max_length=150)
    message = forms.CharField(
        label=_("Message"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("On accessibility, tell on which page it was and what you could not do."),
    )

    def answers(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("kind", "name", "email", "subject", "message")}
