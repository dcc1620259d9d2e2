"""The day's salt: in memory alone, the same for all processes of a machine, and thrown away at midnight.

With it a reader's browser and network become a day-hash, which says no more than "the same as before, today". Without it nobody can find out
whose a day-hash was, and two days have nothing in common. Without Redis it stands in a file of /dev/shm, which is the machine's memory; where
there is none, each process has its own. With Redis it stands there, and ends at midnight by itself.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import struct
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from redis import RedisError

from base.redis import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)
SIZE, DAY = 32, struct.Struct("<q")
MEMORY = Path("/dev/shm")  # noqa: S108 — the machine's memory, in a file that nobody else may read
KEY = "kantama.reach.salt"


class Salts:
    """Of this process; asks the others once a day."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.day: date | None = None
        self.salt = b""
        # When the day begins and ends, in seconds since 1970: asked of the clock alone.
        self.span = (0.0, 0.0)

    def now(self) -> bytes:
        if not self.span[0] <= time.time() < self.span[1]:
            day = timezone.localdate()
            self.of(day)
            self.span = _midnight(day), _midnight(day + timedelta(days=1))
        return self.salt

    def of(self, day: date) -> bytes:
        if self.day != day:
            with self.lock:
                if self.day != day:
                    self.salt, self.day = _shared(day), day
        return self.salt

    def forget(self) -> None:
        self.day, self.salt, self.span = None, b"", (0.0, 0.0)


def _midnight(day: date) -> float:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())).timestamp()


salts = Salts()


def keyed_hash(*parts: str) -> bytes:
    """Eight bytes that are the same for the same parts until midnight."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), key=salts.now(), digest_size=8).digest()


def throw_away(today: date) -> None:
    """What is left of days before: a machine that nobody asked since midnight would keep it."""
    if salts.day is not None and salts.day < today:
        salts.forget()
    with _opened() as file:
        kept = b"" if file is None else os.pread(file, DAY.size, 0)
        if file is not None and len(kept) == DAY.size and DAY.unpack(kept)[0] < today.toordinal():
            os.pwrite(file, bytes(DAY.size + SIZE), 0)


def _shared(day: date) -> bytes:
    if settings.REDIS_URL:
        try:
            return _of_redis(day)
        except RedisError:
            log.warning("Redis does not answer: the readers of today are told apart by this machine alone.")
    with _opened() as file:
        return secrets.token_bytes(SIZE) if file is None else _of_file(file, day)


def _of_redis(day: date) -> bytes:
    key = f"{KEY}.{settings.CACHES['default'].get('KEY_PREFIX', '')}{day.isoformat()}"
    # Of a day that is over, as a clock that was set back would have it: gone within a minute.
    ends = max(int(_midnight(day + timedelta(days=1))), int(time.time()) + 60)
    connection().set(key, secrets.token_bytes(SIZE), nx=True, exat=ends)
    return bytes(connection().get(key) or secrets.token_bytes(SIZE))


def _of_file(file: int, day: date) -> bytes:
    kept = os.pread(file, DAY.size + SIZE, 0)
    if len(kept) == DAY.size + SIZE and DAY.unpack(kept[: DAY.size])[0] == day.toordinal():
        return kept[DAY.size :]
    salt = secrets.token_bytes(SIZE)
    os.pwrite(file, DAY.pack(day.toordinal()) + salt, 0)
    return salt


@contextmanager
def _opened() -> Iterator[int | None]:
    """The file in memory, locked; None where the machine has none, or somebody else has made it."""
    name = hashlib.blake2b(str(settings.REACH_FOLDER).encode(), digest_size=8).hexdigest()
    try:
        file = os.open(MEMORY / f"kantama-{name}", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        yield None
        return
    try:
        flock(file, LOCK_EX)
        yield file if os.fstat(file).st_uid == os.geteuid() else None
    finally:
        os.close(file)
