"""What the publication gate asks of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from base.gate import Finding, error, register, warning
from base.gate.texts import is_nothing
from events.models import EventPage, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.gate.subject import Subject


def check_place(subject: Subject) -> Iterator[Finding]:
    page = subject.page
    if not isinstance(page, EventPage):
        return
    if page.mode != Mode.ONLINE and is_nothing(page.place):
        yield error("event.place", _("Tell where the event is held."), field="place")
    if page.mode != Mode.IN_PERSON and not page.online_link:
        yield warning("event.link", _("There is no link to the meeting yet."), field="online_link")


def register_all() -> None:
    register("events.place", check_place)
