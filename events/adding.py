"""Links that put an event into a reader's own calendar on the web. Plain addresses: nothing is asked of those services until somebody follows one."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from base.pages import web_address
from events import words

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event, EventPage

GOOGLE = "https://calendar.google.com/calendar/render"
# Microsoft's two calendars, that of people at home and that of offices, take the same words.
MICROSOFT = {
    "Outlook.com": "https://outlook.live.com/calendar/0/deeplink/compose",
    "Microsoft 365": "https://outlook.office.com/calendar/0/deeplink/compose",
}


def links_for(event: Event, page: EventPage) -> list[tuple[str, str]]:
    """(name of the service, address). Without the link to the meeting, which is for those who registered."""
    google = {
        "action": "TEMPLATE",
        "text": page.title,
        "dates": f"{_utc(event.starts_at)}/{_utc(event.ends_at)}",
        "ctz": event.time_zone,
        "location": words.where_text(event, page),
        "details": _details(page),
    }
    microsoft = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": page.title,
        "startdt": event.starts_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "enddt": event.ends_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "location": words.where_text(event, page),
        "body": _details(page),
    }
    return [("Google", f"{GOOGLE}?{urlencode(google)}"), *((name, f"{address}?{urlencode(microsoft)}") for name, address in MICROSOFT.items())]


def _details(page: EventPage) -> str:
    return f"{page.lead}\n\n{web_address(page)}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
