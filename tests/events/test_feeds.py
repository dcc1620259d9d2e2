"""Feeds under any sequence of changes: no wrong 304, the same bytes while nothing changed, and calendars that ical.js reads.

In the suite a few sequences; `FEED_EXAMPLES=1000` (`make feeds`) is the whole of it. With real transactions: what is kept between changes is tried.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base import remembered
from events import atom, calendar, publishing
from events.models import Event, EventPage
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from events.models import EventsPage
    from themes.models import Theme

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(sys.executable).parent / "node"
EXAMPLES = int(os.environ.get("FEED_EXAMPLES", "10"))
START = datetime(2026, 3, 27, 9, tzinfo=ZoneInfo("Europe/Helsinki"))
ZONES = ("Europe/Helsinki", "Europe/Stockholm", "America/New_York", "Africa/Casablanca", "Asia/Tokyo")

steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(-300, 300), st.sampled_from(ZONES)),
        st.tuples(st.sampled_from(["edit", "move", "cancel", "delete", "hide", "publish", "register"]), st.integers(0, 9), st.just("")),
        st.tuples(st.just("clock"), st.integers(1, 400 * 24), st.just("")),
        st.tuples(st.just("nothing"), st.just(0), st.just("")),
    ),
    min_size=3,
    max_size=9,
)


@pytest.fixture
def section(transactional_db: None) -> EventsPage:
    factories.make_root()
    theme = factories.make_theme()
    factories.make_goal(theme)
    return factories.make_events_page(factories.make_home(theme))


class Reader:
    """A calendar program: it keeps what it has, and asks whether that is still true. Sometimes with a date that would say *yes* to anything."""

    def __init__(self, path: str, build: Callable[[str, Theme, Mapping[str, str]], bytes]) -> None:
        self.path, self.build = path, build
        self.etag, self.content = "", b""

    def poll(self, clock: datetime) -> None:
        later = (clock + timedelta(days=1)).astimezone(ZoneInfo("UTC")).strftime("%a, %d %b %Y %H:%M:%S GMT")
        answer = Client().get(self.path, headers={"If-None-Match": self.etag or '"none"', "If-Modified-Since": later})
        fresh = self.build("fi", Event.objects.first().theme, {}) if Event.objects.exists() else answer.content or self.content
        if answer.status_code == 304:
            assert self.content == fresh, "a wrong 304"
            return
        assert answer.status_code == 200
        assert answer.content == fresh
        assert answer.content != self.content, "the same bytes, and yet no 304"
        self.etag, self.content = answer["ETag"], answer.content
        assert not self.etag.startswith("W/")


def act(section: EventsPage, step: tuple[str, int, str], traveller: Any) -> None:
    kind, number, zone = step
    if kind == "clock":
        traveller.shift(timedelta(hours=number))
    elif kind == "add":
        add(section, number, zone)
    elif kind != "nothing" and (pages := list(EventPage.objects.order_by("pk"))):
        change(kind, pages[number % len(pages)])


def add(section: EventsPage, days: int, zone: str) -> None:
    starts = datetime.now(tz=ZoneInfo("UTC")).replace(microsecond=0) + timedelta(days=days)
    page = factories.make_event_page(type(section).objects.get(pk=section.pk), starts_at=starts, ends_at=starts + timedelta(hours=2))
    Event.objects.filter(item_key=page.translation_key).update(time_zone=zone)
    remembered.page_changes.forget_pages()


def change(kind: str, page: EventPage) -> None:
    event = page.event
    if kind == "delete":
        page.delete()
    elif kind == "hide":
        page.unpublish()
    elif kind == "cancel" and event:
        publishing.cancel_event(event=event)
    elif kind in {"edit", "move", "publish"}:
        if kind == "edit":
            page.title = f"{page.title[:40]}!"
        if kind == "move":
            page.starts_at, page.ends_at = page.starts_at + timedelta(days=1), page.ends_at + timedelta(days=1)
        page.save_revision().publish()


def check(content: bytes) -> None:
    """By Python's icalendar and by ical.js."""
    found = icalendar.Calendar.from_ical(content)
    for zone in found.walk("VTIMEZONE"):
        assert not any("RDATE" in part for part in zone.subcomponents)
        assert len(zone.subcomponents) == 1 or all("RRULE" in part for part in zone.subcomponents)
    read = subprocess.run([NODE, ROOT / "tests/e2e/calendar.mjs"], input=content, capture_output=True, check=False)
    assert read.returncode == 0, read.stderr.decode()
    assert read.stdout.count(b'"uid"') == len(found.walk("VEVENT"))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_no_sequence_of_changes_makes_a_wrong_304(section: EventsPage, sequence: list[tuple[str, int, str]]) -> None:
    EventPage.objects.all().delete()
    remembered.forget()
    reader, of_entries = Reader("/fi/events/calendar.ics", calendar.feed), Reader("/fi/events/events.atom", atom.feed)
    with time_machine.travel(START, tick=False) as traveller:
        add(section, 5, "Europe/Helsinki")
        for step in sequence:
            act(section, step, traveller)
            for _time in range(2):
                reader.poll(datetime.now(tz=ZoneInfo("UTC")))
                of_entries.poll(datetime.now(tz=ZoneInfo("UTC")))
        check(reader.content)


def test_if_none_match_outranks_if_modified_since(section: EventsPage) -> None:
    page = factories.make_event_page(section)
    client, future = Client(), "Thu, 01 Jan 2099 00:00:00 GMT"
    first = client.get("/fi/events/calendar.ics")
    page.delete()
    assert client.get("/fi/events/calendar.ics", headers={"If-None-Match": first["ETag"], "If-Modified-Since": future}).status_code == 200
    assert "Last-Modified" not in first


def test_a_feed_takes_the_words_of_the_page_and_no_unknown_ones(section: EventsPage) -> None:
    factories.make_event_page(section, title="Verkossa", mode="online"), factories.make_event_page(section, title="Salissa")
    client = Client()
    [entry] = icalendar.Calendar.from_ical(client.get("/fi/events/calendar.ics?mode=online").content).walk("VEVENT")
    assert entry["SUMMARY"] == "Verkossa"
    assert client.get("/fi/events/calendar.ics?sub_theme=poistettu").status_code == 404
    atom = client.get("/fi/events/events.atom?mode=online").content.decode()
    assert "Verkossa" in atom
    assert "Salissa" not in atom
    assert atom == client.get("/fi/events/events.atom?mode=online").content.decode()


def test_who_has_a_feed_costs_no_query_but_that_for_the_theme(section: EventsPage, django_assert_num_queries: Any) -> None:
    factories.make_event_page(section)
    client = Client()
    etag = client.get("/fi/events/calendar.ics")["ETag"]
    with django_assert_num_queries(1):
        assert client.get("/fi/events/calendar.ics", headers={"If-None-Match": etag}).status_code == 304
    client.get("/fi/events/events.atom")
    with django_assert_num_queries(1):
        assert client.get("/fi/events/events.atom").status_code == 200
