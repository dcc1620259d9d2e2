"""What the publication gate asks of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from base.gate import Finding, error, register, warning
from base.gate.texts import is_nothing
from contacts.pages import is_source
from events import words
from events.dates import dates_of
from events.models import EventPage, Mode, Registration
from events.publishing import left_out
from events.venue import names_the_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.gate.subject import Subject
    from events.dates import PageDate


def check_place(subject: Subject) -> Iterator[Finding]:
    page = subject.page
    if not isinstance(page, EventPage):
        return
    modes = {page.mode, *(child.value["mode"] for child in page.dates)}
    if page.mode != Mode.ONLINE and is_nothing(page.place):
        yield error("event.place", _("Tell where the event is held."), field="place")
    if page.mode != Mode.IN_PERSON and not page.online_link:
        yield warning("event.link", _("There is no link to the meeting yet."), field="online_link")
    if modes & {Mode.IN_PERSON, Mode.HYBRID} and not names_the_place(page.access):
        yield warning("event.access", _("Say what of the venue is accessible: people decide by it whether they can come."), field="access")


def check_dates(subject: Subject) -> Iterator[Finding]:
    """Times that there are, some of them to come; and who has registered for a date that the page names no more."""
    page = subject.page
    if not isinstance(page, EventPage) or not page.starts_at or not page.ends_at:
        return
    try:
        dates = dates_of(page)
    except ValidationError as refusal:
        yield error("event.dates", _first_words(refusal), field="dates")
        return
    yield from _without_place(page, dates)
    if not page.first_published_at and max(one.ends_at for one in dates) < timezone.now():
        yield warning("event.past", _("All dates of the event are past."), field="starts_at")
    if page.pk and is_source(page):
        yield from _ending(page, dates)


def _first_words(refusal: Any) -> str:
    """Of an error that may lie deep in a block."""
    inner = [*getattr(refusal, "block_errors", {}).values()] or [*getattr(refusal, "non_block_errors", ())]
    return _first_words(inner[0]) if inner else str(refusal.messages[0])


def _without_place(page: EventPage, dates: list[PageDate]) -> Iterator[Finding]:
    if page.mode == Mode.ONLINE and any(one.mode != Mode.ONLINE and is_nothing(one.place) for one in dates):
        yield error("event.place", _("Tell where the event is held."), field="dates")


def _ending(page: EventPage, dates: list[PageDate]) -> Iterator[Finding]:
    for event in left_out(page, dates):
        number = Registration.objects.filter(event=event).taking_a_seat().count()
        if number:
            told = ngettext(
                "%(when)s is not among the dates any more. Publishing cancels it, and the one who registered gets a message.",
                "%(when)s is not among the dates any more. Publishing cancels it, and the %(number)d who registered get a message.",
                number,
            )
            yield warning("event.ending", told % {"when": words.when_text(event), "number": number}, field="dates")


def register_all() -> None:
    register("events.place", check_place)
    register("events.dates", check_dates)
