"""Short work that may not wait for its turn: a thread of each of the worker's processes does it every few seconds, however long their tasks take.

django-q2 looks at its schedules every 30 s, and what is due then stands in line behind all other tasks: what runs each minute may come after
90 s, and later while a mailing leaves. The work must bear that several processes do it at once.
"""

from __future__ import annotations

import logging
import time
from threading import Event, Thread
from typing import TYPE_CHECKING

from django.db import close_old_connections
from django.utils.module_loading import import_string
from django_q.signals import post_spawn

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)
PAUSE = 1.0
_every: dict[str, float] = {}


def every(seconds: float, function: str) -> None:
    """From `ready()`: `function` is a dotted path, called without words. It is first called so many seconds after the process has begun."""
    _every[function] = seconds


def start(**_spawned: object) -> None:
    """In a process of the worker, which has just been forked: it ends with the process."""
    Thread(target=run, args=(Event(),), daemon=True, name="clock").start()


def run(is_over: Event) -> None:
    due = {function: time.monotonic() + seconds for function, seconds in _every.items()}
    while not is_over.wait(PAUSE):
        for function in [name for name, at in due.items() if at <= time.monotonic()]:
            _do(function, import_string(function))
            due[function] = time.monotonic() + _every[function]


def _do(name: str, function: Callable[[], object]) -> None:
    close_old_connections()
    try:
        function()
    except Exception:
        logger.exception("What the clock does failed (%s); it is tried again.", name)
    finally:
        close_old_connections()


def connect() -> None:
    post_spawn.connect(start, dispatch_uid="base.clock.start")
