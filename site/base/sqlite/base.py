"""Django's database backend for SQLite, whose writers stand in line.

SQLite has one writer and no queue: who finds it busy looks again after a pause of up to a tenth of a second, and whoever looks at the right moment
has it. Under steady writing one of five missed its turn for 14 s, while 95 others passed. Here only the first in line looks, and often; the others
wait for a lock on a file beside the database. That lock is held while waiting, never through a transaction, and ends with its process.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from base.busy import is_busy

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

PAUSE = 0.003
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class DatabaseWrapper(base.DatabaseWrapper):
    transaction_mode: str | None

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode is None or self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # Django's stubs lack it
            return
        # The time in line counts: when one writer never ends, the whole line gives up together.
        end = time.monotonic() + self._seconds()
        with self._turn(), self._at_once():
            while not self._begins(is_last=time.monotonic() >= end):
                time.sleep(PAUSE)

    def _begins(self, *, is_last: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except OperationalError as error:
            if is_last or not is_busy(error):
                raise
            return False
        return True

    def create_cursor(self, name: Any = None) -> Any:
        """A statement that writes outside a transaction is one by itself: it stands in line too, or those in line would never let it through."""
        if self.is_in_memory_db():
            return super().create_cursor(name)
        return self.connection.cursor(factory=partial(Cursor, turn=self._turn))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Opened for each turn: a fork would share the lock of an open file."""
        # Named as SQLite names its own files beside the database.
        file = os.open(f"{self.settings_dict['NAME']}-queue", os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """SQLite answers at once whether it is busy."""
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(self._seconds() * 1000)}")

    def _seconds(self) -> float:
        seconds: float = self.settings_dict["OPTIONS"].get("timeout", 5)
        return seconds


class Cursor(base.SQLiteCursorWrapper):
    def __init__(self, connection: sqlite3.Connection, turn: Callable[[], AbstractContextManager[None]]) -> None:
        super().__init__(connection)
        self.turn = turn

    def execute(self, query: Any, params: Any = None) -> Any:
        with self._line(query):
            return super().execute(query, params)

    def executemany(self, query: Any, param_list: Any) -> Any:
        with self._line(query):
            return super().executemany(query, param_list)

    def _line(self, query: str) -> AbstractContextManager[None]:
        return self.turn() if WRITES.match(query) and not self.connection.in_transaction else nullcontext()
