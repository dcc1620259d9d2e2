"""Where lines wait for the roll-up: a file of each process in the data folder, or a stream of Redis where REDIS_URL is set.

A line is written at once, so that a process that is killed loses none. Whoever rolls up takes a file, or the stream, by giving it another name:
from then on nobody writes to it, and it can be read again and again until its lines are in the database.
"""

from __future__ import annotations

import logging
import os
import secrets
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_UN, flock
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from redis import RedisError, ResponseError

from base.redis import connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = logging.getLogger(__name__)
# Of one process, and of the stream: some three million lines. More than that waits only where nothing has been rolled up for long.
MOST_BYTES, MOST_LINES = 256 * 1024 * 1024, 3_000_000
STREAM, FIELD = "kantama.reach.lines", b"l"
# Lines that become one transaction, at most.
PART = 50_000


class File:
    """Of this process; made anew after a fork, and after it was taken."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.pid, self.fd, self.path, self.is_good = 0, -1, "", False

    def append(self, line: bytes) -> bool:
        """False where the file is as full as it may be."""
        with self.lock:
            while True:
                self._open()
                flock(self.fd, LOCK_EX)
                try:
                    if not self._is_mine():
                        # Taken since: the next one is opened.
                        self.is_good = False
                        continue
                    if os.fstat(self.fd).st_size > MOST_BYTES:
                        return False
                    os.write(self.fd, line)
                    return True
                finally:
                    flock(self.fd, LOCK_UN)

    def _open(self) -> None:
        folder = str(settings.REACH_FOLDER)
        if self.is_good and self.pid == os.getpid() and self.path.startswith(folder):
            return
        self.close()
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.pid = os.getpid()
        self.path = f"{folder}/{self.pid}-{secrets.token_hex(4)}.lines"
        self.fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self.is_good = True

    def _is_mine(self) -> bool:
        """Whether nobody has taken it since it was opened."""
        try:
            return os.stat(self.path).st_ino == os.fstat(self.fd).st_ino
        except OSError:
            return False

    def close(self) -> None:
        if self.fd >= 0:
            with suppress(OSError):
                os.close(self.fd)
        self.fd = -1


file = File()


def append(line: bytes) -> bool:
    """False where it had no room, and is lost."""
    if settings.REDIS_URL:
        try:
            connection().xadd(_stream(), {FIELD: line}, maxlen=MOST_LINES, approximate=True)
        except RedisError:
            log.warning("Redis does not answer: readers are counted in a file.")
        else:
            return True
    try:
        return file.append(line)
    except OSError:
        log.exception("A reader was not counted.")
        return False


class Part(NamedTuple):
    """Lines that are rolled up together; the name is theirs for good."""

    name: str
    lines: list[bytes]


def taken() -> Iterator[tuple[Any, Iterator[Part]]]:
    """What waits, and what was taken before and not finished: (what `remove` takes, its parts)."""
    for path in _taken_files():
        yield path, _parts_of_file(path)
    if settings.REDIS_URL:
        for key in _taken_streams():
            yield key, _parts_of_stream(key)


def remove(what: Any) -> None:
    """Once all of its lines are in the database."""
    if isinstance(what, bytes):
        connection().delete(what)
    else:
        what.unlink(missing_ok=True)


def _taken_files() -> list[Path]:
    folder = settings.REACH_FOLDER
    for path in sorted(folder.glob("*.lines")):
        with suppress(FileNotFoundError), path.open("ab") as writer:
            # Whoever writes at this moment writes to the end.
            flock(writer, LOCK_EX)
            path.rename(folder / f"{path.stem}-{secrets.token_hex(4)}.taken")
    return sorted(folder.glob("*.taken"))


def _parts_of_file(path: Path) -> Iterator[Part]:
    with path.open("rb") as reader:
        number = 0
        while lines := list(islice(reader, PART)):
            yield Part(f"{path.stem}:{number}", lines)
            number += 1


def _stream() -> str:
    return f"{STREAM}{settings.CACHES['default'].get('KEY_PREFIX', '')}"


def _taken_streams() -> list[bytes]:
    redis, stream = connection(), _stream()
    # Of a stream that nobody has written to, Redis says that it is not there.
    with suppress(ResponseError):
        redis.rename(stream, f"{stream}.taken.{secrets.token_hex(8)}")
    return sorted(redis.scan_iter(f"{stream}.taken.*"))


def _parts_of_stream(key: bytes) -> Iterator[Part]:
    last, number = "-", 0
    while rows := connection().xrange(key, min=last, count=PART):
        yield Part(f"{key.decode()}:{number}", [fields[FIELD] for _name, fields in rows])
        last, number = f"({rows[-1][0].decode()}", number + 1
