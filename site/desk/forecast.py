"""Where a result will be on the day when it is due, if the coming weeks are like the last ones. Pure: days go in, a range comes out.

The method, as it is told to whoever asks: what was added in each of the last 13 whole weeks has a mean and a spread. In each of the weeks that are
left comes that mean; the range is Student's prediction interval for their sum. It counts that weeks differ, that 13 weeks tell the mean only so well,
and that the pace itself changes, by 15 per cent in a quarter (and as the square root of time). Weeks never differ less than by chance (Poisson),
nor less than if one thing had come in them all.
The range is to hold the truth 4 times of 5. Of a goal that began less than 13 weeks ago nothing is foretold. `tests/desk/test_simulator.py` makes
it prove itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from themes.measures import How, Share

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.utils.functional import _StrPromise

    from desk.progress import GoalResult

WEEK = timedelta(days=7)
WEEKS = 13
# Student's t with 12 degrees of freedom: 80 % lie between the two sides.
STUDENT = 1.356
# Of the mean, in a quarter.
CHANGE_OF_PACE = 0.15


class Course(Enum):
    REACHED = "reached"
    ON = "on"
    UNSURE = "unsure"
    OFF = "off"
    MISSED = "missed"
    EARLY = "early"
    NO_DATA = "no_data"

    @property
    def label(self) -> _StrPromise:
        return LABELS[self]

    @property
    def needs_care(self) -> bool:
        return self in (Course.OFF, Course.UNSURE, Course.MISSED, Course.NO_DATA)


LABELS = {
    Course.REACHED: pgettext_lazy("course of a goal", "Target reached"),
    Course.ON: pgettext_lazy("course of a goal", "On course"),
    Course.UNSURE: pgettext_lazy("course of a goal", "May fall short"),
    Course.OFF: pgettext_lazy("course of a goal", "Off course"),
    Course.MISSED: pgettext_lazy("course of a goal", "Fell short"),
    Course.EARLY: pgettext_lazy("course of a goal", "Too early to say"),
    Course.NO_DATA: pgettext_lazy("course of a goal", "No data"),
}


@dataclass(frozen=True)
class Forecast:
    """On the day when it is due. `low` and `high` hold it 4 times of 5."""

    low: float
    middle: float
    high: float


def weekly(days: Mapping[date, int], today: date, how: How, weeks: int = WEEKS) -> list[int]:
    """What was added in each of the last whole weeks before today, the newest last."""
    if how is How.LAST:
        stood = [_standing(days, today - place * WEEK - timedelta(days=1)) for place in range(weeks + 1)]
        return [one - other for one, other in pairwise(stood)][::-1]
    found = [0] * weeks
    for day, value in days.items():
        place = (today - timedelta(days=1) - day).days // 7
        if day < today and place < weeks:
            found[weeks - 1 - place] += value
    return found


def _standing(days: Mapping[date, int], day: date) -> int:
    until = [one for one in days if one <= day]
    return days[max(until)] if until else 0


def foretell(actual: int, weeks: list[int], left: float, *, can_fall: bool = False) -> Forecast | None:
    """`weeks` are `WEEKS` of them; `left` is how many there are until the day. None where there is too little to tell by."""
    if len(weeks) < WEEKS or left <= 0:
        return None
    mean = sum(weeks) / WEEKS
    spread = sum((week - mean) ** 2 for week in weeks) / (WEEKS - 1)
    by_weeks = max(spread, abs(mean), 1 / WEEKS) * left * (1 + left / WEEKS)
    by_pace = (CHANGE_OF_PACE * mean * left) ** 2 * (left + WEEKS / 2) / WEEKS
    half, middle = STUDENT * sqrt(by_weeks + by_pace), actual + mean * left
    floor = 0 if can_fall else actual
    return Forecast(*(max(floor, value) for value in (middle - half, middle, middle + half)))


def forecast(result: GoalResult, today: date) -> Forecast | None:
    measure, goal = result.measure, result.goal
    if result.actual is None or measure is None or result.days is None or measure.how is How.SHARE:
        return None
    if today - (goal.starts or goal.plan.starts) < WEEKS * WEEK:
        return None
    left = (result.expected.due - today).days / 7
    return foretell(result.actual, weekly(result.days, today, measure.how), left, can_fall=measure.how is How.LAST)


def course(result: GoalResult, told: Forecast | None, today: date) -> Course:
    """A share is on course where its whole interval is within what is expected."""
    row, actual = result.expected, result.actual
    if actual is None:
        return Course.NO_DATA
    low, high = (told.low, told.high) if told else (actual, actual)
    if isinstance(actual, Share):
        low, high = actual.interval
    elif actual >= row.target:
        return Course.REACHED
    elif row.due < today:
        return Course.MISSED if actual < row.low else Course.REACHED
    elif told is None and row.due > today:
        return Course.EARLY
    return Course.ON if low >= row.low else Course.UNSURE if high >= row.low else Course.MISSED if row.due < today else Course.OFF
