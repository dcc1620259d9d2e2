"""Calendars: the invitation of one registrant (RFC 5546), one event's file, and the feed of all public events and moments (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from base import agenda
from base.pages import web_address
from events import links, words
from events.entries import facets_of, fits, labelled, of_moments, own_values, values_of
from events.models import Event, EventPage, page_in, pages_in
from events.wall import DEFAULT_ZONE
from events.zones import Zones
from mail.message import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from base.agenda import Moment
    from events.models import MeetingPage, Registration
    from themes.models import Theme

IN_FEED_AFTER_END = timedelta(days=365)
# Octets (RFC 5545, 3.1).
SHORT_LINE = 75


def invitation(registration: Registration, *, method: str, sequence: int) -> bytes:
    """REQUEST or CANCEL for one person. No personal link inside: calendars are shared. An answer comes back to ORGANIZER (`events.itip`)."""
    event, person, zones = registration.event, registration.person, Zones()
    with translation.override(registration.language):
        page = page_in(registration.language, event)
        uid, where = links.uid_of(registration), words.where_of(registration, page)
        entry = _entry(event, page, zones, uid=uid, where=where, sequence=sequence, is_cancelled=method == "CANCEL")
        _describe(entry, page, words.link_of(registration) if method == "REQUEST" else "")
    entry.add("organizer", _address(settings.INVITATION_ADDRESS or settings.DEFAULT_FROM_EMAIL, registration.event.theme.name_fi))
    attendee = _address(person.email, f"{person.first_name} {person.last_name}")
    attendee.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "TRUE"}
    entry.add("attendee", attendee)
    return calendar_of(method, [entry], zones)


def own_entry(registration: Registration, page: EventPage, zones: Zones) -> icalendar.Event:
    """What a person has a seat at, for their own calendar (`events.own_calendar`)."""
    event = registration.event
    where = words.where_of(registration, page)
    entry = _entry(event, page, zones, uid=str(event.uid), where=where, sequence=event.sequence, is_cancelled=event.is_cancelled)
    _describe(entry, page, words.link_of(registration))
    return entry


def meeting_entry(page: MeetingPage, zones: Zones) -> icalendar.Event:
    """For the own calendar of somebody who takes part. Who keeps a calendar takes the newer of two: its number rises with each publication."""
    changed = page.last_published_at or page.starts_at
    entry = icalendar.Event()
    entry.add("uid", f"{page.translation_key}@{domain_of(settings.DEFAULT_FROM_EMAIL)}")
    entry.add("dtstamp", changed)
    zones.add(entry, "dtstart", page.starts_at, page.time_zone)
    zones.add(entry, "dtend", page.ends_at, page.time_zone)
    entry.add("sequence", int(changed.timestamp()) // 60)
    entry.add("summary", page.title)
    if page.place:
        entry.add("location", page.place)
    if page.online_link:
        entry.add("description", _("Join here: %(link)s") % {"link": page.online_link})
    entry.add("status", "CONFIRMED")
    entry.add("url", page.full_url)
    return entry


def _describe(entry: icalendar.Event, page: EventPage, link: str) -> None:
    join = _("Join here: %(link)s") % {"link": link} if link else ""
    if text := "\n\n".join(filter(None, [page.lead, join])):
        entry.add("description", text)


def file_of(event: Event, page: EventPage) -> bytes:
    """One event for anybody's calendar."""
    zones = Zones()
    return calendar_of("PUBLISH", [_published(event, page, zones)], zones)


def file_of_moments(page: Any) -> bytes | None:
    """Of a page that the agenda has moments of, such as when a call opens and closes. None for one that has none, or none within the last year."""
    language, zones = page.locale.language_code, Zones()
    with translation.override(language):
        moments = agenda.moments(page.theme_id, language, timezone.now() - IN_FEED_AFTER_END)
        entries = [_at_a_moment(moment, zones) for moment in moments if moment.page.pk == page.pk]
        return calendar_of("PUBLISH", entries, zones, name=page.title) if entries else None


def url_of_moments(page: Any) -> str:
    return reverse("events:moments", args=[page.pk])


