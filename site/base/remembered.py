"""What many pages show and few changes touch: read once in each process, and again after a change.

It holds as long as a page in the page cache: until the number of `base.page_changes` rises, so whoever changes such rows says so as they do for
pages (`watch`, `forget_pages`). Inside a transaction nothing is kept: what is seen there, others do not see yet.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models.signals import post_migrate

from base import page_changes
from base.bounds import everywhere

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    T = TypeVar("T")

# With many pages, the rows of the last that were asked for.
MOST_VALUES = 5_000
# A bound for what no change tells of, such as the message of another machine that was lost.
SECONDS = 60


class Kept(NamedTuple):
    generation: int
    until: float
    values: dict[Hashable, Any]


_kept = Kept(-1, 0.0, {})


def remember(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` returned for the key. Others get the same object: nobody changes it. None is kept as well."""
    if connection.in_atomic_block:
        with everywhere():
            return make()
    values = _values()
    try:
        found: T = values[key]
    except KeyError:
        # Under the number that was read before: a change in the middle makes this an old one.
        with everywhere():
            found = make()
        if len(values) >= MOST_VALUES:
            values.clear()
        values[key] = found
    return found


def forget(**_what: object) -> None:
    global _kept
    _kept = Kept(-1, 0.0, {})


def _values() -> dict[Hashable, Any]:
    """Another thread may put a new dictionary in place at any moment; whoever holds the old one fills that in vain."""
    global _kept
    kept, generation, now = _kept, page_changes.generation().value(), time.monotonic()
    if kept.generation != generation or kept.until < now:
        _kept = kept = Kept(generation, now + SECONDS, {})
    return kept.values


# Migrations change rows without a word.
post_migrate.connect(forget, dispatch_uid="base.remembered")
