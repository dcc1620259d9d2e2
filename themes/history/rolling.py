"""Settles what measures say of goals until yesterday, measure by measure: each in a transaction of its own, so that a run that is killed has settled
a measure or has not touched it, and the next one goes on.

Only days that may have changed are computed (`Measure.marks`), and only those that have are written. Run again, it changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from base.bounds import everywhere
from themes import measures
from themes.measures import Share
from themes.models import DayValue, Goal, Series

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from themes.measures import Measure

    # goal -> first of the month -> how its sources look
    Marks = Mapping[int, Mapping[date, str]]

GOALS = 50
BATCH = 2_000
DAY = timedelta(days=1)


@dataclass
class Rolled:
    """How many series were settled, and how many of their days were written or taken away."""

    series: int = 0
    written: int = 0
    removed: int = 0

    def add(self, other: Rolled) -> None:
        self.series += other.series
        self.written += other.written
        self.removed += other.removed


def roll_up(*, today: date | None = None, anew: bool = False) -> Rolled:
    """`anew` trusts no mark. The worker runs it nightly."""
    through = (today or timezone.localdate()) - DAY
    done = Rolled()
    with everywhere():
        goals = list(Goal.objects.order_by("pk").values_list("pk", flat=True))
        for begin in range(0, len(goals), GOALS):
            with measures.together():
                for measure in list(measures.all_measures()):
                    done.add(settle(measure, goals[begin : begin + GOALS], through, anew=anew))
    return done


def settle(measure: Measure, goal_ids: list[int], through: date, *, anew: bool = False) -> Rolled:
    # Before the values: what comes in between is newer than its mark, and is computed again.
    marks: Marks = measure.marks(goal_ids) if measure.marks else {}
    known = {row.goal_id: row for row in Series.objects.filter(goal__in=goal_ids, measure=measure.key)}
    groups: dict[date | None, list[int]] = defaultdict(list)
    for goal in goal_ids:
        groups[None if anew or not measure.marks else _since(known.get(goal), marks.get(goal, {}), through)].append(goal)
    done = Rolled()
    found = {since: measure.daily(goals, since) for since, goals in groups.items()}
    with transaction.atomic():
        for since, goals in groups.items():
            done.add(_write(measure, goals, found[since], since, through, marks))
    return done


def _since(row: Series | None, now: Mapping[date, str], through: date) -> date | None:
    """From which day on it may have changed; None: from the beginning."""
    if row is None or row.is_stale or row.through > through:
        return None
    then = row.marks
    months = {month.isoformat(): mark for month, mark in now.items()}
    changed = [date.fromisoformat(month) for month in {*months, *then} if months.get(month) != then.get(month)]
    return min([*changed, row.through + DAY])


def _write(measure: Measure, goals: Collection[int], daily: measures.Daily, since: date | None, through: date, marks: Marks) -> Rolled:
    rows = _series(measure, goals, {*daily, *_known_before(measure, goals, since)}, through, marks)
    numbers = {row.goal_id: row.pk for row in rows}
    wanted = {
        (numbers[goal], day): _stored(value)
        for goal, days in daily.items()
        for day, value in days.items()
        if goal in numbers and day <= through and (since is None or day >= since) and (value or not measure.how.adds_up)
    }
    standing = DayValue.objects.filter(series__in=numbers.values(), **({"day__gte": since} if since else {}))
    there = {(series, day): (pk, (value, of)) for pk, series, day, value, of in standing.values_list("pk", "series", "day", "value", "of")}
    gone = [pk for place, (pk, _value) in there.items() if place not in wanted]
    new = [place for place, value in wanted.items() if place not in there or there[place][1] != value]
    for begin in range(0, len(gone), BATCH):
        DayValue.objects.filter(pk__in=gone[begin : begin + BATCH]).delete()
    DayValue.objects.bulk_create(
        [DayValue(series_id=series, day=day, value=wanted[series, day][0], of=wanted[series, day][1]) for series, day in new],
        batch_size=BATCH, update_conflicts=True, unique_fields=["series", "day"], update_fields=["value", "of"],
    )  # fmt: skip
    return Rolled(len(rows), len(new), len(gone))


def _known_before(measure: Measure, goals: Collection[int], since: date | None) -> set[int]:
    """Goals that have figures of days that were not looked at."""
    rows = DayValue.objects.filter(series__goal__in=list(goals), series__measure=measure.key, day__lt=since) if since else DayValue.objects.none()
    return set(rows.values_list("series__goal", flat=True).distinct())


def _series(measure: Measure, goals: Iterable[int], seen: Collection[int], through: date, marks: Marks) -> list[Series]:
    now = timezone.now()
    Series.objects.bulk_create(
        [
            Series(
                goal_id=goal, measure=measure.key, is_observed=goal in seen, is_stale=False, through=through, settled_at=now,
                marks={month.isoformat(): mark for month, mark in marks.get(goal, {}).items()},
            )
            for goal in goals
        ],
        update_conflicts=True, unique_fields=["goal", "measure"], update_fields=["is_observed", "is_stale", "through", "settled_at", "marks"],
    )  # fmt: skip
    return list(Series.objects.filter(goal__in=list(goals), measure=measure.key))


def _stored(value: Any) -> tuple[int, int | None]:
    return (value.part, value.of) if isinstance(value, Share) else (int(value), None)
