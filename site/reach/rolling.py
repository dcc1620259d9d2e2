"""The roll-up: lines that wait become numbers, and are gone. By `manage.py reach_rollup`, and each minute by the worker.

A part of the lines, its name and what it adds are one transaction. Whoever is killed before it has committed has changed nothing; after it, the
name says that these lines are counted, and what is left of them is only removed. So a roll-up may be killed anywhere, and run again.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum as Summed
from django.utils import timezone

from base.bounds import everywhere
from reach import buffer, salts
from reach.counting import count_views
from reach.lines import Line
from reach.models import RolledUp, Seen, Total
from reach.summing import sums_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from reach.buffer import Part
    from reach.summing import Face, Met, Sum, Sums

log = logging.getLogger(__name__)
# What only one process of all machines does at a time, by PostgreSQL's locks.
LOCK = 7_261_318
MINUTES_KEPT, HOURS_KEPT = timedelta(hours=2), timedelta(days=35)
NAMES_KEPT = timedelta(days=2)
# What fewer different readers have asked is never shown, and after these days not kept.
LEAST_READERS = 3
# Names of one theme, facet and day that are kept apart: nobody fills the tables with made-up ones.
MOST_NAMES, OTHERS = 300, "…"
NAMED = (Total.Facet.CAMPAIGN.value, Total.Facet.OUT.value, Total.Facet.SOUGHT.value)
ADD = """
INSERT INTO reach_total (theme_id, grain, starts, scope, key, facet, value, views, readers, visits, reads, seconds, depth)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (theme_id, grain, scope, facet, starts, key, value) DO UPDATE SET
views = reach_total.views + EXCLUDED.views, readers = reach_total.readers + EXCLUDED.readers, visits = reach_total.visits + EXCLUDED.visits,
reads = reach_total.reads + EXCLUDED.reads, seconds = reach_total.seconds + EXCLUDED.seconds, depth = reach_total.depth + EXCLUDED.depth
"""
DROP = """
INSERT INTO reach_dropped (day, reason, count) VALUES (%s, %s, %s)
ON CONFLICT (day, reason) DO UPDATE SET count = reach_dropped.count + EXCLUDED.count
"""
SEE = """
INSERT INTO reach_seen (day, theme, scope, key, reader, first, last, views, reads) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (day, reader, theme, scope, key) DO UPDATE SET last = EXCLUDED.last, views = EXCLUDED.views, reads = EXCLUDED.reads
"""


def roll_up() -> int | None:
    """How many lines were rolled up; None where another process of this machine is at it."""
    with _alone() as is_alone, everywhere():
        if not is_alone:
            return None
        number = 0
        for what, parts in buffer.taken():
            number += sum(_roll_up_part(part) for part in parts)
            buffer.remove(what)
        forget_old(timezone.now())
        salts.throw_away(timezone.localdate())
        return number


@contextmanager
def _alone() -> Iterator[bool]:
    settings.REACH_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.REACH_FOLDER / "rollup.lock").open("w") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@transaction.atomic
def _roll_up_part(part: Part) -> int:
    """0 where its lines are in the totals already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if RolledUp.objects.filter(name=part.name).exists():
        return 0
    RolledUp.objects.create(name=part.name)
    read = [Line.read(raw) for raw in part.lines]
    told = [line for line in read if line]
    write(sums_of(told, unread=len(read) - len(told)))
    return len(part.lines)


def write(sums: Sums) -> None:
    """In one transaction with the name of what was summed."""
    _bound_names(sums)
    columns = connection.ops
    with connection.cursor() as cursor:
        # In one order, so that nobody waits for each other.
        rows = sorted(sums.totals.items())
        cursor.executemany(ADD, [(*cell[:2], columns.adapt_datetimefield_value(cell.starts), *cell[3:], *_numbers(found)) for cell, found in rows])
        cursor.executemany(DROP, [(columns.adapt_datefield_value(day), why, number) for (day, why), number in sorted(sums.dropped.items()) if number])
        cursor.executemany(SEE, [_as_row(face, sums.seen[face]) for face in sorted(sums.changed)])
    count_views(sums.viewed)


def _numbers(found: Sum) -> tuple[int, ...]:
    return (found.views, found.readers, found.visits, found.reads, found.seconds, found.depth)


def _as_row(face: Face, met: Met) -> tuple[Any, ...]:
    day = connection.ops.adapt_datefield_value(face.day)
    return (day, face.theme, face.scope, face.key, face.reader, met.first, met.last, met.views, met.reads)


def _bound_names(sums: Sums) -> None:
    """What goes beyond the names that a day may have stands together as `OTHERS`."""
    named = [cell for cell in sums.totals if cell.facet in NAMED]
    days = {(cell.theme, cell.facet, cell.starts) for cell in named if cell.grain == Total.Grain.DAY}
    allowed = {day: _names(day) for day in days}
    for cell in named:
        midnight = timezone.localtime(cell.starts).replace(hour=0, minute=0, second=0, microsecond=0)
        known = allowed.get((cell.theme, cell.facet, midnight), set())
        if cell.value in known or cell.value == OTHERS:
            continue
        if len(known) < MOST_NAMES:
            known.add(cell.value)
            continue
        rest, found = sums.totals[cell._replace(value=OTHERS)], sums.totals.pop(cell)
        for name in ("views", "visits", "reads", "seconds", "depth"):
            setattr(rest, name, getattr(rest, name) + getattr(found, name))


def _names(day: tuple[int, str, datetime]) -> set[str]:
    theme, facet, starts = day
    rows = Total.objects.filter(theme=theme, facet=facet, starts=starts, grain=Total.Grain.DAY, scope=Total.Scope.SITE)
    return set(rows.values_list("value", flat=True))


def forget_old(now: datetime) -> None:
    """Day-hashes of days that are over, minutes and hours that nobody looks at any more, and what too few have asked."""
    today: date = timezone.localdate(now)
    Seen.objects.filter(day__lt=today).delete()
    RolledUp.objects.filter(at__lt=now - NAMES_KEPT).delete()
    totals = Total.objects.order_by()
    totals.filter(grain=Total.Grain.MINUTE, starts__lt=now - MINUTES_KEPT).delete()
    totals.filter(grain=Total.Grain.HOUR, starts__lt=now - HOURS_KEPT).delete()
    for facet in (Total.Facet.OUT, Total.Facet.SOUGHT):
        old = totals.filter(grain=Total.Grain.DAY, facet=facet, scope=Total.Scope.SITE, starts__lt=now - HOURS_KEPT)
        for theme, value in _rare(old):
            old.filter(theme=theme, value=value).delete()


def _rare(rows: Iterable[Total]) -> list[tuple[int, str]]:
    found = rows.values("theme", "value").annotate(number=Summed("readers")).filter(number__lt=LEAST_READERS)  # type: ignore[attr-defined]
    return list(found.values_list("theme", "value"))