def feed(language: str, theme: Theme, chosen: Mapping[str, str] | None = None) -> bytes:
    """The public events of the theme and the moments of its agenda, those that fit what is chosen by the facets of the calendar's page.

    The bytes are the same while nothing changed: their hash is a strong ETag.
    """
    since, chosen = timezone.now() - IN_FEED_AFTER_END, chosen or {}
    events = list(Event.objects.public().filter(theme=theme, ends_at__gte=since).select_related("region").order_by("starts_at", "pk"))
    pages = pages_in(language, events)
    with translation.override(language):
        fitting = fitting_events(events, pages, chosen)
        zones = Zones()
        entries = [_published(event, pages[event.item_key], zones) for event in fitting]
        moments = of_moments(agenda.moments(theme.pk, language, since), theme.pk)
        entries += [_at_a_moment(entry.moment, zones) for entry in moments if entry.moment and entry.fits(chosen)]
        return calendar_of("PUBLISH", entries, zones, name=title_of_feed(theme, chosen))


def fitting_events(events: Iterable[Event], pages: Mapping[UUID, EventPage], chosen: Mapping[str, str]) -> list[Event]:
    """Of those that have a page."""
    held = values_of((page.pk, key, page.languages) for key, page in pages.items()) if chosen else {}
    readable = [event for event in events if event.item_key in pages]
    return [event for event in readable if not chosen or fits(held[event.item_key] | _own(event), chosen)]


def _own(event: Event) -> dict[str, frozenset[str]]:
    return own_values(event.mode, event.region.code if event.region else None)


def title_of_feed(theme: Theme, chosen: Mapping[str, str]) -> str:
    """In the active language, with the words of what it is narrowed to."""
    narrowed = [label for _name, _title, label in labelled(facets_of(theme.pk), chosen)] if chosen else []
    return ", ".join((_("Events"), theme.name, *narrowed))


def _published(event: Event, page: EventPage, zones: Zones) -> icalendar.Event:
    where = words.where_text(event, page)
    entry = _entry(event, page, zones, uid=str(event.uid), where=where, sequence=event.sequence, is_cancelled=event.is_cancelled)
    entry["description"] = icalendar.vText(page.lead)
    return entry


def _at_a_moment(moment: Moment, zones: Zones) -> icalendar.Event:
    """It takes no time, and nobody is busy then. Who keeps a calendar takes the newer of two: its number rises with each publication."""
    entry = icalendar.Event()
    entry.add("uid", f"{moment.uid}@{domain_of(settings.DEFAULT_FROM_EMAIL)}")
    entry.add("dtstamp", moment.changed)
    zones.add(entry, "dtstart", moment.at, DEFAULT_ZONE)
    entry.add("sequence", int(moment.changed.timestamp()) // 60)
    entry.add("summary", f"{moment.what}: {moment.page.title}")
    entry.add("description", moment.page.lead)
    entry.add("status", "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry.add("url", web_address(moment.page))
    return entry


def _entry(event: Event, page: EventPage, zones: Zones, *, uid: str, where: str, sequence: int, is_cancelled: bool) -> icalendar.Event:
    # As `add` would put them, which looks for the type of each value: that took half of the time of a feed of 500.
    entry = icalendar.Event(
        {
            "uid": icalendar.vText(f"{uid}@{domain_of(settings.DEFAULT_FROM_EMAIL)}"),
            "dtstamp": icalendar.vDatetime(event.updated_at.astimezone(UTC)),
            "dtstart": zones.clock(event.starts_at, event.time_zone),
            "dtend": zones.clock(event.ends_at, event.time_zone),
            "sequence": icalendar.vInt(sequence),
            "summary": icalendar.vText(page.title),
            "location": icalendar.vText(where),
            "status": icalendar.vText("CANCELLED" if is_cancelled else "CONFIRMED"),
        }
    )
    if page.live:
        entry["url"] = icalendar.vUri(page.full_url)
    return entry


def calendar_of(method: str, entries: Iterable[icalendar.Event], zones: Zones, *, name: str = "") -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Kantama//Events//FI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for zone in zones.components():
        calendar.add_component(zone)
    for entry in entries:
        calendar.add_component(entry)
    return b"\r\n".join(map(_folded, filter(None, calendar.content_lines()))) + b"\r\n"


def _folded(line: icalendar.parser.Contentline) -> bytes:
    """Most lines are short: icalendar looks at each of their letters."""
    whole = line.encode()
    folded: bytes = whole if len(whole) < SHORT_LINE else line.to_ical()  # type: ignore[no-untyped-call]
    return folded


def _address(address: str, name: str) -> icalendar.vCalAddress:
    bare = icalendar.vCalAddress(f"mailto:{parseaddr(address)[1]}")
    # A parameter's value may hold neither quotes nor control characters (RFC 5545, 3.1).
    if clean := " ".join("".join(sign for sign in name if sign.isprintable() and sign != '"').split()):
        bare.params["CN"] = clean
    return bare
