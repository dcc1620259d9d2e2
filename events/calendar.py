"""Calendars: the invitation of one registrant (RFC 5546), one event's file, and the feed of all public events and moments (RFC 5545)."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from base import agenda
from base.pages import web_address
from events import words
from events.models import Event, EventPage, page_in, pages_in
from mail.message import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.agenda import Moment
    from events.models import Registration
    from themes.models import Theme

ZONE = "Europe/Helsinki"
IN_FEED_AFTER_END = timedelta(days=365)


def invitation(registration: Registration, *, method: str, sequence: int) -> bytes:
    """REQUEST or CANCEL for one person. No personal link inside: calendars are shared."""
    event, person = registration.event, registration.person
    with translation.override(registration.language):
        page = page_in(registration.language, event)
        entry = _entry(event, page, sequence=sequence, is_cancelled=method == "CANCEL")
        if event.online_link and method == "REQUEST":
            join = _("Join here: %(link)s") % {"link": event.online_link}
            entry.add("description", f"{page.lead}\n\n{join}")
        elif page.lead:
            entry.add("description", page.lead)
    entry.add("organizer", _address(settings.DEFAULT_FROM_EMAIL, registration.event.theme.name_fi))
    attendee = _address(person.email, f"{person.first_name} {person.last_name}")
    attendee.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    entry.add("attendee", attendee)
    return _calendar(method, [entry])


def file_of(event: Event, page: EventPage) -> bytes:
    """One event for anybody's calendar."""
    return _calendar("PUBLISH", [_published(event, page)])


def feed(language: str, theme: Theme) -> bytes:
    """All public events of the theme, and the moments of its agenda. The bytes are the same while nothing changed: their hash is a strong ETag."""
    since = timezone.now() - IN_FEED_AFTER_END
    events = list(Event.objects.public().filter(theme=theme, ends_at__gte=since).order_by("starts_at", "pk"))
    pages = pages_in(language, events)
    with translation.override(language):
        entries = [_published(event, pages[event.item_key]) for event in events if event.item_key in pages]
        entries += [_at_a_moment(moment) for moment in agenda.moments(theme.pk, language, since)]
        return _calendar("PUBLISH", entries, name=", ".join((_("Events"), theme.name)))


def _published(event: Event, page: EventPage) -> icalendar.Event:
    entry = _entry(event, page, sequence=event.sequence, is_cancelled=event.is_cancelled)
    entry.add("description", page.lead)
    return entry


def _at_a_moment(moment: Moment) -> icalendar.Event:
    """It takes no time, and nobody is busy then. Who keeps a calendar takes the newer of two: its number rises with each publication."""
    entry = icalendar.Event()
    entry.add("uid", f"{moment.uid}@{domain_of(settings.DEFAULT_FROM_EMAIL)}")
    entry.add("dtstamp", moment.changed)
    entry.add("dtstart", moment.at.astimezone(ZoneInfo(ZONE)))
    entry.add("sequence", int(moment.changed.timestamp()) // 60)
    entry.add("summary", f"{moment.what}: {moment.page.title}")
    entry.add("description", moment.page.lead)
    entry.add("status", "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry.add("url", web_address(moment.page))
    return entry


def _entry(event: Event, page: EventPage, *, sequence: int, is_cancelled: bool) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", f"{event.uid}@{domain_of(settings.DEFAULT_FROM_EMAIL)}")
    entry.add("dtstamp", event.updated_at)
    # One zone for all: the instant is the same, and each zone would need its own rule below.
    entry.add("dtstart", event.starts_at.astimezone(ZoneInfo(ZONE)))
    entry.add("dtend", event.ends_at.astimezone(ZoneInfo(ZONE)))
    entry.add("sequence", sequence)
    entry.add("summary", page.title)
    entry.add("location", words.where_text(event, page))
    entry.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if page.live:
        entry.add("url", page.full_url)
    return entry


def _calendar(method: str, entries: Iterable[icalendar.Event], *, name: str = "") -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Kantama//Events//FI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    calendar.add_component(_zone())
    for entry in entries:
        calendar.add_component(entry)
    ics: bytes = calendar.to_ical()
    return ics


def _zone() -> icalendar.Timezone:
    """Helsinki by the European rule. `add_missing_timezones` writes RDATEs, by which Outlook shifts events."""
    zone = icalendar.Timezone()
    zone.add("tzid", ZONE)
    standard, summer = timedelta(hours=2), timedelta(hours=3)
    zone.add_component(_rule(icalendar.TimezoneStandard(), "EET", datetime(1970, 10, 25, 4), summer, standard))
    zone.add_component(_rule(icalendar.TimezoneDaylight(), "EEST", datetime(1970, 3, 29, 3), standard, summer))
    return zone


def _rule(part: icalendar.Component, name: str, first: datetime, before: timedelta, after: timedelta) -> icalendar.Component:
    part.add("dtstart", first)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("tzname", name)
    part.add("rrule", {"freq": "yearly", "bymonth": first.month, "byday": "-1su"})
    return part


def _address(address: str, name: str) -> icalendar.vCalAddress:
    bare = icalendar.vCalAddress(f"mailto:{parseaddr(address)[1]}")
    # A parameter's value may hold neither quotes nor control characters (RFC 5545, 3.1).
    if clean := " ".join("".join(sign for sign in name if sign.isprintable() and sign != '"').split()):
        bare.params["CN"] = clean
    return bare
