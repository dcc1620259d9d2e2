"""Seats. The database holds the capacity: nobody reads a count and then writes."""

from __future__ import annotations

from django.db.models import F

from events.models import Event


def take_seat(event: Event) -> bool:
    """Takes a seat in one statement; False when there is none. `event` itself is not refreshed."""
    return Event.objects.filter(pk=event.pk, taken__lt=F("capacity")).update(taken=F("taken") + 1) == 1


def free_seat(event: Event) -> None:
    """Call only when a registration has just stopped taking its seat, in the same transaction."""
    Event.objects.filter(pk=event.pk, taken__gt=0).update(taken=F("taken") - 1)
