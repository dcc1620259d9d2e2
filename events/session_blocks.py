"""The programme of an event: sessions with their speakers, rooms and tracks, and breaks between them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from base.blocks import RICH_TEXT
from base.blocks.choices import RowChoice
from contacts.blocks import choices


class TimedBlock(blocks.StructBlock):
    day = blocks.DateBlock(label=_("Day, when it is not the first"), required=False)
    starts = blocks.TimeBlock(label=_("Starts"))
    ends = blocks.TimeBlock(label=_("Ends"))
    title = blocks.CharBlock(label=_("Title"), max_length=150)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["starts"] and cleaned["ends"] and cleaned["ends"] <= cleaned["starts"]:
            raise blocks.StructBlockValidationError({"ends": ValidationError(_("It must end after it starts."))})
        return cleaned


class SessionBlock(TimedBlock):
    text = blocks.RichTextBlock(label=_("What it is about"), features=RICH_TEXT, required=False)
    room = blocks.CharBlock(label=_("Room"), max_length=100, required=False)
    track = blocks.CharBlock(
        label=_("Track"), max_length=60, required=False, help_text=_("Of sessions at the same time. One without a track is for everybody.")
    )
    speakers = blocks.ListBlock(
        RowChoice(label=_("Person"), choices=choices, help_text=_("Those who have agreed to be shown; write the agreement down in Contacts.")),
        label=_("Speakers"),
        default=[],
        max_num=12,
    )
    capacity = blocks.IntegerBlock(
        label=_("Seats of its own"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Then people choose the session when they register. Without a number everybody fits."),
    )

    class Meta:
        icon = "calendar-alt"
        label = _("Session")
        label_format = "{starts} {title}"
        form_layout = ["starts", "ends", "day", "title", "text", "speakers", "track", "room", "capacity"]


class BreakBlock(TimedBlock):
    class Meta:
        icon = "history"
        label = _("Break")
        label_format = "{starts} {title}"
        form_layout = ["starts", "ends", "day", "title"]


class ProgrammeBlock(blocks.StreamBlock):
    session = SessionBlock()
    pause = BreakBlock()

    class Meta:
        required = False
        max_num = 200
