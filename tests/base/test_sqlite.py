"""Writers of SQLite stand in line."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import OperationalError, connection, connections, transaction
from wagtail.models import Site

WRITERS, TURNS = 4, 12

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a queue of its own")


def test_nobody_waits_while_the_others_write_again_and_again(transactional_db: None) -> None:
    turns: list[int] = []

    def write(writer: int) -> None:
        for _turn in range(TURNS):
            with transaction.atomic():
                turns.append(writer)
                time.sleep(0.01)
        connections.close_all()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(turns) == WRITERS * TURNS
    # While all of them are at it. Linux wakes who waits for a lock in no set order: near to fair is enough.
    waits = [turns[at + 1 :].index(turns[at]) for at in range(WRITERS * TURNS // 2) if turns[at] in turns[at + 1 :]]
    assert max(waits) < WRITERS * 4


def test_a_statement_without_a_transaction_stands_in_line_too(transactional_db: None) -> None:
    is_over, turns = threading.Event(), list[int]()

    def write(writer: int) -> None:
        while not is_over.is_set():
            with transaction.atomic():
                turns.append(writer)
                time.sleep(0.05)
        connections.close_all()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    passed = []
    for number in range(5):
        before = len(turns)
        Site.objects.filter(pk=number).update(port=80)
        passed.append(len(turns) - before)
    is_over.set()
    for thread in threads:
        thread.join()
    # Outside the line it has to find a gap of some milliseconds, with pauses of up to a tenth of a second between two looks.
    assert max(passed) < WRITERS * 4


def test_who_waits_in_vain_is_told_in_time_and_can_write_later(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    is_writing, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            is_writing.set()
            may_end.wait(timeout=10)
        connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    is_writing.wait(timeout=10)
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.2)
    before = time.monotonic()
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    assert 0.2 <= time.monotonic() - before < 5
    may_end.set()
    thread.join()
    with transaction.atomic():
        assert connection.in_atomic_block
