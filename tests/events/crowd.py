"""A crowd at one event: people who ask, confirm, wait, take what they are offered, decline it, let it lapse, change their groups and cancel.

They come from many processes at once, while these and the clock's worker are killed (`kill -9`) in the middle of what they do.

`make crowd` does it in full: 20 runs of 100 seats, on a database of its own. The suite does it smaller (`test_crowd.py`). The sums are taken from the
rows of those who registered, and never from the product's own count.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import sys
import time
import traceback
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.own_database import own_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess

    from events.models import Event, Registration

WORKERS = 4
# In earnest half an hour, and up to a day.
HOLD, OFFER = timedelta(seconds=2), timedelta(seconds=2)
LONGEST_UNOFFERED = 60.0
PATIENCE = 240.0


@dataclass
class Run:
    """One event and its crowd; `unoffered` is the longest time, in seconds, that seats were free for who stood in line."""

    folder: Path
    event: Event
    people: int
    seed: int
    processes: dict[str, BaseProcess] = field(default_factory=dict)
    killed: int = 0
    looks: int = 0
    unoffered: float = 0.0
    since: float | None = None

    def start(self, name: str) -> None:
        """A fork has this process's modules, and none of its connections."""
        from django.db import connections

        connections.close_all()
        work, words = (clock, (self,)) if name == "clock" else (crowd, (self, int(name)))
        process = multiprocessing.get_context("fork").Process(target=guarded, args=(self, work, words), daemon=True)
        process.start()
        self.processes[name] = process

    def kill(self, name: str) -> None:
        """The process that we started, and no other."""
        process = self.processes[name]
        if process.pid and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()

    @property
    def is_over(self) -> bool:
        return (self.folder / "over").exists()

    def errors(self) -> str:
        log = self.folder / "errors.log"
        return log.read_text() if log.exists() else ""


def guarded(run: Run, work: Callable[..., None], words: tuple[Any, ...]) -> None:
    """In a process of its own. Nothing may break: whatever does is written down."""
    from django.db import connections

    from events import actions, waiting

    actions.HOLD, waiting.LONGEST_OFFER, waiting.SHORTEST_OFFER = HOLD, OFFER, OFFER
    try:
        work(*words)
    except BaseException:
        with (run.folder / "errors.log").open("a") as log:
            log.write(traceback.format_exc())
    finally:
        connections.close_all()
        os._exit(0)


def clock(run: Run) -> None:
    """What the schedule does each minute, more often."""
    from events import lapsing, waiting

    while not run.is_over:
        lapsing.release_expired_holds()
        waiting.offer_everywhere()
        time.sleep(0.2)


def crowd(run: Run, worker: int) -> None:
    """Those of the crowd who are this worker's, one after another, and between them what others of them do.

    A worker that follows a killed one goes on where that stopped.
    """
    from events.models import Registration

    rows = Registration.objects.filter(event=run.event)
    chance = random.Random(f"{run.seed}-{worker}-{rows.count()}")
    for number in range(worker, run.people, WORKERS):
        if not rows.filter(person__email=address(number)).exists():
            come(run.event, number, chance)
        do_something(run, worker, chance)
    (run.folder / f"done-{worker}").touch()
    while not run.is_over:
        do_something(run, worker, chance, cancels=0.02)
        time.sleep(0.02)


def address(number: int) -> str:
    return f"p{number}@example.org"


def come(event: Event, number: int, chance: random.Random) -> None:
    """One in seven never follows the link, one in five brings others."""
    from events import actions

    guests = [{"first_name": "Vieno", "last_name": "Vieras"}] * (chance.choice([1, 2, 3]) if chance.random() < 0.2 else 0)
    words = {"first_name": "Aino", "last_name": f"Esimerkki {number}", "language": "fi", "guests": guests}
    registration = actions.ask_registration(event=event, email=address(number), **words)
    if chance.random() > 1 / 7:
        try_to(actions.confirm_registration, registration)


def do_something(run: Run, worker: int, chance: random.Random, *, cancels: float = 0.2) -> None:
    """One of this worker's people answers an offer, changes the group, or cancels."""
    from events import actions, changing
    from events.models import Registration

    mine = [address(number) for number in range(worker, run.people, WORKERS)]
    rows = Registration.objects.filter(event=run.event, person__email__in=mine)
    if offered := rows.filter(state="offered").order_by("?").first():
        if chance.random() < 0.8:
            try_to(chance.choice([actions.confirm_registration] * 4 + [actions.cancel_registration]), offered)
    elif chance.random() < cancels and (one := rows.filter(state__in=("confirmed", "waiting", "held")).order_by("?").first()):
        if chance.random() < 0.7:
            try_to(actions.cancel_registration, one)
        else:
            guests = [{"first_name": "Vieno", "last_name": "Vieras"}] * chance.randrange(3)
            try_to(lambda row: changing.change_registration(row, mode="in_person", guests=guests), one)


