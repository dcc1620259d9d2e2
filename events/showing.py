"""What an event's page shows of its dates, its venue, its programme and its materials."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from events import adding, addresses, described, words
from events.choosing import pool_of
from events.material_blocks import materials_of, turns
from events.models.facts import Event, Mode
from events.timetable import timetable_of
from events.venue import OF_THE_PLACE, access_in_words
from events.wall import DEFAULT_ZONE, city_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from events.forms import RegistrationForm
    from events.models import EventPage
    from events.models.pools import Pool
    from events.timetable import Day, Session


def next_of(events: Sequence[Event]) -> Event | None:
    """The next date to come; where none is held any more, the next that was cancelled, else the last. `events` by time."""
    coming = [event for event in events if not event.is_over]
    return next((event for event in coming if not event.is_cancelled), coming[0] if coming else events[-1] if events else None)


def next_turn(page: EventPage, now: datetime) -> datetime | None:
    """When something begins, ends, or comes to the page."""
    events = list(page.events)
    moments = [at for event in events for at in (event.starts_at, event.ends_at)]
    if events:
        moments += turns(page, events[0].starts_at, max(event.ends_at for event in events))
    return min((at for at in moments if at > now), default=None)


def context_of(page: EventPage, events: Sequence[Event], form: RegistrationForm | None) -> dict[str, Any]:
    """`events` are the page's, by time. `form` is a bound one that comes back with its errors."""
    event = next_of(events)
    open_dates = [one for one in events if not words.why_closed(one)]
    days = _with_seats(timetable_of(page), open_dates)
    closed = "" if open_dates else words.why_closed(event)
    language = {"language": page.locale.language_code}
    first, last = (events[0].starts_at, max(one.ends_at for one in events)) if events else (page.starts_at, page.ends_at)
    return {
        "event": event,
        "facts": words.facts(event or page, page),
        "adding": adding.links_for(event, page) if event and page.live and not (event.is_cancelled or event.is_over) else [],
        "file_url": addresses.file_url(page),
        "register_url": addresses.register_url(page),
        "seats_text": words.seats_text(event) if event else "",
        "dates": date_rows(page, events) if len(events) > 1 else [],
        "zone_note": zone_note(page),
        "timetable": days,
        "venue": venue_of(page),
        "materials": materials_of(page, first, last, timezone.now()),
        "closed_text": closed,
        "before_form": before_form(open_dates),
        "submit_label": words.submit_label(open_dates[0]) if len(open_dates) == 1 or (open_dates and open_dates[0].needs_approval) else _("Register"),
        "form": form or (None if closed else page.form_of(open_dates, initial=language)),
    }


def before_form(open_dates: Sequence[Event]) -> str:
    """What one should know before one registers; of several dates each says for itself that it is full."""
    full = all(event.is_full for event in open_dates)
    return words.before_form(open_dates[0]) if open_dates and (full or open_dates[0].needs_approval) else ""


def structured(page: EventPage, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Each date to come as schema.org has it, else the last."""
    coming = [event for event in events if not event.is_over] or events[-1:]
    return [described.schema_of(event, page) for event in coming]


def date_rows(page: EventPage, events: Iterable[Event]) -> list[dict[str, Any]]:
    """As `events/parts/dates.html` has them."""
    return [
        {
            "when": words.when_text(event),
            "where": words.where_text(event, page),
            "starts_iso": words.local(event.starts_at, event).isoformat(timespec="minutes"),
            "seats_text": words.seats_text(event),
            "is_cancelled": event.is_cancelled,
            "is_over": event.is_over,
            "file_url": "" if event.is_cancelled or event.is_over or not page.live else addresses.file_url(page, event.pk),
        }
        for event in events
    ]


def zone_note(page: EventPage) -> str:
    """Where clocks are not those of Finland."""
    return "" if page.time_zone == DEFAULT_ZONE else _("Times are by the clock of %(city)s.") % {"city": city_of(page.time_zone)}


def venue_of(page: EventPage) -> dict[str, Any] | None:
    """None where nothing is known beyond the place itself."""
    is_met = page.mode != Mode.ONLINE
    keys = [key for key in page.access if is_met or key not in OF_THE_PLACE]
    venue = {
        "place": page.place if is_met else "",
        "address": page.address if is_met else "",
        "access": access_in_words(keys),
        "access_note": page.access_note,
        "remote_text": "" if page.mode == Mode.IN_PERSON else page.remote_text,
    }
    return venue if any(value for name, value in venue.items() if name != "place") else None


def _with_seats(days: list[Day], open_dates: list[Event]) -> list[Day]:
    """Of several dates, each has its own seats in a session: then the form says them."""
    if len(open_dates) != 1:
        return days
    pools = {pool.key: pool for pool in open_dates[0].pools.all()}
    return [replace(day, slots=[replace(slot, sessions=[_told(one, pools) for one in slot.sessions]) for slot in day.slots]) for day in days]


def _told(session: Session, pools: dict[str, Pool]) -> Session:
    pool = pools.get(pool_of(session.key))
    return replace(session, seats_text=words.left_text(pool.left)) if pool else session
