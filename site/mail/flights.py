"""Which copies are on the wire, written down before their first byte leaves: a crash from there on shows as in doubt.

A chunk of them is one row. To mark the copies themselves would write each of their indexes anew, which was a third of the database's work.

Whoever takes a copy from a worker locks it first and then looks who is on the wire: either the worker finds, when it has waited for the copy, that it
has lost it, or its flight is seen.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from mail.models import Delivery, Flight

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from django.db.models import QuerySet

State = Delivery.State
LOCK = "SELECT id FROM mail_delivery WHERE id {any_of} AND state = %s AND lease_until = %s ORDER BY id {lock}"


@transaction.atomic(savepoint=False)
def take_off(rows: Sequence[Delivery], *, lease: timedelta) -> list[Delivery]:
    """Of one claim's rows, those that are still the caller's, now on the wire for as long as the lease."""
    if not rows:
        return []
    ours, now = _locked([row.pk for row in rows], rows[0].lease_until), timezone.now()
    held = [row for row in rows if row.pk in ours]
    if held:
        flight = Flight.objects.create(copies=[row.pk for row in held], lease_until=now + lease)
        for row in held:
            row.flight, row.attempts, row.trying_since = flight, row.attempts + 1, row.trying_since or now
    return held


def _locked(ids: list[int], lease: datetime | None) -> set[int]:
    """Written out, since a chunk's worth of the ORM's making of it costs as much as the mails' own writing."""
    is_server = connection.vendor == "postgresql"
    statement = LOCK.format(any_of="= ANY(%s)" if is_server else "IN (SELECT value FROM json_each(%s))", lock="FOR UPDATE" if is_server else "")
    with connection.cursor() as cursor:
        values = [ids if is_server else json.dumps(ids), State.CLAIMED, connection.ops.adapt_datetimefield_value(lease)]
        cursor.execute(statement, values)
        return {number for (number,) in cursor.fetchall()}


def land(rows: Iterable[Delivery]) -> None:
    """What became of them is known. In the transaction that writes it down."""
    landed: dict[Flight, set[int]] = {}
    for row in rows:
        if row.flight is not None:
            landed.setdefault(row.flight, set()).add(row.pk)
    for flight, copies in landed.items():
        mine = Flight.objects.filter(pk=flight.pk)
        if not copies.issuperset(flight.copies) and (known := mine.select_for_update().first()) and (rest := set(known.copies) - copies):
            mine.update(copies=sorted(rest))
        else:
            mine._raw_delete(mine.db)


def on_the_wire() -> set[int]:
    return set(chain.from_iterable(Flight.objects.values_list("copies", flat=True)))


@transaction.atomic
def take_back(rows: QuerySet[Delivery], *, to: Delivery.State = State.SUPPRESSED) -> int:
    """Of the copies, those that wait, or that a worker holds and has not put on the wire yet, are suppressed, or wait again. Returns how many."""
    changes = {"state": to, "settled_at": timezone.now() if to == State.SUPPRESSED else None, "lease_until": None}
    # In this order: what is claimed meanwhile is found after it.
    waiting = 0 if to == State.WAITING else rows.filter(state=State.WAITING).update(**changes)
    locked = rows.filter(state=State.CLAIMED).order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
    if held := set(locked):
        held -= on_the_wire()
    return waiting + Delivery.objects.filter(pk__any_of=sorted(held)).update(**changes)


def lose_expired(now: datetime) -> int:
    """Copies on the wire of workers that are taken for dead are in doubt. They keep their lease: see `ledger.settle`. Returns how many."""
    over = list(Flight.objects.select_for_update().filter(lease_until__lt=now))
    copies = [copy for flight in over for copy in flight.copies]
    lost = Delivery.objects.filter(pk__any_of=copies, state=State.CLAIMED).update(state=State.IN_DOUBT, settled_at=now)
    Flight.objects.filter(pk__in=[flight.pk for flight in over]).delete()
    return lost
