"""The form that asks for a seat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from base.languages import CODES
from base.pages import ENDONYMS
from base.proof import Proof, ProvingForm
from base.public_forms import AddressField
from base.questions import QuestionsForm
from events import choosing
from events.guests import GuestsField
from events.timetable import chosen_sessions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.models import Event, EventPage

# Of the rules' fields, those that stand after who one is.
LAST = ("guests", "target_group")


class RegistrationForm(QuestionsForm, ProvingForm):
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

    def __init__(self, *args: Any, dates: Sequence[Event] = (), page: EventPage, **kwargs: Any) -> None:
        """`dates` are those one can register for. Asks for the date, the way to take part and sessions, where there are several."""
        super().__init__(*args, **kwargs)
        self.dates = {str(event.pk): event for event in dates}
        self.sessions = chosen_sessions(page)
        first = {
            **_rules_fields(dates),
            "date": choosing.date_field(page, dates),
            "mode": choosing.mode_field(dates),
            "sessions": choosing.sessions_field(self.sessions, dates),
        }
        self.fields |= {name: field for name, field in first.items() if field}
        self.order_fields([*(name for name in first if name not in LAST), *self.fields])
        if page.pk and not page.token:
            self.fields["organisation"].widget.attrs["data-suggest"] = reverse("events:organisations", args=[page.pk])

    @property
    def event(self) -> Event | None:
        """The date that was chosen, or the only one. None where the one that was chosen is no longer there."""
        chosen = self.data.get("date", "")
        return next(iter(self.dates.values())) if len(self.dates) == 1 and not chosen else self.dates.get(chosen)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.event is None and "date" not in self.errors:
            self.add_error(None, _("This date is not held any more. Choose another one."))
        if (event := self.event) and (mode := cleaned.get("mode")) and mode not in event.ways:
            self.add_error("mode", _("On this date one takes part in another way: %(way)s.") % {"way": event.get_mode_display()})
        if told := choosing.clash_text(self.sessions, cleaned.get("sessions", ())):
            self.add_error("sessions", told)
        return cleaned

    @property
    def subject(self) -> str:
        """What a proof of work is good for: one person's wish for one event."""
        return f"events.register:{self.event.pk if self.event else ''}:{self.cleaned_data['email'].lower()}"

    def brought(self) -> Proof:
        return self.proof_of(self.subject)

    def details(self) -> dict[str, Any]:
        """What every event asks, as `actions.ask_registration` takes it."""
        others = {"website", "token", "proof", "date", "sessions", *(question.field_name for question in self.asked())}
        pools = [choosing.pool_of(key) for key in self.cleaned_data.get("sessions", ())]
        return {name: value for name, value in self.cleaned_data.items() if name not in others} | {"further_pools": pools}


def _rules_fields(dates: Sequence[Event]) -> dict[str, forms.Field | None]:
    """What the page's rules ask for: they are the same for all its dates. Only who may have to wait is asked for a target group that goes first."""
    rules = next(iter(dates), None)
    code = forms.CharField(label=_("Access code"), max_length=40, help_text=_("The organiser gave it to those who are invited."))
    groups = rules.priority_groups.all() if rules and any(event.is_full for event in dates) else None
    label, none = _("Which of these are you?"), _("None of these")
    return {
        "access_code": code if rules and rules.access_codes else None,
        "guests": GuestsField(most=rules.largest_group - 1) if rules and rules.largest_group > 1 else None,
        "target_group": forms.ModelChoiceField(groups, label=label, required=False, empty_label=none) if groups else None,
    }
