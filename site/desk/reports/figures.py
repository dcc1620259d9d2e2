"""The figures that a report may show: one for each expected result of its goals, with all that makes it understood, as JSON in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from base.bounds import everywhere
from base.languages import CODES
from desk.forecast import course, forecast
from desk.progress import results_and
from desk.reports.periods import Period, steps
from themes import measures
from themes.history import reading
from themes.measures import How
from themes.models import ExpectedResult
from themes.plans.snapshot import in_languages

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desk.progress import GoalResult
    from themes.models import Goal

    Figure = dict[str, Any]


DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """A month or a week of the period. `came` is None of what does not add up, such as how many members there are."""

    part: Period
    came: int | None
    total: int | None


@dataclass(frozen=True)
class Reading:
    """`total` is the figure at the period's end. `within` is the period's own, of people how many different ones; `new` is what it has added."""

    total: int
    within: int | None
    new: int | None
    steps: list[Step]


def figures_of(goals: Sequence[Goal], period: Period, today: date) -> list[Figure]:
    """In the goals' order. As many queries a measure whatever the number of goals. What is still to come of the period is not counted."""
    by_goal = {goal.pk: goal for goal in goals}
    seen = Period(period.starts, min(period.ends, today))
    with everywhere():
        found, daily = results_and(goals, seen.ends, since=min(seen.starts, seen.ends - reading.WINDOW))
        people = {key: _people(key, days, seen) for key, days in daily.items()}
    order = {pk: place for place, pk in enumerate(by_goal)}
    return [
        _figure(result.goal, row, _read(row, daily.get(row.measure, {}), people.get(row.measure, {}), seen), seen)
        | {"course": _course(result, seen.ends)}
        for result in sorted(found, key=lambda result: (order[result.goal.pk], result.expected.pk))
        for row in [result.expected]
    ]


def _course(result: GoalResult, day: date) -> dict[str, str]:
    """Of the day, in the desk's words."""
    found = course(result, forecast(result, day), day)
    return in_languages(lambda: str(found.label))


def _people(key: str, days: Mapping[int, object], seen: Period) -> Mapping[int, int]:
    measure = measures.get(key)
    return measure.unique(list(days), seen.starts, seen.ends) if measure and measure.unique and seen.starts <= seen.ends else {}


def _read(row: ExpectedResult, daily: Mapping[int, Mapping[date, int]], people: Mapping[int, int], seen: Period) -> Reading | None:
    """None where nothing could be observed: that is not 0."""
    measure, days = measures.get(row.measure), daily.get(row.goal_id)
    total = measure.at(days, seen.ends) if measure and days is not None and seen.starts <= seen.ends else None
    if measure is None or days is None or total is None:
        return None
    parts, before = [], measure.at(days, seen.starts - DAY)
    first = before
    for part in steps(seen):
        now = measure.at(days, part.ends)
        parts.append(Step(part, (now or 0) - (before or 0) if measure.how.adds_up else None, now))
        before = now
    new = total - (first or 0) if measure.how.adds_up else None
    within = new if measure.how is How.SUM else people.get(row.goal_id, 0 if measure.unique else None)
    return Reading(total, within if measure.how.adds_up else total, new, parts)


def reference(goal_key: str, measure: str) -> str:
    return f"{goal_key}/{measure}"


def coded(ref: str, what: str = "") -> str:
    """As it stands in a text."""
    return "{" + "/".join(filter(None, (ref, what))) + "}"


def _figure(goal: Goal, row: ExpectedResult, found: Reading | None, seen: Period) -> Figure:
    return {
        "ref": reference(goal.key, row.measure),
        "goal": goal.pk,
        "goal_words": {code: getattr(goal, f"name_{code}") for code in CODES},
        "measure": row.measure,
        **_words(row),
        "total": found.total if found else None,
        "within": found.within if found else None,
        "new": found.new if found else None,
        "steps": [[*(day.isoformat() for day in step.part), step.came, step.total] for step in found.steps] if found else [],
        "starts": seen.starts.isoformat(),
        "ends": seen.ends.isoformat(),
        **{name: getattr(row, name) for name in ("baseline", "low", "target", "high")},
        "due": row.due.isoformat(),
    }


def _words(row: ExpectedResult) -> dict[str, Any]:
    """What makes the figure understood. Nobody knows of a measure whose package is gone."""
    measure = measures.get(row.measure)
    return {
        "is_known": measure is not None,
        "words": in_languages(lambda: capfirst(row.measure_label)),
        "unit": in_languages(lambda: str(measure.unit) if measure else ""),
        "level": in_languages(lambda: str(measures.LEVELS.get(row.level, ""))),
        "definition": in_languages(lambda: str(measure.how.words) if measure else ""),
        "source": in_languages(lambda: str(measure.source) if measure else ""),
    }


def by_reference(figures: Collection[Figure]) -> dict[str, Figure]:
    return {figure["ref"]: figure for figure in figures}
