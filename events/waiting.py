"""The waiting list: seats that come free are offered at once, in the transaction that frees them, to who has waited longest.

A group is offered seats only when all of them are free. Till then smaller ones behind it are served, but only `PATIENCE` times: after that the
seats that come free are gathered for it, until two days before the event; what is left then goes to whom it fits. So nobody starves, and no seat
stays empty in the end. Priority groups stand before all others. While somebody waits, who comes later stands in line behind them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from base.bounds import everywhere
from events import line_mails, seats
from events.models import Event, Registration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

State = Registration.State
PATIENCE = 3
GATHERED_UNTIL = timedelta(days=2)
LONGEST_OFFER, SHORTEST_OFFER = timedelta(days=1), timedelta(hours=1)


@dataclass
class Room:
    """What is free in each pool while the line is walked, and what of it is gathered for a group."""

    free: dict[str, int]
    capacity: dict[str, int]
    gathered: set[str] = field(default_factory=set)
    waits_for: set[str] = field(default_factory=set)

    def fits(self, places: Mapping[str, int]) -> bool:
        return self.gathered.isdisjoint(places) and all(self.free.get(key, 0) >= number for key, number in places.items())

    def ever_fits(self, places: Mapping[str, int]) -> bool:
        return all(self.capacity.get(key, 0) >= number for key, number in places.items())


@transaction.atomic
def offer_seats(event: Event, *, untold: Registration | None = None) -> list[Registration]:
    """Offers what is free. Whoever frees a place, or joins the line, calls it in the same transaction: the lock on the pools makes them wait for each
    other, so that no free seat is overlooked. `untold` gets no mail: it is here and hears it at once."""
    seats.lock(event)
    now = timezone.now()
    with everywhere():
        event.renew()
        line = list(Registration.objects.filter(event=event).in_line().select_related("person"))
        pools = {pool.key: pool for pool in event.pools.all()}
    for registration in line:
        registration.event = event
    if event.is_cancelled or event.has_begun:
        line = []
    room = Room({key: pool.left for key, pool in pools.items()}, {key: pool.capacity for key, pool in pools.items()})
    offered = _walk(line, room, is_gathering=now < event.starts_at - GATHERED_UNTIL)
    for registration in offered:
        _offer(registration, until(event, now), tells=registration != untold)
    seats.mark_queues(event, room.waits_for)
    return offered


def _walk(line: list[Registration], room: Room, *, is_gathering: bool) -> list[Registration]:
    """Whom to offer their seats."""
    offered: list[Registration] = []
    passed: list[Registration] = []
    for registration in line:
        places = registration.places
        if room.fits(places):
            offered.append(registration)
            for key, number in places.items():
                room.free[key] -= number
            _count_passed(passed, places)
            continue
        passed.append(registration)
        room.waits_for |= places.keys()
        if is_gathering and registration.passed >= PATIENCE and room.ever_fits(places):
            room.gathered |= places.keys()
    return offered


def _count_passed(passed: list[Registration], places: Mapping[str, int]) -> None:
    for registration in passed:
        if not places.keys().isdisjoint(registration.places):
            registration.passed += 1
            registration.row().update(passed=F("passed") + 1)


def _offer(registration: Registration, held_until: datetime, *, tells: bool) -> None:
    """The seats are held till then, and nobody else has them."""
    if registration.row().filter(state=State.WAITING).update(state=State.OFFERED, held_until=held_until):
        if not seats.take(registration.event, registration.places, from_line=True):
            raise RuntimeError("seats that were free under lock are taken")
        registration.state, registration.held_until = State.OFFERED, held_until
        if tells:
            line_mails.send_offer(registration)


def until(event: Event, now: datetime) -> datetime:
    """When an offer lapses: after a quarter of the time that is left, an hour at least and a day at most, and never after the event has begun."""
    span = max(SHORTEST_OFFER, min(LONGEST_OFFER, (event.starts_at - now) / 4))
    return min(now + span, event.starts_at)


def join(registration: Registration, *, tells: bool = True) -> None:
    """Whose address is confirmed stands in line by the time of asking, and may be offered seats at once; then `tells` by mail."""
    now = timezone.now()
    seats.lock(registration.event)
    registration.row().update(state=State.WAITING, verified_at=now, waiting_since=F("asked_at"), passed=0, ended_at=None)
    offer_seats(registration.event, untold=None if tells else registration)
    registration.renew()


def offer_everywhere() -> int:
    """By the clock: the net under `offer_seats`. How many were offered seats."""
    waiting = Registration.objects.filter(state=State.WAITING, verified_at__isnull=False, event__starts_at__gt=timezone.now())
    queued = Event.objects.filter(pools__is_queued=True)
    events = Event.objects.filter(pk__in=waiting.values("event")) | Event.objects.filter(pk__in=queued.values("pk"))
    return sum(len(offer_seats(event)) for event in events.order_by("pk"))
