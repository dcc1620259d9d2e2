"""Work for the worker: started when the transaction that asked for it has committed."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.module_loading import import_string
from django_q.tasks import async_task

if TYPE_CHECKING:
    from collections.abc import Iterator

_here = ContextVar("work_here", default=False)


def enqueue(function: str, *args: object) -> None:
    """`function` is a dotted path; `args` must be picklable. Runs at least once: the function must bear a repeat."""

    def start() -> None:
        if _here.get():
            import_string(function)(*args)
        else:
            async_task(function, *args)

    transaction.on_commit(start)


@contextmanager
def in_this_process() -> Iterator[None]:
    """Everything enqueued inside runs at once, here: for commands that end only when their work is done."""
    token = _here.set(True)
    try:
        yield
    finally:
        _here.reset(token)
