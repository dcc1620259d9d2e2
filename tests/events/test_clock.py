"""A seat that comes free by the clock is offered within a minute, also while the worker has its hands full."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.tasks import async_task

from base import clock
from events import actions, lapsing, line_mails, seats, waiting
from events.models import Pool, Registration
from tests import factories
from tests.editing.test_scheduled import start_worker, stop, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

State = Registration.State
PROCESSES = 2


def be_busy(mark: Path) -> None:
    """As a mailing keeps a process of the worker."""
    mark.touch()
    time.sleep(300)


@pytest.mark.django_db(transaction=True)
def test_a_lapsed_hold_goes_to_the_next_in_line_while_both_processes_of_the_worker_are_busy(tmp_path: Path) -> None:
    factories.make_root()
    theme = factories.make_theme()
    calendar = factories.make_events_page(factories.make_home(theme))
    event = factories.make_event_page(calendar, goals=[factories.make_goal(theme)], capacity=1).event
    words = {"event": event, "first_name": "Aino", "last_name": "Esimerkki", "language": "fi"}
    held = actions.ask_registration(email="aino@example.org", **words)
    waiting = actions.confirm_registration(actions.ask_registration(email="bo@example.org", **words))
    for number in range(PROCESSES):
        # The worker of these tests reads the database, also where the tests have Redis.
        async_task(be_busy, tmp_path / f"busy-{number}", broker=ORM())
    worker = start_worker(tmp_path)
    try:
        wait_until(lambda: len(list(tmp_path.glob("busy-*"))) == PROCESSES, timezone.now() + timedelta(seconds=120))
        Registration.objects.filter(pk=held.pk).update(held_until=(lapsed := timezone.now()))
        rows = Registration.objects.filter(pk=waiting.pk, state=State.OFFERED)
        offered = wait_until(rows.exists, lapsed + timedelta(seconds=60))
    finally:
        stop(worker, signal.SIGKILL)
    held.refresh_from_db()
    assert held.state == State.EXPIRED
    print(f"\noffered {(offered - lapsed).total_seconds():.1f} s after the hold had lapsed")


def test_a_hold_that_cannot_be_let_go_keeps_no_other_waiting(ask: Callable[..., Registration], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        ask(f"{name}@example.org")
    Registration.objects.update(held_until=timezone.now(), state=State.OFFERED)
    tell = line_mails.send_lapse

    def fails(row: Registration) -> None:
        if row.person.email == "a@example.org":
            raise RuntimeError("out of order")
        tell(row)

    monkeypatch.setattr(line_mails, "send_lapse", fails)
    assert lapsing.release_expired_holds() == 1
    assert dict(Registration.objects.values_list("person__email", "state")) == {"a@example.org": State.OFFERED, "b@example.org": State.EXPIRED}


def test_holds_of_one_event_end_together(ask: Callable[..., Registration], monkeypatch: pytest.MonkeyPatch) -> None:
    """The line of writers is stood in once, and the waiting list walked once."""
    Pool.objects.update(capacity=20)
    for number in range(3):
        ask(f"p{number}@example.org")
    Registration.objects.update(held_until=timezone.now())
    walks, offer = list[int](), waiting.offer_seats
    monkeypatch.setattr(waiting, "offer_seats", lambda event: (walks.append(event.pk), offer(event))[1])
    assert lapsing.release_expired_holds() == 3
    assert len(walks) == 1
    assert set(Registration.objects.values_list("state", flat=True)) == {State.EXPIRED}
    assert Pool.objects.get().taken == 0


def test_a_busy_database_keeps_holds_for_the_next_time(ask: Callable[..., Registration], monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    Registration.objects.update(held_until=timezone.now())
    busy = OperationalError("database is locked")
    busy.__cause__ = sqlite3.OperationalError("database is locked")
    busy.__cause__.sqlite_errorcode = sqlite3.SQLITE_BUSY

    def refuses(event: object) -> None:
        raise busy

    with monkeypatch.context() as broken:
        broken.setattr(seats, "lock", refuses)
        assert lapsing.release_expired_holds() == 0
    assert lapsing.release_expired_holds() == 1


@pytest.mark.django_db
def test_what_fails_by_the_clock_keeps_nothing_else_from_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    is_over = threading.Event()
    monkeypatch.setattr(clock, "PAUSE", 0.01)
    monkeypatch.setattr(clock, "_every", {"fails": 0, "ends": 0})
    monkeypatch.setattr(clock, "import_string", {"fails": lambda: 1 / 0, "ends": is_over.set}.__getitem__)
    clock.run(is_over)
    assert is_over.is_set()
