"""The registry of measures: what a goal can be measured by. Packages above register theirs in `AppConfig.ready`.

A measure computes daily counts for many goals in one query, so that totals, trends and sparklines are the same figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import date

    from django.utils.functional import _StrPromise

    # goal's id -> day -> count. A goal that nothing could yet be observed for is missing: that is not the same as 0.
    Daily = Mapping[int, Mapping[date, int]]


@dataclass(frozen=True)
class Measure:
    """What is counted. `key` is lasting and stored in expected results; `level` is AMEC's: output, outtake, outcome or impact.

    `daily(goal_ids)` gives counts by day of Europe/Helsinki that may be summed over days, in a bounded number of queries;
    it leaves out the goals that it has no observation for.
    """

    key: str
    label: _StrPromise
    unit: _StrPromise
    level: str
    daily: Callable[[Collection[int]], Daily]


_measures: dict[str, Measure] = {}


def register(measure: Measure) -> None:
    _measures[measure.key] = measure


def get(key: str) -> Measure | None:
    """None for a measure whose package is gone: its results then have no data, and say so."""
    return _measures.get(key)


def all_measures() -> Iterator[Measure]:
    yield from _measures.values()


def choices() -> list[tuple[str, _StrPromise]]:
    return [(measure.key, measure.label) for measure in _measures.values()]
