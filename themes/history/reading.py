"""What is known of goals by measure and day: what was settled, and what has happened since. What is not settled is counted from its sources."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import DateField, IntegerField, Sum, Value

from themes import measures
from themes.measures import Share
from themes.models import DayValue, Series

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from themes.measures import Daily, Measure

# How far back days are told one by one; what was before stands on the day before the first of them.
WINDOW = timedelta(days=91)
DAY = timedelta(days=1)


def read(keys: Iterable[str], goal_ids: Collection[int], today: date, *, since: date | None = None) -> Mapping[str, Daily]:
    """By measure and goal, days until today: from `since` on, or those of the window, one by one, and before them one day with what had been reached.

    A goal without data is missing. As many queries whatever the number of goals and of days.
    """
    known = {key: measure for key in keys if (measure := measures.get(key))}
    rows = list(Series.objects.filter(goal__in=list(goal_ids), measure__in=known, is_stale=False))
    first = since or today - WINDOW
    settled = _settled(rows, known, first, today)
    by_measure: dict[str, dict[int, Series]] = defaultdict(dict)
    for row in rows:
        by_measure[row.measure][row.goal_id] = row
    with measures.together():
        return {
            key: _read(measure, by_measure[key], {goal: settled.get(row.pk, {}) for goal, row in by_measure[key].items()}, goal_ids, today)
            for key, measure in known.items()
        }


def _read(measure: Measure, rows: Mapping[int, Series], settled: Mapping[int, dict[date, int]], goal_ids: Collection[int], today: date) -> Daily:
    found = {goal: dict(settled[goal]) for goal, row in rows.items() if row.is_observed}
    live = sorted(goal for goal, row in rows.items() if measure.live and row.through < today)
    if live:
        since = min(rows[goal].through for goal in live) + DAY
        for goal, days in measure.daily(live, since).items():
            mine = found.setdefault(goal, {})
            mine.update({day: value for day, value in days.items() if day > rows[goal].through})
    if unsettled := sorted(set(goal_ids) - set(rows)):
        found.update({goal: dict(days) for goal, days in measure.daily(unsettled, None).items()})
    return found


def _settled(rows: Collection[Series], known: Mapping[str, Measure], first: date, today: date) -> dict[int, dict[date, int]]:
    """By series. One question: sums of what was before, the days since, and all days of surveys and of what changes now and then, which are few."""
    adding = [row.pk for row in rows if known[row.measure].how.adds_up]
    others = [row.pk for row in rows if not known[row.measure].how.adds_up]
    days = DayValue.objects.order_by()
    before = days.filter(series__in=adding, day__lt=first).values("series").annotate(on=Value(first - DAY, DateField()), number=Sum("value"))
    parts = [
        before.values_list("series", "on", "number", Value(None, IntegerField())),
        *(part.values_list("series", "day", "value", "of") for part in (
            days.filter(series__in=adding, day__gte=first, day__lte=today), days.filter(series__in=others, day__lte=today)
        )),
    ]  # fmt: skip
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for series, day, value, of in parts[0].union(*parts[1:], all=True):
        found[series][day] = _value(value, of)
    return found


def _value(value: int, of: int | None) -> int:
    return value if of is None else Share(value, of)