def try_to(act: Callable[[Registration], Any], registration: Registration) -> None:
    """These are answers, and no errors."""
    from events.refusals import EventFull, GroupTooLarge, RegistrationClosed

    try:
        act(registration)
    except (EventFull, GroupTooLarge, RegistrationClosed):
        return


def look(run: Run) -> None:
    """In one statement each: who takes seats by their own rows, beside what the pool says; and who stands in line beside what is free."""
    from django.db.models import F, IntegerField, OuterRef, Subquery, Sum
    from django.db.models.functions import Coalesce

    from events.models import Pool, Registration
    from events.models.registrations import TAKING
    from events.waiting import PATIENCE as PASSES

    takers = Registration.objects.filter(event=OuterRef("event"), state__in=TAKING).order_by().values("event")
    total = Coalesce(Subquery(takers.annotate(total=Sum("size")).values("total"), output_field=IntegerField()), 0)
    pool = Pool.objects.filter(event=run.event).annotate(by_rows=total).get()
    assert pool.by_rows == pool.taken <= pool.capacity, (pool.by_rows, pool.taken, pool.capacity)
    free = Pool.objects.filter(event=OuterRef("event"), key="in_person").annotate(free=F("capacity") - F("taken")).values("free")
    line = Registration.objects.filter(event=run.event).in_line().annotate(free=Subquery(free)).values_list("size", "passed", "free")
    fits = False
    for size, passed, left in line:
        fits = size <= left
        if fits or (passed >= PASSES and size <= pool.capacity):
            break
    now = time.monotonic()
    run.since = (run.since or now) if fits else None
    run.unoffered = max(run.unoffered, now - run.since) if run.since else run.unoffered
    assert run.unoffered <= LONGEST_UNOFFERED
    assert not run.errors(), run.errors()
    run.looks += 1


def go(run: Run, *, kills: int) -> None:
    """Till all have come, have been killed `kills` times in between, and what was held or offered has been answered."""
    from events.models import Registration

    chance, end = random.Random(run.seed), time.monotonic() + PATIENCE
    names = [*map(str, range(WORKERS)), "clock"]
    points = sorted(chance.sample(range(1, run.people), kills))
    try:
        for name in names:
            run.start(name)
        while not all((run.folder / f"done-{worker}").exists() for worker in range(WORKERS)) or points:
            look(run)
            if points and Registration.objects.filter(event=run.event).count() >= points[0]:
                points.pop(0)
                name = chance.choice(names)
                time.sleep(chance.random() * 0.05)
                run.kill(name)
                run.killed += 1
                run.start(name)
            assert time.monotonic() < end, "the crowd does not get on"
            time.sleep(0.01)
        settle = time.monotonic() + 2 * OFFER.total_seconds()
        while time.monotonic() < settle:
            look(run)
            time.sleep(0.02)
        (run.folder / "over").touch()
        for process in run.processes.values():
            process.join(timeout=30)
        look(run)
    finally:
        for name in list(run.processes):
            run.kill(name)


def make_event(capacity: int) -> Event:
    from tests import factories

    theme = factories.make_theme()
    calendar = factories.make_events_page(factories.make_home(theme))
    page = factories.make_event_page(calendar, goals=[factories.make_goal(theme)], capacity=capacity, largest_group=4)
    event: Event = page.event
    return event


def main() -> None:
    parser = argparse.ArgumentParser(prog="make crowd CROWD=", description="A crowd at one event after another, while its workers are killed.")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--capacity", type=int, default=100)
    parser.add_argument("--people", type=int, default=220)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    with own_database():
        for number in range(options.runs):
            with TemporaryDirectory(prefix="kantama-crowd-") as name:
                sys.stdout.write(report(Path(name), options, options.seed + number))
                sys.stdout.flush()


def report(folder: Path, options: argparse.Namespace, seed: int) -> str:
    from django.db import connection
    from django.db.models import Count
    from wagtail.models import Page, Site

    from events.models import Registration
    from tests import factories

    with ExitStack() as stack:
        if not Site.objects.exists() or not Page.objects.filter(depth=2).exists():
            factories.make_root()
        run, before = Run(folder, make_event(options.capacity), options.people, seed), time.monotonic()
        stack.callback(lambda: Registration.objects.all().delete())
        go(run, kills=options.kills)
        rows = Registration.objects.filter(event=run.event).order_by()
        states = dict(rows.values_list("state").annotate(number=Count("pk")))
    took = time.monotonic() - before
    return (
        f"Seed {seed} on {connection.vendor}: {options.people} people for {options.capacity} seats, {run.killed} killed, {took:.0f} s."
        f" Never over at {run.looks:,} looks; no seat unoffered for more than {run.unoffered:.2f} s. {states}\n"
    )


if __name__ == "__main__":
    main()
