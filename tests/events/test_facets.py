"""What the calendar is narrowed to, in each of its views."""

from __future__ import annotations

import re
from copy import deepcopy
from html import unescape
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests import factories
from tests.events.test_browsing import NOW, make_calendar, make_in, seen
from themes.models import Region

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from events.models import EventsPage


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def made(shared_db: None) -> tuple[EventsPage, dict[str, str]]:
    with time_machine.travel(NOW, tick=False):
        calendar = make_calendar()
        return calendar, sort_two_into(calendar)


@pytest.fixture
def calendar(db: None, made: tuple[EventsPage, dict[str, str]]) -> EventsPage:
    return deepcopy(made[0])


@pytest.fixture
def sorted_events(made: tuple[EventsPage, dict[str, str]]) -> dict[str, str]:
    return made[1]


def sort_two_into(calendar: EventsPage) -> dict[str, str]:
    """Two events, and for each facet the choice that the first of them fits alone."""
    theme = calendar.theme
    sub_theme, group = factories.make_sub_theme(theme), factories.make_target_group(theme)
    uusimaa, savo = Region.objects.get(code="01"), Region.objects.get(code="11")
    first = {"sub_themes": [sub_theme], "audiences": [group], "regions": [uusimaa], "languages": ["sv"], "mode": "online"}
    make_in(calendar, "Sopiva", 1, **first)
    make_in(calendar, "Toinen", 2, audiences=[factories.make_target_group(theme)], regions=[savo], languages=["fi"])
    return {"sub_theme": sub_theme.key, "target_group": group.key, "region": "01", "language": "sv", "mode": "online"}


@pytest.mark.parametrize("facet", ["sub_theme", "target_group", "region", "language", "mode"])
@pytest.mark.parametrize("view", ["", "&view=week", "&view=month"])
def test_each_facet_narrows_each_view_and_one_click_takes_it_away(
    client: Client, calendar: EventsPage, sorted_events: dict[str, str], facet: str, view: str
) -> None:
    query = f"?{facet}={sorted_events[facet]}{view}"
    text = seen(client, calendar, query)
    assert "Sopiva<" in text
    assert "Toinen<" not in text
    away = re.findall(r'<a class="chosen" href="([^"]*)"', text)
    assert len(away) == 1
    assert all(title in seen(client, calendar, unescape(away[0]).replace(".", "", 1)) for title in ("Sopiva<", "Toinen<"))


def test_choices_say_how_many_they_leave_and_keep_the_others(client: Client, calendar: EventsPage, sorted_events: dict[str, str]) -> None:
    text = seen(client, calendar, "?region=01")
    assert re.search(r'href="\?region=01&amp;mode=online">Verkossa <span class="meta">\(1\)', text)
    # The other's way of taking part fits nothing beside this region.
    assert "Paikan päällä <" not in text
