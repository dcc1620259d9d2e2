"""Periods of reports: months, quarters and years as the calendar has them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

MONTHS = {"month": 1, "quarter": 3, "year": 12}
# Up to so many days a period is told by weeks.
BY_WEEKS = 62


class Period(NamedTuple):
    starts: date
    ends: date


def holding(day: date, pace: str) -> Period:
    months = MONTHS[pace]
    starts = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(starts, _later(starts, months) - timedelta(days=1))


def before(day: date, pace: str) -> Period:
    """The last that had ended on the day."""
    return holding(holding(day, pace).starts - timedelta(days=1), pace)


def after(day: date, pace: str) -> date:
    """The first day of the next."""
    return holding(day, pace).ends + timedelta(days=1)


def steps(period: Period) -> list[Period]:
    """The months or weeks of it, the first and the last as far as they are in it."""
    found, starts, by_weeks = [], period.starts, (period.ends - period.starts).days < BY_WEEKS
    while starts <= period.ends:
        ends = starts + timedelta(days=6 - starts.weekday()) if by_weeks else holding(starts, "month").ends
        found.append(Period(starts, min(ends, period.ends)))
        starts = ends + timedelta(days=1)
    return found


def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
