"""Seats in the room and online, and groups that take several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contacts.models import Person
from contacts.people import erase_person, export_person, merge_people
from events import actions, refusals, seats, words
from events.models import Event, Guest, Pool, Registration
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from events.models import EventPage, EventsPage
    from themes.models import Goal

NO_LIST = {"has_waiting_list": False}
GUESTS = [{"first_name": "Vieno", "last_name": "Vieras", "email": "vieno@example.org", "needs": "vegaani"}, {"first_name": "Veikko"}]


@pytest.fixture
def hybrid(calendar_page: EventsPage, goal: Goal) -> EventPage:
    return factories.make_event_page(
        calendar_page, goals=[goal], mode="hybrid", capacity=1, online_capacity=3, largest_group=5, has_waiting_list=False
    )


def in_use(event: Event | None) -> dict[str, str]:
    assert event
    return {pool.key: f"{pool.taken}/{pool.capacity}" for pool in Pool.objects.filter(event=event)}


def asker(event: Event | None) -> Callable[..., Registration]:
    assert event
    given = {"first_name": "Aino", "last_name": "Esimerkki", "language": "fi"}
    return lambda email, **details: actions.ask_registration(event=event, email=email, **(given | details))


def test_a_hybrid_event_has_seats_in_the_room_and_online(hybrid: EventPage) -> None:
    ask = asker(hybrid.event)
    ask("a@example.org")
    with pytest.raises(refusals.EventFull):
        ask("b@example.org", mode="in_person")
    ask("b@example.org", mode="online")
    assert in_use(hybrid.event) == {"in_person": "1/1", "online": "1/3"}
    assert words.seats_text(hybrid.event) == "Paikan päällä: ei vapaita paikkoja, Verkossa: 2 paikkaa vapaana"


def test_the_form_asks_for_the_way_only_where_there_are_two(client: Client, hybrid: EventPage, page: EventPage) -> None:
    assert 'name="mode"' not in client.get(page.url).content.decode()
    content = client.get(hybrid.url).content.decode()
    assert content.count('name="mode"') == 2
    assert "Miten osallistut?" in content


def test_a_group_takes_all_its_seats_or_none(page: EventPage) -> None:
    Pool.objects.update(capacity=3)
    ask = asker(page.event)
    with pytest.raises(refusals.EventFull):
        ask("big@example.org", guests=GUESTS * 2)
    assert in_use(page.event) == {"in_person": "0/3"}
    group = ask("small@example.org", guests=GUESTS)
    assert (group.size, list(group.guests.values_list("first_name", flat=True))) == (3, ["Vieno", "Veikko"])
    assert in_use(page.event) == {"in_person": "3/3"}
    actions.cancel_registration(actions.confirm_registration(group))
    assert in_use(page.event) == {"in_person": "0/3"}


def test_who_asks_again_while_holding_moves_all_or_nothing(hybrid: EventPage) -> None:
    ask = asker(hybrid.event)
    ask("a@example.org")
    moved = ask("a@example.org", mode="online", guests=GUESTS)
    assert (moved.mode, moved.size, in_use(hybrid.event)) == ("online", 3, {"in_person": "0/1", "online": "3/3"})
    with pytest.raises(refusals.EventFull):
        ask("a@example.org", mode="in_person", guests=GUESTS[:1])
    moved.refresh_from_db()
    assert (moved.mode, moved.guests.count(), in_use(hybrid.event)) == ("online", 2, {"in_person": "0/1", "online": "3/3"})


def test_places_in_several_pools_are_taken_together(page: EventPage) -> None:
    event = page.event
    seats.set_capacity(event, "session:a", 1)
    ask = asker(event)
    ask("a@example.org", further_pools=["session:a"])
    with pytest.raises(refusals.EventFull):
        ask("b@example.org", further_pools=["session:a"])
    assert in_use(event) == {"in_person": "1/2", "session:a": "1/1"}


def test_a_capacity_never_goes_below_what_is_taken(page: EventPage) -> None:
    seats.take(page.event, {"in_person": 2})
    seats.set_capacity(page.event, "in_person", 1)
    assert in_use(page.event) == {"in_person": "2/2"}


def publish_again(page: EventPage, **values: object) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_who_was_in_the_room_moves_online_with_the_event(hybrid: EventPage) -> None:
    ask = asker(hybrid.event)
    ask("a@example.org"), ask("b@example.org", mode="online", guests=GUESTS[:1])
    publish_again(hybrid, mode="online", capacity=2)
    assert in_use(hybrid.event) == {"online": "3/3"}
    assert set(Registration.objects.values_list("mode", flat=True)) == {"online"}
    publish_again(hybrid, mode="hybrid", capacity=5, online_capacity=4)
    assert in_use(hybrid.event) == {"in_person": "0/5", "online": "3/4"}


def test_a_guest_is_found_by_the_address_and_erased_without_losing_the_seat(page: EventPage) -> None:
    Pool.objects.update(capacity=10)
    ask = asker(page.event)
    group = ask("aino@example.org", guests=GUESTS)
    vieno = factories.make_person(page.theme, email="VIENO@example.org")
    assert [row["needs"] for row in export_person(vieno)["events.Guest"]] == ["vegaani"]
    assert len(export_person(group.person)["events.Guest"]) == 2
    erase_person(vieno)
    assert list(group.guests.values_list("first_name", "email", "needs")) == [("", "", ""), ("Veikko", "", "")]
    assert in_use(page.event) == {"in_person": "3/10"}
    erase_person(group.person)
    assert (Guest.objects.count(), in_use(page.event)) == (0, {"in_person": "0/10"})


def test_merging_keeps_the_larger_of_two_groups(page: EventPage) -> None:
    Pool.objects.update(capacity=10)
    ask = asker(page.event)
    alone, group = ask("a@example.org"), ask("b@example.org", guests=GUESTS)
    merge_people(winner=alone.person, loser=group.person)
    kept = Registration.objects.get()
    assert (kept.pk, kept.person.email, kept.guests.count(), in_use(page.event)) == (group.pk, "a@example.org", 2, {"in_person": "3/10"})
    assert Person.objects.filter(email="b@example.org").count() == 0
