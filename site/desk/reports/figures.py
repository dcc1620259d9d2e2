"""The figures that a report may show: one for each expected result of its goals, with all that makes it understood, as JSON in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from base.bounds import everywhere
from desk.reports.definitions import definition_of, source_of
from desk.reports.periods import Period, steps
from themes import measures
from themes.models import ExpectedResult
from themes.plans.snapshot import in_languages

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from themes.measures import Measure
    from themes.models import Goal

    Figure = dict[str, Any]


@dataclass(frozen=True)
class Sums:
    """`total` is from the first observation to the period's end, `within` the period alone. `steps` are its months or weeks: (part, sum, total)."""

    total: int
    within: int
    steps: list[tuple[Period, int, int]]


def figures_of(goals: Sequence[Goal], period: Period, today: date) -> list[Figure]:
    """In the goals' order. As many queries a measure whatever the number of goals. What is still to come of the period is not counted."""
    by_goal = {goal.pk: goal for goal in goals}
    with everywhere():
        expected = list(ExpectedResult.objects.filter(goal__in=by_goal).order_by("pk"))
        known = {row.measure: measures.get(row.measure) for row in expected}
        daily = {key: measure.daily(list(by_goal)) if measure else {} for key, measure in known.items()}
    seen = Period(period.starts, min(period.ends, today))
    ordered = sorted(expected, key=lambda row: list(by_goal).index(row.goal_id))
    return [_figure(by_goal[row.goal_id], row, known[row.measure], sums(daily[row.measure].get(row.goal_id), seen), seen) for row in ordered]


def sums(days: Mapping[date, int] | None, seen: Period) -> Sums | None:
    """None where nothing could be observed: that is not 0."""
    if days is None or seen.ends < seen.starts:
        return None
    total = sum(number for day, number in days.items() if day < seen.starts)
    found, before = [], total
    for part in steps(seen):
        number = sum(number for day, number in days.items() if part.starts <= day <= part.ends)
        total += number
        found.append((part, number, total))
    return Sums(total, total - before, found)


def reference(goal_key: str, measure: str) -> str:
    return f"{goal_key}/{measure}"


def coded(ref: str, what: str = "") -> str:
    """As it stands in a text."""
    return "{" + "/".join(filter(None, (ref, what))) + "}"


def _figure(goal: Goal, row: ExpectedResult, measure: Measure | None, found: Sums | None, seen: Period) -> Figure:
    return {
        "ref": reference(goal.key, row.measure),
        "goal": goal.pk,
        "goal_words": {code: getattr(goal, f"name_{code}") for code in ("fi", "sv", "en")},
        "measure": row.measure,
        "is_known": measure is not None,
        "words": in_languages(lambda: capfirst(row.measure_label)),
        "unit": in_languages(lambda: str(measure.unit) if measure else ""),
        "level": in_languages(lambda: str(measures.LEVELS.get(row.level, ""))),
        "definition": in_languages(lambda: definition_of(measure) if measure else ""),
        "source": in_languages(lambda: source_of(measure) if measure else ""),
        "total": found.total if found else None,
        "within": found.within if found else None,
        "steps": [[part.starts.isoformat(), part.ends.isoformat(), number, total] for part, number, total in found.steps] if found else [],
        "starts": seen.starts.isoformat(),
        "ends": seen.ends.isoformat(),
        **{name: getattr(row, name) for name in ("baseline", "low", "target", "high")},
        "due": row.due.isoformat(),
        "begins": (goal.starts or goal.plan.starts).isoformat(),
    }


def by_reference(figures: Collection[Figure]) -> dict[str, Figure]:
    return {figure["ref"]: figure for figure in figures}
