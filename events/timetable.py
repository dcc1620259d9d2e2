"""A programme as readers follow it: by day, by the time that sessions begin, those at the same time beside each other by track."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.formats import time_format

from contacts.blocks import cards

if TYPE_CHECKING:
    from datetime import date, time

    from events.models import EventPage

# The styles have a place for so many columns; a track beyond them stands below.
COLUMNS = 6


@dataclass(frozen=True)
class Session:
    """`column` is that of its track, from 1 on, and 0 for what is for everybody."""

    key: str
    day: date
    starts: time
    ends: time
    title: str
    text: Any
    room: str
    track: str
    column: int
    speakers: list[dict[str, str]]
    capacity: int | None
    is_break: bool
    # Where it has seats of its own, how many are left of them.
    seats_text: str = ""

    @property
    def clock(self) -> str:
        return f"{time_format(self.starts, 'TIME_FORMAT')}–{time_format(self.ends, 'TIME_FORMAT')}"


@dataclass(frozen=True)
class Slot:
    """What begins at the same time."""

    starts: time
    sessions: list[Session]


@dataclass(frozen=True)
class Day:
    day: date
    slots: list[Slot]
    tracks: list[str] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return min(len(self.tracks), COLUMNS)


def timetable_of(page: EventPage) -> list[Day]:
    """Two queries for all speakers; none where there are none."""
    children = list(page.programme)
    if not children:
        return []
    first = page.starts_at.astimezone(ZoneInfo(page.time_zone)).date()
    shown = _speakers(children)
    by_day: dict[date, list[Any]] = {}
    for child in children:
        by_day.setdefault(child.value["day"] or first, []).append(child)
    return [_day(day, by_day[day], shown) for day in sorted(by_day)]


def chosen_sessions(page: EventPage) -> list[Session]:
    """Those with seats of their own, by time. No query."""
    first = page.starts_at.astimezone(ZoneInfo(page.time_zone)).date()
    found = [_session(child.value["day"] or first, child, [], {}) for child in page.programme if child.value.get("capacity")]
    return sorted(found, key=lambda one: (one.day, one.starts, one.ends))


def _speakers(children: list[Any]) -> dict[str, dict[str, str]]:
    """Of those who may be shown, by their key: who was erased or took their consent back is gone from each session at once."""
    keys = list(dict.fromkeys(key for child in children for key in child.value.get("speakers") or () if key))
    return {card["key"]: card for card in cards(keys)} if keys else {}


def _day(day: date, children: list[Any], shown: dict[str, dict[str, str]]) -> Day:
    tracks = list(dict.fromkeys(child.value["track"] for child in children if child.value.get("track")))
    sessions = sorted((_session(day, child, tracks, shown) for child in children), key=lambda one: (one.starts, one.column, one.ends))
    slots = [Slot(starts, list(group)) for starts, group in groupby(sessions, key=lambda one: one.starts)]
    return Day(day, slots, tracks if len(tracks) > 1 else [])


def _session(day: date, child: Any, tracks: list[str], shown: dict[str, dict[str, str]]) -> Session:
    value, track = child.value, child.value.get("track") or ""
    return Session(
        key=str(child.id),
        day=day,
        starts=value["starts"],
        ends=value["ends"],
        title=value["title"],
        text=value.get("text"),
        room=value.get("room") or "",
        track=track,
        column=min(tracks.index(track) + 1, COLUMNS) if track and len(tracks) > 1 else 0,
        speakers=[shown[key] for key in value.get("speakers") or () if key in shown],
        capacity=value.get("capacity"),
        is_break=child.block_type == "pause",
    )
