"""Programmes with sessions of their own seats, speakers, venues and materials."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.utils import timezone

from base.gate import findings
from base.models import SiteDocument
from base.public_forms import new_token
from contacts.people import erase_person
from contacts.showing import allow_showing
from events import actions
from events.material_blocks import shown_from
from events.models import Event, EventPage, Pool, Registration
from events.timetable import timetable_of
from tests import factories
from tests.translations.making import translated

if TYPE_CHECKING:
    from django.test import Client

    from contacts.models import Person
    from themes.models import Goal

OPEN: dict[str, Any] = {"day": None, "text": "", "room": "", "track": "", "speakers": [], "capacity": None}


def session(title: str, starts: int, ends: int, **values: Any) -> tuple[str, dict[str, Any]]:
    return "session", OPEN | {"title": title, "starts": time(starts), "ends": time(ends)} | values


def publish(page: EventPage, **values: Any) -> EventPage:
    page = EventPage.objects.get(pk=page.pk)
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return EventPage.objects.get(pk=page.pk)


@pytest.fixture
def speaker(goal: Goal) -> Person:
    person = factories.make_person(goal.theme, first_name="Puhuja", last_name="Pelkkäesimerkki")
    allow_showing(person, how="test")
    return person


@pytest.fixture
def day(page: EventPage, speaker: Person) -> EventPage:
    """Two tracks at ten, one of their sessions with a single seat; a break between what is for everybody."""
    programme = [
        session("Lopuksi", 15, 16),
        session("Paja", 10, 11, track="Työpajat", capacity=1, room="Sali 2"),
        session("Luento", 10, 12, track="Luennot", speakers=[str(speaker.key)]),
        session("Toinen paja", 11, 12, track="Työpajat", capacity=4),
        ("pause", {"day": None, "starts": time(12), "ends": time(13), "title": "Lounas"}),
    ]
    return publish(page, programme=programme)


def test_the_timetable_is_in_order_of_time_with_tracks_beside_each_other(day: EventPage) -> None:
    (only,) = timetable_of(day)
    assert only.tracks == ["Työpajat", "Luennot"]
    slots = [(slot.starts.hour, [(one.title, one.column) for one in slot.sessions]) for slot in only.slots]
    assert slots == [(10, [("Paja", 1), ("Luento", 2)]), (11, [("Toinen paja", 1)]), (12, [("Lounas", 0)]), (15, [("Lopuksi", 0)])]


def test_what_is_heard_has_the_order_of_what_is_seen(client: Client, day: EventPage) -> None:
    programme = BeautifulSoup(client.get(day.url).content, "html.parser").find(id="programme")
    assert programme is not None
    assert programme.find("table") is None
    titles = [title.get_text() for title in programme.find_all(class_="session__title")]
    assert titles == ["Paja", "Luento", "Toinen paja", "Lounas", "Lopuksi"]
    first = programme.find("li", class_="session")
    assert [part.get_text() for part in first.find_all("span")] == ["10.00–11.00", "Sali 2", "1 paikka vapaana"]
    assert first.find(class_="session__track").get_text() == "Työpajat"


def test_a_speaker_is_shown_with_consent_and_gone_when_erased(client: Client, day: EventPage, speaker: Person) -> None:
    assert "Pelkkäesimerkki" in client.get(day.url).content.decode()
    erase_person(speaker)
    content = client.get(day.url).content.decode()
    assert "Pelkkäesimerkki" not in content
    assert "Luento" in content


def form_of(**values: Any) -> dict[str, Any]:
    return {"first_name": "Aino", "last_name": "Esimerkki", "email": "aino@example.org", "language": "fi", "token": new_token()} | values


def keys_of(page: EventPage) -> dict[str, str]:
    return {child.value["title"]: str(child.id) for child in page.programme}


def pools_of(event: Event) -> dict[str, tuple[int, int]]:
    return {pool.key: (pool.taken, pool.capacity) for pool in Pool.objects.filter(event=event)}


def test_a_session_with_seats_of_its_own_is_chosen_at_registration(client: Client, day: EventPage) -> None:
    keys, address = keys_of(day), f"/fi/events/{day.pk}/register/"
    assert client.post(address, form_of(sessions=[keys["Paja"], keys["Toinen paja"]])).status_code == 200
    event = day.event
    assert event is not None
    assert pools_of(event) == {"in_person": (1, 2), f"session:{keys['Paja']}": (1, 1), f"session:{keys['Toinen paja']}": (1, 4)}
    full = client.post(address, form_of(email="b@example.org", sessions=[keys["Paja"]]))
    assert full.status_code == 422
    # All or nothing: no seat at the event either.
    assert pools_of(event)["in_person"] == (1, 2)
    assert client.post(address, form_of(email="b@example.org")).status_code == 200
    actions.cancel_registration(Registration.objects.get(person__email="aino@example.org"))
    assert pools_of(event)[f"session:{keys['Paja']}"] == (0, 1)


def test_two_sessions_at_the_same_time_are_refused(client: Client, day: EventPage) -> None:
    day.programme[2].value["capacity"] = 9
    day = publish(day, programme=day.programme)
    keys = keys_of(day)
    answer = client.post(f"/fi/events/{day.pk}/register/", form_of(sessions=[keys["Paja"], keys["Luento"]]))
    assert answer.status_code == 422
    assert "samaan aikaan" in answer.content.decode()
    assert not Registration.objects.exists()


def test_a_session_that_is_not_offered_is_refused(client: Client, day: EventPage) -> None:
    assert client.post(f"/fi/events/{day.pk}/register/", form_of(sessions=[keys_of(day)["Lopuksi"]])).status_code == 422


def test_each_date_has_its_own_seats_in_a_session(day: EventPage) -> None:
    values = {"starts": None, "ends": None, "place": "Oulu", "region": "", "mode": "", "capacity": None, "online_capacity": None, "online_link": ""}
    day = publish(day, dates=[("date", {"day": day.starts_at.date() + timedelta(days=7), "last_day": None} | values)])
    seats = [sorted(pool.capacity for pool in event.pools.all() if pool.key.startswith("session:")) for event in day.events]
    assert seats == [[1, 4], [1, 4]]


def test_times_of_the_programme_reach_the_translation_at_once_and_words_stay(day: EventPage) -> None:
    swedish = translated(day)
    assert timetable_of(swedish)[0].slots[0].sessions[0].title.startswith("sv ")
    day.programme[1].value["starts"] = time(9)
    publish(day, programme=day.programme)
    first = timetable_of(EventPage.objects.get(pk=swedish.pk))[0].slots[0]
    assert (first.starts, first.sessions[0].title) == (time(9), "sv Paja")


def test_the_venue_says_in_words_what_was_ticked(client: Client, page: EventPage) -> None:
    publish(page, address="Esimerkkikatu 1", access=["induction_loop", "step_free"], access_note="Kysy aulasta.", remote_text="Ei verkossa.")
    venue = BeautifulSoup(client.get(page.url).content, "html.parser").find(id="venue")
    assert venue is not None
    assert [fact.get_text() for fact in venue.find_all("li")] == ["Sisään ja sisällä pääsee ilman portaita", "Induktiosilmukka"]
    assert "Kysy aulasta." in venue.get_text()
    # It is not held online.
    assert "Ei verkossa." not in venue.get_text()


def test_facts_of_the_hall_are_not_told_of_what_is_online(client: Client, page: EventPage) -> None:
    publish(page, mode="online", access=["step_free", "captions_fi"], remote_text="Tarvitset kuulokkeet.")
    venue = BeautifulSoup(client.get(page.url).content, "html.parser").find(id="venue")
    assert venue is not None
    assert [fact.get_text() for fact in venue.find_all("li")] == ["Kirjoitustulkkaus suomeksi"]
    assert "Tarvitset kuulokkeet." in venue.get_text()


@pytest.fixture
def paper(db: None) -> SiteDocument:
    document = SiteDocument(title="Esitys", file=ContentFile(b"Esitys", name="esitys.txt"), is_by_others=True)
    document._set_document_file_metadata()
    document.save()
    return document


def material(paper: SiteDocument, shown: str) -> tuple[str, dict[str, Any]]:
    return "material", {"document": paper, "title": f"Esitys {shown}", "shown": shown}


def test_materials_come_to_the_page_by_the_event(client: Client, page: EventPage, paper: SiteDocument) -> None:
    page = publish(page, materials=[material(paper, "at_once"), material(paper, "day_before"), material(paper, "day_after")])
    content = client.get(page.url).content.decode()
    assert "Esitys at_once" in content
    assert "Esitys day_before" not in content
    assert page.next_turn(timezone.now()) == page.starts_at - timedelta(days=1)
    now = timezone.now()
    Event.objects.update(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    content = client.get(page.url).content.decode()
    assert "Esitys day_before" in content
    assert "Esitys day_after" not in content


def test_a_recording_waits_for_the_end(page: EventPage) -> None:
    page.materials = [("outside_recording", {"title": "Tallenne", "url": "https://vimeo.com/123456", "has_captions": True, "transcript": ""})]
    assert shown_from(page.materials[0], page.starts_at, page.ends_at) == page.ends_at


def test_a_recording_without_captions_is_kept_back(page: EventPage) -> None:
    page.materials = [("outside_recording", {"title": "Tallenne", "url": "https://vimeo.com/123456", "has_captions": False, "transcript": ""})]
    assert "recording.captions" in {finding.code for finding in findings(page) if finding.is_error}
