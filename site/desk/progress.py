"""How far each goal has come: expected results beside what touches and tallies say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from base.bounds import everywhere
from themes import measures
from themes.history import reading
from themes.models import ExpectedResult, Goal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from themes.measures import Measure

TREND = timedelta(days=30)


@dataclass(frozen=True)
class GoalResult:
    """`actual` is None where nothing could be observed yet: that is not 0. `trend` compares the last 30 days with the 30 before."""

    goal: Goal
    expected: ExpectedResult
    measure: Measure | None
    actual: int | None
    trend: str | None
    # The days that it was read from (`themes.history.reading`).
    days: Mapping[date, int] | None = field(default=None, compare=False, repr=False)

    @property
    def share(self) -> float | None:
        """The part of the target that was reached, 1.0 for all of it."""
        if self.actual is None or not self.expected.target:
            return None
        return round(self.actual / self.expected.target, 3)


def results(goals: Collection[Goal], today: date) -> list[GoalResult]:
    """A row for each expected result, in the goals' order. As many queries a measure whatever the number of goals.

    Whoever may see a goal sees all that it reached: another theme's act may serve it, or another theme's contact have been met.
    """
    return results_and(goals, today)[0]


def results_and(goals: Collection[Goal], today: date, *keys: str, since: date | None = None) -> tuple[list[GoalResult], Mapping[str, measures.Daily]]:
    """As `results`, and in the same questions the days of further measures. `since` is from when on days are told one by one."""
    by_goal = {goal.pk: goal for goal in goals}
    with everywhere():
        expected = list(ExpectedResult.objects.filter(goal__in=by_goal).order_by("goal__scope", "goal_id", "pk"))
        daily = reading.read({*keys, *(row.measure for row in expected)}, list(by_goal), today, since=since)
    rows = [_result(by_goal[row.goal_id], row, measures.get(row.measure), daily.get(row.measure, {}).get(row.goal_id), today) for row in expected]
    return rows, daily


def _result(goal: Goal, row: ExpectedResult, measure: Measure | None, days: Mapping[date, int] | None, today: date) -> GoalResult:
    actual = measure.at(days, today) if measure and days is not None else None
    if measure is None or days is None or actual is None:
        return GoalResult(goal, row, measure, None, None)
    return GoalResult(goal, row, measure, actual, _trend(measure, days, today), days)


def _trend(measure: Measure, days: Mapping[date, int], today: date) -> str:
    """What was added in the last 30 days beside the 30 before; of what stands, where it stood 30 days ago."""
    at = [measure.at(days, day) or 0 for day in (today, today - TREND, today - 2 * TREND)]
    now, before = (at[0] - at[1], at[1] - at[2]) if measure.how.adds_up else (at[0], at[1])
    return "up" if now > before else "down" if now < before else "flat"
