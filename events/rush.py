"""When many ask and few confirm, as scripts do: how much of an event stands unconfirmed, and what follows from it.

What was asked for within a day and whose link nobody has followed counts, place by place. Up to ten, or a quarter of the capacity, that is a usual
day. Beyond it there is a rush: the form asks for a proof of work (`base.proof`), and the links of who brings none leave one after another. On any day
at most half of the seats that nobody has confirmed are held: the others go to whoever confirms first.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, Q, Sum
from django.utils import timezone

from base.bounds import everywhere
from events.models import Pool, Registration
from events.models.facts import WAYS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from contacts.models import Person
    from events.models import Event

A_DAY = timedelta(days=1)
# Staff's second press of a button is no second wish.
A_MINUTE = timedelta(minutes=1)
QUIET_SHARE, QUIET_LEAST = 4, 10
# So many may be held on a usual day, however few are left.
HELD_LEAST = 3
MOST_STRENGTH = 4
# Of who brings no proof: when the first link leaves, how far apart they are, and how long the line may be.
FIRST_SLOW, SLOW_GAP, LONGEST_SLOW = timedelta(minutes=1), timedelta(seconds=10), timedelta(hours=1)


class TooManyAtOnce(Exception):
    """The line of those who bring no proof is an hour long."""


def is_link_due(registration: Registration, now: datetime, *, by_staff: bool = False) -> bool:
    """Whether it may be mailed a link and hold seats: once a day until the link is followed, however often somebody fills in the form."""
    sent = registration.link_sent_at
    return sent is None or registration.verified_at is not None or now - sent >= (A_MINUTE if by_staff else A_DAY)


def unconfirmed(event: Event) -> int:
    """Places asked for within a day by who has not followed the link."""
    with everywhere():
        rows = Registration.objects.filter(event=event.pk, verified_at=None, link_sent_at__gt=timezone.now() - A_DAY)
        return rows.aggregate(places=Sum("size"))["places"] or 0


def quiet(event: Event) -> int:
    return max(QUIET_LEAST, event.capacity // QUIET_SHARE)


def strength(event: Event, size: int = 1) -> int:
    """Of the proof that is asked for: 0 on a usual day, then one more each time the unconfirmed places have doubled."""
    times = (unconfirmed(event) + size - 1) // quiet(event)
    return min(times.bit_length(), MOST_STRENGTH)


def may_hold(event: Event, places: Mapping[str, int]) -> bool:
    """Whether seats are held on the mere asking: scripts never hold them all. Call it with the pools locked."""
    with everywhere():
        held = Registration.objects.filter(event=event.pk, state=Registration.State.HELD)
        by_way: dict[str, int] = dict(held.order_by().values_list("mode").annotate(people=Sum("size")))
        pools = list(Pool.objects.filter(event=event.pk, key__in=set(WAYS) & places.keys()))
    half = all(by_way.get(pool.key, 0) + places[pool.key] <= (by_way.get(pool.key, 0) + pool.left) // 2 for pool in pools)
    few = all(by_way.get(pool.key, 0) + places[pool.key] <= HELD_LEAST or not by_way.get(pool.key) for pool in pools)
    return half or (few and not strength(event, max(places.values())))


def slow_turn(event: Event, now: datetime) -> datetime:
    """When the link of the next one without a proof leaves. Raises TooManyAtOnce."""
    with everywhere():
        last = Registration.objects.filter(event=event.pk, link_sent_at__gt=now).aggregate(at=Max("link_sent_at"))["at"]
    turn: datetime = max(now + FIRST_SLOW, last + SLOW_GAP) if last else now + FIRST_SLOW
    if turn - now > LONGEST_SLOW:
        raise TooManyAtOnce
    return turn


def unanswered(person: Person) -> int:
    """Links of all events that were mailed within a day and not followed. What stands behind a + in an address makes it no other mailbox."""
    local, _at, domain = person.email.rpartition("@")
    mailbox, plus, _tag = local.partition("+")
    who = Q(person=person.pk)
    if plus:
        who |= Q(person__email__iexact=f"{mailbox}@{domain}") | Q(person__email__istartswith=f"{mailbox}+", person__email__iendswith=f"@{domain}")
    with everywhere():
        return Registration.objects.filter(who, verified_at=None, link_sent_at__gt=timezone.now() - A_DAY).count()
