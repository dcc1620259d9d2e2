"""The form by which a registrant changes what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.public_forms import PublicForm
from events.guests import GuestsField, line_of

if TYPE_CHECKING:
    from events.models import Registration


class ChangeForm(PublicForm):
    """It holds what stands. The way to take part is asked where there are several, guests where groups may come."""

    organisation = forms.CharField(
        label=_("Organisation"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    needs = forms.CharField(label=_("Diet and accessibility"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        lines = "\n".join(map(line_of, registration.guests.all()))
        initial = {"organisation": registration.organisation, "needs": registration.needs, "mode": registration.mode, "guests": lines}
        super().__init__(*args, initial=initial, **kwargs)
        self.registration, event = registration, registration.event
        if len(event.ways) > 1:
            choices = [(way.value, way.label) for way in event.ways]
            self.fields["mode"] = forms.ChoiceField(label=_("How do you take part?"), choices=choices, widget=forms.RadioSelect)
        if max(event.largest_group, registration.size) > 1:
            self.fields["guests"] = GuestsField(most=max(event.largest_group, registration.size) - 1)
        self.order_fields(["mode", "guests", *self.fields])

    def wish(self) -> dict[str, Any]:
        """As `changing.change_registration` takes it."""
        cleaned = self.cleaned_data
        words = {"organisation": cleaned["organisation"], "needs": cleaned["needs"]}
        return words | {"mode": cleaned.get("mode", self.registration.mode), "guests": cleaned.get("guests", [])}
