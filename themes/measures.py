"""The registry of measures: what a goal can be measured by. Packages above register theirs in `AppConfig.ready`.

A measure computes daily values for many goals in a bounded number of queries, so that totals, trends and sparklines are the same figure.
`themes.history` keeps them by day; docs/measures.md says how a figure is read.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from math import sqrt
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import date

    from django.utils.functional import _StrPromise

    # goal's id -> day -> value. A goal that nothing could yet be observed for is missing: that is not the same as 0.
    Daily = Mapping[int, Mapping[date, int]]

Found = TypeVar("Found")


class How(Enum):
    """How the values of days make a figure."""

    SUM = "sum"
    PEOPLE = "people"
    LAST = "last"
    SHARE = "share"

    @property
    def adds_up(self) -> bool:
        """Whether the values of days may be summed into the figure since the beginning. Only `SUM` gives that of a period in the same way."""
        return self in (How.SUM, How.PEOPLE)

    @property
    def words(self) -> _StrPromise:
        return WORDS[self]


WORDS = {
    How.SUM: _("The sum of the days."),
    How.PEOPLE: _("Each contact counts once, on the day when they were first reached; periods are never added up."),
    How.LAST: _("As it stood at the end of the day; days are never added up."),
    How.SHARE: _("The newest survey's share of those who answered; surveys are never added up."),
}


# Of 95 per cent.
Z = 1.959964


class Share(int):
    """Per cent, as a whole number, of those who were asked: `part` of `of`."""

    part: int
    of: int

    def __new__(cls, part: int, of: int) -> Share:
        made = super().__new__(cls, round(100 * part / of))
        made.part, made.of = part, of
        return made

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of all lies in 19 samples of 20, in per cent (Wilson's interval): chance alone, and nothing of how they were chosen."""
        share, n = self.part / self.of, self.of
        middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
        half = Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
        return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


class Read(Protocol):
    def __call__(self, goal_ids: Collection[int], since: date | None = None, /) -> Daily: ...


@dataclass(frozen=True)
class Measure:
    """What is counted, in a unit. `key` is lasting and stored in expected results; `level` is AMEC's: output, outtake, outcome or impact.

    `daily(goal_ids, since)` gives values by day of Europe/Helsinki, from `since` on or from the beginning, in a bounded number of queries; it leaves
    out the goals that it has no observation for. `source` says in words where they come from. `marks(goal_ids)` tells cheaply how the sources look,
    by goal and first day of the month: where a mark is as it was, so are the values of that month; without it all days are computed anew each night.
    Of a measure that is not `live`, the figure is of last night. `unique(goal_ids, first, last)` counts the different contacts of a period.
    """

    key: str
    label: _StrPromise
    unit: _StrPromise
    level: str
    daily: Read
    how: How = How.SUM
    source: _StrPromise | str = ""
    marks: Callable[[Collection[int]], Mapping[int, Mapping[date, str]]] | None = None
    live: bool = True
    unique: Callable[[Collection[int], date, date], Mapping[int, int]] | None = None

    def at(self, days: Mapping[date, int], day: date) -> int | None:
        """The figure at the end of a day; None where nothing was said of it by then."""
        until = {one: value for one, value in days.items() if one <= day}
        if self.how.adds_up:
            return sum(until.values())
        return until[max(until)] if until else None


_measures: dict[str, Measure] = {}

LEVELS = {
    "output": pgettext_lazy("level of a measure", "Output"),
    "outtake": pgettext_lazy("level of a measure", "Out-take"),
    "outcome": pgettext_lazy("level of a measure", "Outcome"),
    "impact": pgettext_lazy("level of a measure", "Impact"),
}


def register(measure: Measure) -> None:
    """Raises ValueError for a measure without a unit or a source, or of no known level: a figure without them says nothing."""
    if not str(measure.unit) or not str(measure.source) or measure.level not in LEVELS:
        raise ValueError(f"The measure {measure.key} needs a unit, a source in words, and one of the levels {', '.join(LEVELS)}.")
    _measures[measure.key] = measure


def get(key: str) -> Measure | None:
    """None for a measure whose package is gone: its results then have no data, and say so."""
    return _measures.get(key)


def all_measures() -> Iterator[Measure]:
    yield from _measures.values()


def label_of(key: str) -> str:
    """Says where nobody counts it any more."""
    measure = get(key)
    return str(measure.label) if measure else gettext("%(measure)s (its package is not installed: unit and figures are not known)") % {"measure": key}


def choices() -> list[tuple[str, str]]:
    """Each with its unit, as it is chosen for an expected result."""
    rows = [(measure.key, measure.label, measure.unit, LEVELS.get(measure.level, measure.level)) for measure in _measures.values()]
    return [(key, f"{label} ({unit}) – {level}") for key, label, unit, level in rows]


# ---- what several measures ask alike
_asked: ContextVar[dict[Any, Any] | None] = ContextVar("asked", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Measures that are read inside ask the database only once what they ask alike."""
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


def once(ask: Callable[..., Found]) -> Callable[..., Found]:
    """For a question whose arguments are values, or collections of them. Its answer is not to be changed."""

    @wraps(ask)
    def answer(*args: Any) -> Found:
        answers = _asked.get()
        if answers is None:
            return ask(*args)
        key = (ask, *(tuple(value) if isinstance(value, (list, set, frozenset)) else value for value in args))
        if key not in answers:
            answers[key] = ask(*args)
        found: Found = answers[key]
        return found

    return answer
