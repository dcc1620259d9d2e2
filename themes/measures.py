"""The registry of measures: what a goal can be measured by. Packages above register theirs in `AppConfig.ready`.

A measure computes daily counts for many goals in one query, so that totals, trends and sparklines are the same figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import date

    from django.utils.functional import _StrPromise

    # goal's id -> day -> count. A goal that nothing could yet be observed for is missing: that is not the same as 0.
    Daily = Mapping[int, Mapping[date, int]]


@dataclass(frozen=True)
class Measure:
    """What is counted, in a unit. `key` is lasting and stored in expected results; `level` is AMEC's: output, outtake, outcome or impact.

    `daily(goal_ids)` gives counts by day of Europe/Helsinki that may be summed over days, in a bounded number of queries;
    it leaves out the goals that it has no observation for.
    """

    key: str
    label: _StrPromise
    unit: _StrPromise
    level: str
    daily: Callable[[Collection[int]], Daily]


_measures: dict[str, Measure] = {}

LEVELS = {
    "output": pgettext_lazy("level of a measure", "Output"),
    "outtake": pgettext_lazy("level of a measure", "Out-take"),
    "outcome": pgettext_lazy("level of a measure", "Outcome"),
    "impact": pgettext_lazy("level of a measure", "Impact"),
}


def register(measure: Measure) -> None:
    """Raises ValueError for a measure without a unit or of no known level: a figure without them says nothing."""
    if not str(measure.unit) or measure.level not in LEVELS:
        raise ValueError(f"The measure {measure.key} needs a unit and one of the levels {', '.join(LEVELS)}.")
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
