"""Further dates of an event: one by one, as on a tour of regions, or by a rule, as a meeting every second week."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from events.models.facts import Mode
from themes.blocks import RegionChoice

MOST = 60
WEEKS, MONTHS = "weeks", "months"
AS_THE_EVENT = ["place", "region", "mode", "capacity", "online_capacity", "online_link"]


class DateFacts(blocks.StructBlock):
    """What is left empty is as with the event's first date."""

    starts = blocks.TimeBlock(label=_("Starts"), required=False)
    ends = blocks.TimeBlock(label=_("Ends"), required=False)
    place = blocks.CharBlock(label=_("Place"), max_length=250, required=False)
    region = RegionChoice(label=_("Region"), required=False)
    mode = blocks.ChoiceBlock(label=_("Mode"), choices=Mode.choices, required=False)
    capacity = blocks.IntegerBlock(label=_("Capacity"), min_value=0, max_value=100_000, required=False)
    online_capacity = blocks.IntegerBlock(label=_("Capacity online, when hybrid"), min_value=0, max_value=100_000, required=False)
    online_link = blocks.URLBlock(label=_("Link to the meeting"), required=False)


class DateBlock(DateFacts):
    day = blocks.DateBlock(label=_("Day"))
    last_day = blocks.DateBlock(label=_("Last day, when it is another"), required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["day"] and cleaned["last_day"] and cleaned["last_day"] < cleaned["day"]:
            raise blocks.StructBlockValidationError({"last_day": ValidationError(_("The last day is before the first."))})
        return cleaned

    class Meta:
        icon = "date"
        label = _("One more date")
        help_text = _("What you leave empty is as on the event's first date. Each date has its own seats and registrations.")
        label_format = "{day} {place}"
        form_layout = ["day", "last_day", "starts", "ends", *AS_THE_EVENT]


class RepeatBlock(DateFacts):
    every = blocks.IntegerBlock(label=_("Every"), default=1, min_value=1, max_value=12)
    unit = blocks.ChoiceBlock(label=_("Weeks or months"), choices=[(WEEKS, _("Weeks")), (MONTHS, _("Months"))], default=WEEKS)
    until = blocks.DateBlock(label=_("Until"), required=False)
    times = blocks.IntegerBlock(label=_("Or how many times more"), min_value=1, max_value=MOST, required=False)
    leave_out = blocks.ListBlock(blocks.DateBlock(label=_("Day")), label=_("Not on these days"), default=[])

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not self.is_deferred_validation and bool(cleaned["until"]) == bool(cleaned["times"]):
            told = _("Say until when it is repeated, or how many times: one of the two.")
            raise blocks.StructBlockValidationError({"until": ValidationError(told)})
        return cleaned

    class Meta:
        icon = "rotate"
        label = _("Repeated")
        help_text = _("From the event's first date on, on the same day of the week; by months on the same one of them, such as the second Tuesday.")
        label_format = "{every} {unit}"
        form_layout = ["every", "unit", "until", "times", "leave_out", "starts", "ends", *AS_THE_EVENT]


class DatesBlock(blocks.StreamBlock):
    date = DateBlock()
    repeat = RepeatBlock()

    class Meta:
        required = False
