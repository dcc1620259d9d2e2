from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from contacts.models import Person
from events import actions
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.models import Event, EventPage, EventsPage, Registration
    from themes.models import Goal


LINK = {"online_link": "https://meet.example.org/abc"}
Opened = tuple["Goal", "EventsPage", "EventPage"]


@pytest.fixture(scope="module")
def made(shared_db: None) -> Opened:
    factories.make_root()
    goal = factories.make_goal(factories.make_theme(), measure="registrations")
    calendar = factories.make_events_page(factories.make_home(goal.theme))
    return goal, calendar, factories.make_event_page(calendar, goals=[goal], capacity=2, largest_group=10, has_waiting_list=False, **LINK)


@pytest.fixture
def opened(db: None, made: Opened) -> Opened:
    return deepcopy(made)


@pytest.fixture
def goal(opened: Opened) -> Goal:
    return opened[0]


@pytest.fixture
def calendar_page(opened: Opened) -> EventsPage:
    return opened[1]


@pytest.fixture
def page(opened: Opened) -> EventPage:
    return opened[2]


@pytest.fixture
def event(page: EventPage) -> Event:
    assert page.event
    return page.event


@pytest.fixture
def ask(event: Event) -> Callable[..., Registration]:
    def ask(email: str = "aino@example.org", **details: str) -> Registration:
        given = {"first_name": "Aino", "last_name": "Esimerkki", "language": "fi"} | details
        return actions.ask_registration(event=event, email=email, **given)

    return ask


@pytest.fixture
def people(db: None) -> Callable[[], int]:
    return Person.objects.count
