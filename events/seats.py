"""Seats. The database holds the capacity: nobody reads a count and then writes. Nothing else changes what is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from base.bounds import everywhere
from events.models import WAYS, Event, Pool, Registration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet


def take(event: Event, places: Mapping[str, int]) -> bool:
    """So many places in each pool, all or none; False when one of them has no room. `event` itself is not refreshed."""
    return change(event, places)


def free(event: Event, places: Mapping[str, int]) -> None:
    """Call only when a registration has just stopped taking these, in the same transaction."""
    change(event, {key: -number for key, number in places.items()})


def change(event: Event, by: Mapping[str, int]) -> bool:
    """Takes where the number is above zero, frees where it is below: one statement a pool, in the order of their keys, so that two never lock
    each other out. All or none."""
    with transaction.atomic():
        for key, number in sorted(by.items()):
            if not _step(event, key, number):
                transaction.set_rollback(True)
                return False
    return True


def _step(event: Event, key: str, number: int) -> bool:
    pool = _pool(event, key)
    if number > 0:
        return pool.filter(taken__lte=F("capacity") - number).update(taken=F("taken") + number) == 1
    if number < 0:
        pool.update(taken=Greatest(F("taken") + number, Value(0)))
    return True


def _pool(event: Event, key: str) -> QuerySet[Pool]:
    """By no theme's bound: its join would make a subquery of the condition, which a second writer's UPDATE does not look at again."""
    with everywhere():
        rows: QuerySet[Pool] = Pool.objects.filter(event=event.pk, key=key)
    return rows


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


def lock(event: Event) -> None:
    """All pools of the event, in the order of their keys, till the transaction ends. SQLite has one writer anyway."""
    with everywhere():
        list(Pool.objects.select_for_update().filter(event=event.pk).order_by("key").values_list("pk"))
