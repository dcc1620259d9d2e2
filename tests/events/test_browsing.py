"""The calendar's page: a list, a week, a month, and what they are narrowed to. By addresses alone."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import datetime, timedelta
from functools import partial
from html import unescape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.asked import asked_in
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from events.models import EventPage, EventsPage

NOW = datetime(2026, 11, 26, 9, tzinfo=ZoneInfo("Europe/Helsinki"))


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def made(shared_db: None) -> EventsPage:
    return make_calendar()


@pytest.fixture
def calendar(db: None, made: EventsPage) -> EventsPage:
    return deepcopy(made)


@pytest.fixture
def make(calendar: EventsPage) -> Callable[..., EventPage]:
    return partial(make_in, calendar)


def make_calendar() -> EventsPage:
    theme = factories.make_theme()
    factories.make_goal(theme)
    return factories.make_events_page(factories.make_home(theme))


def make_in(calendar: EventsPage, title: str, days: float = 1, **values: object) -> EventPage:
    starts = NOW + timedelta(days=days)
    return factories.make_event_page(calendar, title=title, starts_at=starts, ends_at=starts + timedelta(hours=2), **values)


def seen(client: Client, calendar: EventsPage, query: str = "") -> str:
    answer = client.get(f"{calendar.url}{query}")
    assert answer.status_code == 200
    content = answer.content.decode()
    return content[content.index('<main id="main"') : content.index("</main>")]


def links(text: str, words: str) -> list[str]:
    """Where the links lead whose text holds the words."""
    return [unescape(url) for url, label in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', text, re.DOTALL) if words in label]


def test_coming_events_stand_by_month_and_past_ones_a_click_away(client: Client, calendar: EventsPage, make: Callable[..., EventPage]) -> None:
    make("Marraskuinen", 2), make("Joulukuinen", 20), make("Mennyt", -20)
    text = seen(client, calendar)
    assert text.index("Marraskuu 2026") < text.index("Marraskuinen") < text.index("Joulukuu 2026") < text.index("Joulukuinen")
    assert "Mennyt<" not in text
    [past] = links(text, "Menneet tapahtumat")
    then = seen(client, calendar, past)
    assert "Mennyt<" in then
    assert "Joulukuinen" not in then


def test_a_week_holds_its_seven_days_and_leads_on(client: Client, calendar: EventsPage, make: Callable[..., EventPage]) -> None:
    make("Perjantain", 1), make("Ensi viikon", 6)
    text = seen(client, calendar, "?view=week")
    days = re.findall(r'id="day-([\d-]+)"', text)
    assert (days[0], days[-1], len(days)) == ("2026-11-23", "2026-11-29", 7)
    assert text.index('id="day-2026-11-27"') < text.index("Perjantain<") < text.index('id="day-2026-11-28"')
    assert "Ensi viikon" not in text
    [later] = links(text, "Viikko 49")
    assert "Ensi viikon" in seen(client, calendar, later)
    assert links(text, "Viikko 47") == []


def test_a_month_is_a_table_with_the_days_that_belong_to_it(client: Client, calendar: EventsPage, make: Callable[..., EventPage]) -> None:
    make("Perjantain", 1), make("Ensi kuun", 6)
    text = seen(client, calendar, "?view=month")
    table = text[text.index("<table") : text.index("</table>")]
    assert table.count("<tr>") == 1 + 6
    assert table.count('scope="col"') == 7
    cell = next(cell for cell in table.split("<td") if "Perjantain" in cell)
    assert 'href="#day-2026-11-27"' in cell
    assert "Ensi kuun" not in text
    [later] = links(text, "Joulukuu 2026")
    assert "Ensi kuun" in seen(client, calendar, later)


def test_a_full_day_of_a_month_leads_to_its_week(client: Client, calendar: EventsPage, make: Callable[..., EventPage]) -> None:
    for number in range(7):
        make(f"Tapahtuma {number}", 1)
    text = seen(client, calendar, "?view=month")
    table = text[text.index("<table") : text.index("</table>")]
    assert table.count("Tapahtuma ") == 4
    [week] = links(table, "3 muuta")
    assert week == "?view=week&date=2026-11-27#day-2026-11-27"
    assert seen(client, calendar, week.partition("#")[0]).count(">Tapahtuma ") == 7


def test_a_long_event_stands_on_each_of_its_days(client: Client, calendar: EventsPage, make: Callable[..., EventPage]) -> None:
    page = make("Kaksipäiväinen", 0)
    page.ends_at = page.starts_at + timedelta(days=1)
    page.save_revision().publish()
    assert seen(client, calendar, "?view=week").count("Kaksipäiväinen<") == 2


def test_an_event_in_another_zone_stands_on_the_day_that_it_is_there(client: Client, calendar: EventsPage, make: Callable[..., EventPage]) -> None:
    page = make("Yöllä", 0)
    event = page.event
    assert event
    # Half past midnight in Helsinki is half past eleven the evening before in Stockholm.
    starts = datetime(2026, 11, 27, 0, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
    event.starts_at, event.ends_at, event.time_zone = starts, starts + timedelta(minutes=20), "Europe/Stockholm"
    event.save()
    text = seen(client, calendar, "?view=week")
    assert text.index('id="day-2026-11-26"') < text.index("Yöllä<") < text.index('id="day-2026-11-27"')


def test_what_names_no_region_is_for_all_of_them(client: Client, calendar: EventsPage, make: Callable[..., EventPage]) -> None:
    make("Valtakunnallinen")
    assert "Valtakunnallinen<" in seen(client, calendar, "?region=06")
    assert "Valtakunnallinen<" not in seen(client, calendar, "?mode=online")


def test_a_hybrid_event_is_open_both_ways(client: Client, calendar: EventsPage, make: Callable[..., EventPage]) -> None:
    make("Hybridi", mode="hybrid")
    assert all("Hybridi<" in seen(client, calendar, f"?mode={mode}") for mode in ("in_person", "online"))


def test_an_empty_time_offers_a_way_on(client: Client, calendar: EventsPage, make: Callable[..., EventPage]) -> None:
    make("Helmikuinen", 80)
    text = seen(client, calendar, "?view=month")
    [on] = links(text, "Seuraavaan")
    assert "Helmikuinen" in seen(client, calendar, on)
    nothing = seen(client, calendar, "?view=month&mode=online")
    assert links(nothing, "Näytä kaikki")


@pytest.mark.parametrize(
    "query",
    [
        "?view=year",
        "?view=month&date=2026-02-31",
        "?view=week&date=99999-01-01",
        "?view=month&date=0001-01-01",
        "?page=-1",
        "?mode=%00",
        "?region=' OR 1=1",
    ],
)
def test_any_address_is_answered(client: Client, calendar: EventsPage, query: str) -> None:
    assert client.get(f"{calendar.url}{query}").status_code == 200


def test_the_first_and_the_last_day_that_can_be_asked_for_are_shown(client: Client, calendar: EventsPage) -> None:
    for day in ("2000-01-01", "2099-12-31"):
        for view in ("week", "month"):
            seen(client, calendar, f"?view={view}&date={day}")


def test_an_address_is_the_shortest_that_says_it() -> None:
    assert asked_in({}).url() == "."
    assert asked_in({"view": "list", "when": "past", "mode": "online"}).url() == "?when=past&mode=online"
    assert asked_in({"view": "month", "date": "2026-11-01", "when": "past"}).url() == "?view=month&date=2026-11-01"


def test_the_number_of_queries_does_not_grow_with_events(client: Client, calendar: EventsPage, make: Callable[..., EventPage]) -> None:
    def count() -> dict[str, int]:
        found = {}
        for query in ("", "?view=month", "?view=week", "?when=past"):
            with CaptureQueriesContext(connection) as asked:
                seen(client, calendar, query)
            found[query] = len(asked)
        return found

    for number in range(2):
        make(f"Tuleva {number}", 1), make(f"Mennyt {number}", -1)
    # The first answers fill what is read once for a process.
    count()
    few = count()
    for number in range(6):
        make(f"Tuleva toinen {number}", 1.1), make(f"Mennyt toinen {number}", -1.1)
    assert count() == few
