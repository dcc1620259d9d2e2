"""What the calendar's address asks for: a month, month or list, and by what it is narrowed. Takes anything that an address can hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

MONTH, LIST = "month", "list"
# Of the goals: what serves none.
WITHOUT = "without"
NUMBERS = ("goal", "channel", "person")
NAMES = ("goal", "channel", "language", "person", "scope")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Asked:
    """`first` is the first day of the month. `chosen` has the values of the address by their names."""

    first: date
    view: str = MONTH
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def after(self) -> date:
        """The first day of the month that follows."""
        return month_of(self.first + timedelta(days=31))

    @property
    def days(self) -> list[date]:
        """Of whole weeks, from the Monday on or before the first."""
        start = self.first - timedelta(days=self.first.weekday())
        last = self.after - timedelta(days=1)
        number = (last - start).days + 7 - last.weekday()
        return [start + timedelta(days=count) for count in range(number)]

    def url(self, **changes: Any) -> str:
        asked = replace(self, **changes)
        said = {"month": f"{asked.first:%Y-%m}", "view": asked.view if asked.view != MONTH else ""} | dict(asked.chosen)
        return f"?{urlencode({name: value for name, value in said.items() if value})}"

    def with_month(self, day: date) -> str:
        return self.url(first=month_of(day))


def asked_in(said: Mapping[str, str], today: date) -> Asked:
    chosen = {name: value for name in NAMES if (value := said.get(name, "")) and _is_value(name, value)}
    return Asked(_month(said.get("month", "")) or month_of(today), LIST if said.get("view") == LIST else MONTH, chosen)


def _is_value(name: str, value: str) -> bool:
    if name == "goal" and value == WITHOUT:
        return True
    if name in NUMBERS:
        return value.isascii() and value.isdecimal() and len(value) < 10
    return value.isascii() and value.isalpha() and len(value) <= 10


def month_of(day: date) -> date:
    return day.replace(day=1)


def _month(text: str) -> date | None:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year < LAST_YEAR else None
