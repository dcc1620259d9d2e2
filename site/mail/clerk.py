"""Writes the ledger while the wire is busy: what came of the chunk before, and that the chunk to follow begins.

What is marked counts as on its way, so that as many as two chunks stand in doubt when a worker dies.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import InterfaceError, OperationalError, connection, connections, transaction
from django.utils import timezone

from mail import ledger
from mail.transports import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mail.models import Delivery

    Results = Sequence[tuple[Delivery, Outcome]]
    # Sends one chunk and tells what came of it.
    Work = Callable[[], Results]

log = logging.getLogger(__name__)
DATABASE_PAUSE = 0.5
AT_ONCE = timedelta(0)


class Clerk:
    """On PostgreSQL a thread with a connection of its own. Without it the ledger is written between two chunks: SQLite takes one writer at a
    time and waits for no network, and rows of an open transaction are seen by no other connection.
    """

    def __init__(self) -> None:
        is_beside = connection.vendor == "postgresql" and not connection.in_atomic_block
        self.desk = ThreadPoolExecutor(1, "mail-clerk") if is_beside else None
        self.unwritten: Results = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is unwritten here, unless something broke on the way: then it is in doubt already."""
        if self.desk:
            self.desk.submit(connections.close_all).result()
            self.desk.shutdown()

    def work(self, work: Work, following: Sequence[Delivery]) -> tuple[Results, list[Delivery]]:
        """What came of the work, and those of the following chunk that are ours, marked. If the work breaks, they are given back."""
        if self.desk is None:
            try:
                results = work()
            except BaseException:
                ledger.release(following, due_at=timezone.now())
                raise
            return results, settle_and_mark(results, following)
        writing = self.desk.submit(settle_and_mark, self.unwritten, following)
        self.unwritten = []
        try:
            self.unwritten = work()
        except BaseException:
            settle_and_mark(not_tried(writing.result()), [])
            raise
        return self.unwritten, writing.result()

    def finish(self, untouched: Results = ()) -> None:
        """Writes what is still known of the last chunk, and of those that were marked and not sent."""
        results, self.unwritten = [*self.unwritten, *untouched], []
        if results:
            settle_and_mark(results, [])


def not_tried(rows: Sequence[Delivery], *, wait: timedelta = AT_ONCE) -> Results:
    outcome = Outcome(Kind.NOT_TRIED, wait=wait)
    return [(row, outcome) for row in rows]


def settle_and_mark(results: Results, chunk: Sequence[Delivery]) -> list[Delivery]:
    """What is known must be written down, or it would stand as in doubt: a database that went away is waited for, as long as the lease lasts."""
    end = time.monotonic() + ledger.LEASE.total_seconds()
    while True:
        try:
            with transaction.atomic():
                if results:
                    ledger.settle(results)
                return ledger.mark_in_flight(chunk)
        except (OperationalError, InterfaceError):
            connection.close()
            if not results or time.monotonic() > end:
                raise
            log.warning("The database does not answer; %d results wait to be written down.", len(results))
            time.sleep(DATABASE_PAUSE)
