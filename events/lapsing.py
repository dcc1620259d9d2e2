"""By the clock: holds that nobody confirmed and offers that nobody took in time end, and what they held is offered to the next in line.

Those of one event end together. Each by itself would stand in the line of those who write once more, and walk the waiting list once more: in a flood
the last of some dozens ended minutes late.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import OperationalError, transaction
from django.utils import timezone

from base.busy import is_busy
from events import actions, line_mails, seats, waiting
from events.models import Registration
from events.models.registrations import PENDING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

logger = logging.getLogger(__name__)
State = Registration.State
# In one transaction: others wait for its end.
AT_ONCE = 50


def release_expired_holds() -> int:
    """How many have ended. One that fails keeps no other waiting."""
    now = timezone.now()
    overdue = Registration.objects.filter(state__in=PENDING, held_until__lte=now).exclude(
        state__in=(State.WAITING, State.APPLIED), verified_at__isnull=False
    )
    by_event: dict[int, list[Registration]] = defaultdict(list)
    for registration in overdue.select_related("event__theme", "person").order_by("held_until", "pk"):
        by_event[registration.event_id].append(registration)
    lots = [rows[at : at + AT_ONCE] for rows in by_event.values() for at in range(0, len(rows), AT_ONCE)]
    return sum(_release_lot(lot, now) for lot in lots)


def _release_lot(lot: Sequence[Registration], now: datetime) -> int:
    try:
        return _release(lot, now)
    except Exception as error:
        # One by one only where one of them fails, and not where the database has no turn for any.
        if len(lot) > 1 and not (isinstance(error, OperationalError) and is_busy(error)):
            return sum(_release_lot([registration], now) for registration in lot)
        logger.exception("Holds could not be let go (pk=%s); they are tried again.", ", ".join(str(one.pk) for one in lot))
        return 0


@transaction.atomic
def _release(lot: Sequence[Registration], now: datetime) -> int:
    """Of one event."""
    event, number, untaken = lot[0].event, 0, list[Registration]()
    # Before the rows, as `actions.end` does.
    seats.lock(event)
    for registration in lot:
        registration.event = event
        was = actions.stop(registration, State.EXPIRED, (State.HELD, State.OFFERED), held_until__lte=now)
        was = was or actions.stop(registration, State.EXPIRED, (State.WAITING, State.APPLIED), held_until__lte=now, verified_at=None)
        number += bool(was)
        untaken += [registration] if was == State.OFFERED else []
    if number:
        waiting.offer_seats(event)
    for registration in untaken:
        line_mails.send_lapse(registration)
    return number
