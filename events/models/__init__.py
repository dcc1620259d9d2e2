"""Events and who registered for them. An event's pages, one a language, share one `Event` row, which holds the facts and the seats."""

from __future__ import annotations

from events.models.facts import Event, EventQuerySet, Mode
from events.models.pages import EventPage, EventsPage, page_in, pages_in
from events.models.registrations import Registration

__all__ = ["Event", "EventPage", "EventQuerySet", "EventsPage", "Mode", "Registration", "page_in", "pages_in"]
