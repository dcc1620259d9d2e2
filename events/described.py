"""An event as schema.org describes it. The link to the meeting is for those who registered, and is never in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.pages import web_address
from base.sharing import organization
from events import words

if TYPE_CHECKING:
    from events.models.facts import Event
    from events.models.pages import EventPage

SCHEMA = "https://schema.org/"
MODES = {"in_person": "OfflineEventAttendanceMode", "online": "OnlineEventAttendanceMode", "hybrid": "MixedEventAttendanceMode"}


def schema_of(event: Event, page: EventPage) -> dict[str, Any]:
    url = web_address(page)
    described: dict[str, Any] = {
        "@type": "Event",
        "name": page.title,
        "description": page.search_description or page.lead,
        "url": url,
        "startDate": words.local(event.starts_at, event).isoformat(),
        "endDate": words.local(event.ends_at, event).isoformat(),
        "eventStatus": SCHEMA + _status(event),
        "eventAttendanceMode": SCHEMA + MODES[event.mode],
        "location": _locations(event, page, url),
        "inLanguage": page.languages or page.locale.language_code,
        "isAccessibleForFree": True,
        "organizer": organization(page.theme.name, page),
    }
    if event.previous_starts_at:
        described["previousStartDate"] = words.local(event.previous_starts_at, event).isoformat()
    if not (event.is_cancelled or event.is_over):
        described |= _seats(event)
        left = "InStock" if event.seats_left > 0 else "SoldOut"
        described["offers"] = {"@type": "Offer", "price": "0", "priceCurrency": "EUR", "availability": SCHEMA + left, "url": f"{url}#register"}
    return described


def _status(event: Event) -> str:
    """A cancelled event that was moved before stays cancelled, and keeps the day that it was moved from."""
    if event.is_cancelled:
        return "EventCancelled"
    return "EventRescheduled" if event.previous_starts_at else "EventScheduled"


def _seats(event: Event) -> dict[str, int]:
    pools = {pool.key: pool.capacity for pool in event.seats}
    found = {"maximumAttendeeCapacity": event.capacity, "remainingAttendeeCapacity": max(event.seats_left, 0)}
    for way, name in (("in_person", "maximumPhysicalAttendeeCapacity"), ("online", "maximumVirtualAttendeeCapacity")):
        if event.mode == "hybrid" and way in pools:
            found[name] = pools[way]
    return found


def _locations(event: Event, page: EventPage, url: str) -> list[dict[str, Any]]:
    """The room on the net is where one registers: its own address is not public."""
    found: list[dict[str, Any]] = []
    if event.mode != "online":
        name = page.place or event.place
        found.append({"@type": "Place", "name": name, "address": name})
    if event.mode != "in_person":
        found.append({"@type": "VirtualLocation", "url": url})
    return found
