"""Writers of SQLite stand in line."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import pytest
from django.db import OperationalError, connection, connections, transaction

WRITERS, TURNS = 4, 12

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a queue of its own")


def test_nobody_writes_twice_while_the_same_others_wait(transactional_db: None) -> None:
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
    assert sum(one == following for one, following in pairwise(turns[: len(turns) // 2])) <= WRITERS
    assert max(waits) < WRITERS * 4


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
