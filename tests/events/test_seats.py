"""Many at once, on real connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from events import actions, refusals, seats
from events.models import Event, Registration
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

THREADS, CAPACITY = 8, 3


@pytest.fixture
def small_event(transactional_db: None) -> Event:
    factories.make_root()
    theme = factories.make_theme()
    section = factories.make_events_page(factories.make_home(theme))
    event = factories.make_event_page(section, goals=[factories.make_goal(theme)], capacity=CAPACITY, has_waiting_list=False).event
    assert event
    return event


def at_once(work: Callable[[int], bool]) -> int:
    """How many of the threads got what they wanted."""

    def run(number: int) -> bool:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(run, range(THREADS * 2)))


def test_seats_are_never_overbooked(small_event: Event) -> None:
    assert at_once(lambda _number: seats.take(small_event, {"in_person": 1})) == CAPACITY
    small_event.refresh_from_db()
    assert small_event.taken == CAPACITY


def test_registrations_are_never_overbooked(small_event: Event) -> None:
    def ask(number: int) -> bool:
        event = Event.objects.get(pk=small_event.pk)
        try:
            actions.ask_registration(event=event, email=f"p{number}@example.org", first_name="A", last_name="B", language="fi")
        except refusals.EventFull:
            return False
        return True

    assert at_once(ask) == CAPACITY
    small_event.refresh_from_db()
    assert small_event.taken == CAPACITY == Registration.objects.taking_a_seat().count()


def test_one_person_at_many_doors_takes_one_seat(small_event: Event) -> None:
    def ask(_number: int) -> bool:
        event = Event.objects.get(pk=small_event.pk)
        return bool(actions.ask_registration(event=event, email="aino@example.org", first_name="A", last_name="B", language="fi"))

    assert at_once(ask) == THREADS * 2
    small_event.refresh_from_db()
    assert small_event.taken == 1
