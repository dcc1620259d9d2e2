"""A registrant's own calendar: made by the link of a mail, followed by a program, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import icalendar
import pytest
from django.utils import timezone
from django.utils.text import slugify

from contacts.people import erase_person, export_person, merge_people
from events import actions, own_calendar
from events.models import EventPage, MeetingPage, OwnCalendar, Registration
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from events.models import EventsPage


@pytest.fixture
def confirmed(ask: Callable[..., Registration]) -> Registration:
    return actions.confirm_registration(ask())


def path(address: str) -> str:
    return address.removeprefix("http://localhost")


def made(client: Client, registration: Registration) -> str:
    """Where the calendar is, after its owner has made it."""
    settings = path(own_calendar.settings_url(registration))
    assert client.get(settings).status_code == 200
    assert not OwnCalendar.objects.exists()
    content = client.post(settings, {"do": "make"}).content.decode()
    address = own_calendar.address(OwnCalendar.objects.get())
    assert address in content
    assert f"webcal://{address.partition('://')[2]}" in content
    return path(address)


def entries(client: Client, address: str) -> list[icalendar.Event]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
    found: list[icalendar.Event] = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return found


def test_it_holds_what_one_has_a_seat_at_with_the_link(client: Client, confirmed: Registration, calendar_page: EventsPage, page: EventPage) -> None:
    address = made(client, confirmed)
    other = factories.make_event_page(calendar_page, title="Toinen", scope="internal")
    theirs = {"email": "aino@example.org", "first_name": "Aino", "last_name": "Esimerkki", "language": "fi"}
    actions.ask_registration(event=other.event, **theirs)
    [entry] = entries(client, address)
    assert entry["SUMMARY"] == page.title
    assert "https://meet.example.org/abc" in entry["DESCRIPTION"]
    assert "ATTENDEE" not in entry
    assert b"/registration/" not in client.get(address).content.replace(b"\r\n ", b"")
    actions.confirm_registration(Registration.objects.get(event=other.event))
    assert len(entries(client, address)) == 2
    actions.cancel_registration(confirmed)
    assert [str(entry["SUMMARY"]) for entry in entries(client, address)] == ["Toinen"]


def test_it_holds_the_meetings_that_one_takes_part_in_and_no_others(client: Client, confirmed: Registration, calendar_page: EventsPage) -> None:
    address, starts = made(client, confirmed), timezone.now().replace(microsecond=0) + timedelta(days=3)
    times = {"starts_at": starts, "ends_at": starts + timedelta(hours=2), "online_link": "https://meet.example.org/board"}
    mine = [("person", {"person": confirmed.person, "part": "member", "state": "invited"})]
    stranger = [("person", {"person": factories.make_person(confirmed.person.theme), "part": "member", "state": "invited"})]
    for title, people in (("Ohjausryhmä", mine), ("Toinen ryhmä", stranger)):
        factories.publish(MeetingPage(title=title, slug=slugify(title), place="Tampere", attendance=people, **times), calendar_page)
    found = {str(entry["SUMMARY"]): entry for entry in entries(client, address)}
    assert "Toinen ryhmä" not in found
    assert found["Ohjausryhmä"].decoded("DTSTART") == starts
    assert "https://meet.example.org/board" in found["Ohjausryhmä"]["DESCRIPTION"]


def test_an_unchanged_one_is_not_sent_again(client: Client, confirmed: Registration) -> None:
    address = made(client, confirmed)
    assert client.get(address, headers={"If-None-Match": client.get(address)["ETag"]}).status_code == 304


def test_renewed_and_taken_back_addresses_lead_nowhere(client: Client, confirmed: Registration) -> None:
    first, settings = made(client, confirmed), path(own_calendar.settings_url(confirmed))
    client.post(settings, {"do": "make"})
    second = path(own_calendar.address(OwnCalendar.objects.get()))
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)
    client.post(settings, {"do": "end"})
    assert client.get(second).status_code == 410
    assert not OwnCalendar.objects.exists()


def test_a_forged_address_and_a_form_of_another_site_are_refused(client: Client, confirmed: Registration) -> None:
    assert client.get("/fi/events/own/forged.token/calendar.ics").status_code == 410
    assert client.get("/fi/events/registration/forged.token/calendar/").status_code == 404
    settings = path(own_calendar.settings_url(confirmed))
    assert client.post(settings, {"do": "make"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not OwnCalendar.objects.exists()


def test_it_is_exported_merged_and_erased_with_its_owner(client: Client, confirmed: Registration, ask: Callable[..., Registration]) -> None:
    address = made(client, confirmed)
    assert "secret" not in str(export_person(confirmed.person)["events.OwnCalendar"])
    loser = actions.confirm_registration(ask("b@example.org")).person
    own_calendar.make(person=loser, language="fi")
    merge_people(winner=confirmed.person, loser=loser)
    assert OwnCalendar.objects.get().person_id == confirmed.person_id
    assert client.get(address).status_code == 200
    erase_person(confirmed.person)
    assert not OwnCalendar.objects.exists()
    assert client.get(address).status_code == 410
