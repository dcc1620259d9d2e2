from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contacts.models import Person
from events import actions
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.models import Event, EventPage, EventsPage, Registration
    from themes.models import Goal


@pytest.fixture
def goal(db: None) -> Goal:
    factories.make_root()
    return factories.make_goal(factories.make_theme(), measure="registrations")


@pytest.fixture
def calendar_page(goal: Goal) -> EventsPage:
    return factories.make_events_page(factories.make_home(goal.theme))


@pytest.fixture
def page(calendar_page: EventsPage, goal: Goal) -> EventPage:
    return factories.make_event_page(calendar_page, goals=[goal], capacity=2, online_link="https://meet.example.org/abc")


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
