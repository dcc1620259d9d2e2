"""Putting an address on the suppression list by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from mail import suppression
from mail.models import Suppression


class SuppressionForm(WagtailAdminModelForm):
    """The address is hashed and forgotten."""

    address = forms.EmailField(
        label=_("Address"),
        max_length=320,
        help_text=_("It gets no mail any more, except what its reader asks for. Only a hash of it is kept."),
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        known = Suppression.objects.filter(hash=suppression.hash_of(address)).first()
        if known:
            when = date_format(localtime(known.since), "DATE_FORMAT")
            raise forms.ValidationError(
                gettext("The address is on the list already: %(reason)s, since %(date)s.") % {"reason": known.get_reason_display(), "date": when}
            )
        return address

    def save(self, commit: bool = True) -> Any:
        self.instance.hash = suppression.hash_of(self.cleaned_data["address"])
        self.instance.reason = Suppression.Reason.BY_HAND
        return super().save(commit)

    class Meta:
        model = Suppression
        fields: list[str] = []
