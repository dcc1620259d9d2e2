"""Events and who registered for them. An event's pages, one a language, share one `Event` row a date, which holds the facts and the seats."""

from __future__ import annotations

from events.models.answers import Answer, Deletion
from events.models.closed import InsideLink
from events.models.desk import Letter, Note
from events.models.facts import WAYS, Event, EventQuerySet, Mode
from events.models.invitations import Invitation
from events.models.meetings import Decision, MeetingPage
from events.models.own import OwnCalendar
from events.models.pages import EventPage, EventsPage, page_in, pages_in
from events.models.pools import Pool
from events.models.registrations import Guest, Registration

__all__ = [
    "WAYS",
    "Answer",
    "Decision",
    "Deletion",
    "Event",
    "EventPage",
    "EventQuerySet",
    "EventsPage",
    "Guest",
    "InsideLink",
    "Invitation",
    "Letter",
    "MeetingPage",
    "Mode",
    "Note",
    "OwnCalendar",
    "Pool",
    "Registration",
    "page_in",
    "pages_in",
]
