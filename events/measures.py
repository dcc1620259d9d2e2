"""What events are measured by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.measures import EVENTS, added, marks, occurrences, tallied
from contacts.models import Tally, Touch
from themes.measures import How, Measure, register


def register_all() -> None:
    register(
        Measure(
            "registrations", _("Event registrations"), pgettext_lazy("unit", "registrations"), "outtake",
            occurrences(Touch.Kind.REGISTERED, sources=EVENTS), How.SUM,
            _("Confirmed registrations for events; cancelled ones are taken back."), marks,
        )
    )  # fmt: skip
    came = added(occurrences(Touch.Kind.ATTENDED, sources=EVENTS), tallied(Tally.Kind.ATTENDED, sources=EVENTS))
    register(
        Measure(
            "attendance", _("Attendance at events"), pgettext_lazy("unit", "attendances"), "outcome", came, How.SUM,
            _("Who was checked in at events, and who was counted without a name."), marks,
        )
    )  # fmt: skip
