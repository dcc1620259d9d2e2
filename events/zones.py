"""A time zone as calendar programs want it: a VTIMEZONE with rules that repeat every year (RFC 5545, 3.6.5).

`icalendar`'s own `add_missing_timezones` writes each change as an RDATE, by which Outlook shifts events. The rule is the one that the zone's
file ends with, a POSIX TZ (RFC 9636, 3.3): it holds from the last change that the file lists until the law changes. For a moment at which it
does not hold, such as Ramadan in Morocco, or a zone without one, the offset of that moment stands alone under a name of its own, such as
`UTC+01:00`: right for that moment, and all that a rule could say.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import icalendar

NAME = r"(?:<[^>]+>|[A-Za-z]{3,})"
HOURS = r"[+-]?\d{1,3}(?::\d{2}){0,2}"
MONTHLY = rf"M(\d+)\.(\d)\.(\d)(?:/({HOURS}))?"
POSIX = re.compile(rf"({NAME})({HOURS})(?:({NAME})({HOURS})?,{MONTHLY},{MONTHLY})?")
WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
# "The last one" in POSIX.
LAST = 5
# Rules are written from here on, as Outlook's own are.
BEGINNING = 1970


@dataclass(frozen=True)
class Turn:
    """A change of the clock: on the nth weekday of a month, `at` after midnight, by the clock before. Sunday is 0, the last one the fifth."""

    month: int
    week: int
    weekday: int
    at: timedelta

    def on(self, year: int) -> datetime:
        first = date(year, self.month, 1)
        day = first + timedelta(days=(self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1))
        if day.month != self.month:
            day -= timedelta(days=7)
        return datetime.combine(day, time.min) + self.at

    @property
    def rule(self) -> dict[str, object]:
        """Where the hour lies on another day than the one that is counted, as in Nuuk, the days of the month say which."""
        days, _rest = divmod(self.at, timedelta(days=1))
        weekday = WEEKDAYS[(self.weekday + days) % 7]
        if not days:
            return {"freq": "yearly", "bymonth": self.month, "byday": f"{-1 if self.week == LAST else self.week}{weekday}"}
        first = _days_in(self.month) - 6 if self.week == LAST else 7 * self.week - 6
        return {"freq": "yearly", "bymonth": self.month, "byday": weekday, "bymonthday": [first + days + count for count in range(7)]}


@dataclass(frozen=True)
class Rules:
    """`summer` and its two turns are None where clocks never change."""

    name: str
    standard: timedelta
    summer_name: str = ""
    summer: timedelta | None = None
    begins: Turn | None = None
    ends: Turn | None = None

    def offset_at(self, moment: datetime) -> timedelta:
        """By the rule alone. In the year around it: a rule says nothing of the past."""
        if self.summer is None or self.begins is None or self.ends is None:
            return self.standard
        bare = moment.astimezone(UTC).replace(tzinfo=None)
        turns = _turns_around((moment + self.standard).year, self.begins, self.ends, self.standard, self.summer)
        return [after for at, after in turns if at <= bare][-1]


@lru_cache(maxsize=256)
def _turns_around(year: int, begins: Turn, ends: Turn, standard: timedelta, summer: timedelta) -> list[tuple[datetime, timedelta]]:
    """When the clocks turn, in UTC, and the offset from then on."""
    turns = (begins, standard, summer), (ends, summer, standard)
    return sorted((turn.on(one) - before, after) for one in (year - 1, year, year + 1) for turn, before, after in turns)


class Zones:
    """The zones of one calendar: gives each moment its clock time and its TZID, and gathers what has to be described."""

    def __init__(self) -> None:
        self.found: dict[str, icalendar.Timezone] = {}

    def add(self, entry: icalendar.Event, name: str, moment: datetime, zone: str) -> None:
        """The property of the entry, such as DTSTART, by the zone's clock."""
        entry[name] = self.clock(moment, zone)

    def clock(self, moment: datetime, zone: str) -> icalendar.vDatetime:
        """The value of such a property."""
        clock, tzid = self.at(moment, zone)
        value = icalendar.vDatetime(clock)
        # After it was made: of a time without a zone it would be taken away.
        value.params["TZID"] = tzid
        return value

    def at(self, moment: datetime, zone: str) -> tuple[datetime, str]:
        local = moment.astimezone(ZoneInfo(zone))
        offset = local.utcoffset() or timedelta(0)
        rules = rules_of(zone)
        # What bears the name UTC is written without a zone, and classic Outlook shows it by the clock of UTC.
        if zone == "UTC" or rules is None or rules.offset_at(moment) != offset:
            zone, rules = _fixed_name(offset), Rules(_fixed_name(offset), offset)
        if zone not in self.found:
            self.found[zone] = described(zone, rules)
        return local.replace(tzinfo=None), zone

    def components(self) -> list[icalendar.Timezone]:
        return [self.found[name] for name in sorted(self.found)]


def described(name: str, rules: Rules) -> icalendar.Timezone:
    zone = icalendar.Timezone()
    zone.add("tzid", name)
    if rules.summer is None or rules.begins is None or rules.ends is None:
        zone.add_component(_part(rules.name, None, rules.standard, rules.standard, is_summer=False))
        return zone
    # In Ireland's file winter is the saving: for programs the later clock is the summer's.
    is_turned = rules.summer < rules.standard
    zone.add_component(_part(rules.name, rules.ends, rules.summer, rules.standard, is_summer=is_turned))
    zone.add_component(_part(rules.summer_name, rules.begins, rules.standard, rules.summer, is_summer=not is_turned))
    return zone


def _part(name: str, turn: Turn | None, before: timedelta, after: timedelta, *, is_summer: bool) -> icalendar.Component:
    part = icalendar.TimezoneDaylight() if is_summer else icalendar.TimezoneStandard()
    part.add("dtstart", turn.on(BEGINNING) if turn else datetime(BEGINNING, 1, 1))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("tzname", name)
    if turn:
        part.add("rrule", turn.rule)
    return part


@cache
def rules_of(zone: str) -> Rules | None:
    """By the file's last line. None where it says nothing, or what no yearly rule can say."""
    found = POSIX.fullmatch(_last_line(zone))
    if found is None:
        return None
    name, offset, summer_name, summer, *turns = found.groups()
    # POSIX counts west of Greenwich.
    standard = -_hours(offset)
    if not summer_name:
        return Rules(name.strip("<>"), standard)
    later = -_hours(summer) if summer else standard + timedelta(hours=1)
    begins, ends = (Turn(int(turn[0]), int(turn[1]), int(turn[2]), _hours(turn[3] or "2")) for turn in (turns[:4], turns[4:]))
    return Rules(name.strip("<>"), standard, summer_name.strip("<>"), later, begins, ends)


def _last_line(zone: str) -> str:
    """Of the very file that `zoneinfo` reads: the system's, else that of the package tzdata."""
    ZoneInfo(zone)  # Raises for what is no zone, such as a path out of the folder.
    files = [Path(folder) / zone for folder in TZPATH]
    known = next((file for file in files if file.is_file()), None)
    content = (known or resources.files("tzdata").joinpath("zoneinfo", *zone.split("/"))).read_bytes()
    return content.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")


def _hours(text: str) -> timedelta:
    parts = [int(part) for part in text.lstrip("+-").split(":")] + [0, 0]
    found = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2])
    return -found if text.startswith("-") else found


def _fixed_name(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _days_in(month: int) -> int:
    """February's last days change with the year: no zone turns its clock then."""
    return monthrange(2001, month)[1]
