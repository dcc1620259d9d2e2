"""What Outlook, Google and Apple ask of an invitation and of a feed. RFC 5545, 5546, 6047."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import icalendar
import pytest

from events import actions, calendar, publishing
from events.models import Event, EventPage, Registration
from mail.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


def sent(prefix: str) -> tuple[str, icalendar.Calendar]:
    """The MIME part's method, and the calendar in it."""
    row = Delivery.objects.get(key__startswith=prefix)
    mail = message_from_bytes(bytes(row.mime), policy=policy.default)
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return part.get_param("method"), icalendar.Calendar.from_ical(part.get_payload(decode=True))


@pytest.fixture
def confirmed(ask: Callable[..., Registration]) -> Registration:
    return actions.confirm_registration(ask(first_name='Aino "A"\r\n'))


def test_an_invitation_has_one_event_and_one_attendee(confirmed: Registration, event: Event) -> None:
    method, invitation = sent("events.invitation")
    (entry,) = invitation.walk("VEVENT")
    assert method == invitation["METHOD"] == "REQUEST"
    assert "X-WR-CALNAME" not in invitation
    assert entry["ATTENDEE"] == "mailto:aino@example.org"
    assert entry["ORGANIZER"] == "mailto:kantama@example.org"
    assert str(entry["UID"]).startswith(str(event.uid))
    assert (entry["SEQUENCE"], entry["STATUS"]) == (0, "CONFIRMED")
    assert entry.decoded("DTSTAMP") == event.updated_at.replace(microsecond=0)
    assert entry.decoded("DTSTART") == event.starts_at.replace(microsecond=0)


def test_a_calendar_holds_no_personal_link(confirmed: Registration) -> None:
    _method, invitation = sent("events.invitation")
    assert b"/registration/" not in invitation.to_ical().replace(b"\r\n ", b"")


def test_the_zone_has_a_rule_and_times_name_it(confirmed: Registration) -> None:
    _method, invitation = sent("events.invitation")
    (zone,) = invitation.walk("VTIMEZONE")
    (entry,) = invitation.walk("VEVENT")
    assert entry["DTSTART"].params["TZID"] == entry["DTEND"].params["TZID"] == zone["TZID"] == "Europe/Helsinki"
    assert all("RRULE" in part and "RDATE" not in part for part in zone.subcomponents)
    assert len(zone.subcomponents) == 2


def test_a_cancellation_has_the_same_uid_and_a_higher_sequence(confirmed: Registration) -> None:
    actions.cancel_registration(confirmed)
    _method, invitation = sent("events.invitation")
    method, cancellation = sent("events.cancel")
    (before,), (after,) = invitation.walk("VEVENT"), cancellation.walk("VEVENT")
    assert method == cancellation["METHOD"] == "CANCEL"
    assert (after["UID"], after["SEQUENCE"], after["STATUS"]) == (before["UID"], before["SEQUENCE"] + 1, "CANCELLED")


def test_the_feed_is_stable_and_answers_304(client: Client, event: Event) -> None:
    first, second = client.get("/fi/events/calendar.ics"), client.get("/fi/events/calendar.ics")
    assert first.content == second.content
    assert not first["ETag"].startswith("W/")
    assert client.get("/fi/events/calendar.ics", headers={"If-None-Match": first["ETag"]}).status_code == 304
    feed = icalendar.Calendar.from_ical(first.content)
    (entry,) = feed.walk("VEVENT")
    assert feed["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in entry
    assert b"meet.example.org" not in first.content


def test_a_cancelled_event_stays_in_the_feed(event: Event, page: EventPage) -> None:
    publishing.cancel_event(event=event)
    page.unpublish()
    (entry,) = icalendar.Calendar.from_ical(calendar.feed("fi", event.theme)).walk("VEVENT")
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", 1)


def test_an_internal_event_is_not_in_the_feed(event: Event) -> None:
    Event.objects.update(scope="internal")
    assert icalendar.Calendar.from_ical(calendar.feed("fi", event.theme)).walk("VEVENT") == []


def test_one_event_as_a_file(client: Client, page: EventPage) -> None:
    response = client.get(f"/fi/events/{page.pk}/event.ics")
    assert response["Content-Type"].startswith("text/calendar")
    assert len(icalendar.Calendar.from_ical(response.content).walk("VEVENT")) == 1
