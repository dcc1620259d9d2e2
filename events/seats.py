"""Seats. The database holds the capacity: nobody reads a count and then writes. Nothing else changes what is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Collate, Greatest

from base.bounds import everywhere
from events.models import WAYS, Event, Pool, Registration
from events.models.pools import CODE, OPTION, SESSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

OPTIONAL = (OPTION, SESSION)


def take(event: Event, places: Mapping[str, int], *, from_line: bool = False) -> bool:
    """So many places in each pool, all or none; False when one of them has no room. `event` itself is not refreshed.

    Where others wait there is none for who does not come `from_line`, the waiting list.
    """
    return change(event, places, from_line=from_line)


def free(event: Event, places: Mapping[str, int]) -> None:
    """Call only when a registration has just stopped taking these, in the same transaction; then let `waiting.offer_seats` offer them."""
    change(event, {key: -number for key, number in places.items()})


def change(event: Event, by: Mapping[str, int], *, from_line: bool = False) -> bool:
    """Takes where the number is above zero, frees where it is below: one statement a pool, in the order of their keys, so that two never lock
    each other out. All or none."""
    steps = [(_pool(event, key), number) for key, number in sorted(by.items())]
    if len(steps) == 1:
        return _step(*steps[0], from_line=from_line)
    with transaction.atomic():
        for pool, number in steps:
            if not _step(pool, number, from_line=from_line):
                transaction.set_rollback(True)
                return False
    return True


def _step(pool: QuerySet[Pool], number: int, *, from_line: bool) -> bool:
    if number > 0:
        pool = pool if from_line else pool.filter(is_queued=False)
        return pool.filter(taken__lte=F("capacity") - number).update(taken=F("taken") + number) == 1
    if number < 0:
        pool.update(taken=Greatest(F("taken") + number, Value(0)))
    return True


def _pool(event: Event, key: str) -> QuerySet[Pool]:
    """By no theme's bound: its join would make a subquery of the condition, which a second writer's UPDATE does not look at again."""
    with everywhere():
        rows: QuerySet[Pool] = Pool.objects.filter(event=event.pk, key=key)
    return rows


def could_hold(event: Event, places: Mapping[str, int]) -> bool:
    """Whether they would fit if nothing were taken: else waiting for them is in vain."""
    capacity = dict(event.pools.values_list("key", "capacity"))
    return all(capacity.get(key, 0) >= number for key, number in places.items())


def lacks_only_options(event: Event, places: Mapping[str, int]) -> bool:
    """Whether there is a seat, and what is full is a session or an answer that one can do without: then one chooses another rather than wait."""
    full = {pool.key for pool in event.pools.all() if pool.left < places.get(pool.key, 0)}
    return bool(full) and all(key.startswith(OPTIONAL) for key in full)


@transaction.atomic
def set_capacity(event: Event, key: str, capacity: int) -> None:
    """Makes the pool, or changes its capacity, which never goes below what is taken."""
    if not _pool(event, key).update(capacity=Greatest(F("taken"), Value(capacity))):
        Pool.objects.create(event=event, key=key, capacity=capacity)


@transaction.atomic
def set_ways(event: Event, capacities: Mapping[str, int]) -> None:
    """The capacities of the ways to take part. Who chose a way that is no longer held moves to the first that is, whatever its capacity."""
    lock(event)
    for way, capacity in capacities.items():
        set_capacity(event, way, capacity)
    first = next(iter(capacities))
    for gone in Pool.objects.filter(event=event, key__in=set(WAYS) - set(capacities)):
        taken = F("taken") + gone.taken
        _pool(event, first).update(capacity=Greatest(F("capacity"), taken), taken=taken)
        Registration.objects.filter(event=event, mode=gone.key).update(mode=first)
        gone.delete()


@transaction.atomic
def set_codes(event: Event, codes: Mapping[str, int | None]) -> None:
    """What each access code opens, None as much as the event holds. A code that is gone opens nothing; who came by it stays."""
    lock(event)
    whole = sum(pool.capacity for pool in Pool.objects.filter(event=event, key__in=WAYS))
    for code, number in codes.items():
        set_capacity(event, code_key(code), whole if number is None else number)
    for gone in Pool.objects.filter(event=event, key__startswith=CODE).exclude(key__in=map(code_key, codes)):
        set_capacity(event, gone.key, 0)


def code_key(code: str) -> str:
    return f"{CODE}{code.strip().upper()}"


def mark_queues(event: Event, keys: set[str]) -> None:
    """In which pools somebody waits. Call it with the pools locked."""
    with everywhere():
        pools = Pool.objects.filter(event=event.pk)
    pools.filter(key__in=keys, is_queued=False).update(is_queued=True)
    pools.exclude(key__in=keys).filter(is_queued=True).update(is_queued=False)


def lock(event: Event) -> None:
    """All pools of the event, in the order in which `change` takes them, till the transaction ends. SQLite has one writer anyway."""
    if connection.features.has_select_for_update:
        with everywhere():
            list(Pool.objects.select_for_update().filter(event=event.pk).order_by(Collate("key", "C")).values_list("pk"))
