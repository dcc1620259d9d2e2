"""What an event gives beside itself: papers before and after, and its recording."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from base.blocks.links import about_file
from base.blocks.recordings import OutsideRecordingBlock, RecordingBlock

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import EventPage

AT_ONCE = "at_once"
SHOWN = [
    (AT_ONCE, _("At once")),
    ("week_before", _("A week before it starts")),
    ("day_before", _("A day before it starts")),
    ("start", _("When it starts")),
    ("end", _("When it has ended")),
    ("day_after", _("A day after it has ended")),
]
BEFORE_START = {"week_before": timedelta(weeks=1), "day_before": timedelta(days=1), "start": timedelta(0)}
AFTER_END = {"end": timedelta(0), "day_after": timedelta(days=1)}


class MaterialBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(label=_("Name for readers"), max_length=120, required=False, help_text=_("Without one, the file's own title is shown."))
    shown = blocks.ChoiceBlock(label=_("On the page from"), choices=SHOWN, default=AT_ONCE)

    class Meta:
        icon = "doc-full"
        label = _("Material")
        label_format = "{title}"


class MaterialsBlock(blocks.StreamBlock):
    material = MaterialBlock()
    recording = RecordingBlock()
    outside_recording = OutsideRecordingBlock()

    class Meta:
        required = False


def shown_from(child: Any, starts_at: datetime, ends_at: datetime) -> datetime | None:
    """None where it is there at once. A recording is there when the event has ended."""
    when = child.value["shown"] if child.block_type == "material" else "end"
    if when in BEFORE_START:
        return starts_at - BEFORE_START[when]
    return ends_at + AFTER_END[when] if when in AFTER_END else None


def turns(page: EventPage, starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """The moments at which something comes to the page."""
    return [at for child in page.materials if (at := shown_from(child, starts_at, ends_at))]


def materials_of(page: EventPage, starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, list[Any]]:
    """`files` as `base/blocks/files.html` has them, and the `recordings`, of what is on the page by now. First start, last end."""
    children = [child for child in page.materials if not (at := shown_from(child, starts_at, ends_at)) or at <= now]
    # A file that was deleted is None by now.
    papers = [(child.value["document"], child.value["title"]) for child in children if child.block_type == "material" and child.value["document"]]
    files = [{"title": title or document.title, "url": document.url, "about": about_file(document)} for document, title in papers]
    return {"files": files, "recordings": [child for child in children if child.block_type != "material"]}
