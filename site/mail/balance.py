"""The sums of a mailing: frozen = sent + failed + suppressed + in doubt + waiting, at every look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from mail.models import Delivery, Mailing

if TYPE_CHECKING:
    from collections.abc import Iterable

# Seconds.
PACE_KEPT = 10


@dataclass(frozen=True)
class Balance:
    """`frozen` was counted while freezing, the rest is counted from the rows; `waiting` is all that is still open."""

    frozen: int
    sent: int
    failed: int
    suppressed: int
    in_doubt: int
    waiting: int

    @property
    def is_balanced(self) -> bool:
        return self.frozen == self.sent + self.failed + self.suppressed + self.in_doubt + self.waiting


def balance(mailing: Mailing) -> Balance:
    return balances([mailing.pk])[mailing.pk]


def balances(mailing_ids: Iterable[int]) -> dict[int, Balance]:
    """Two queries, whatever the number of mailings; the second reads nothing but the index of states."""
    frozen = dict(Mailing.objects.filter(pk__in=list(mailing_ids)).values_list("pk", "frozen_count"))
    found = {number: dict.fromkeys(("waiting", *(state.value for state in Delivery.SETTLED)), 0) for number in frozen}
    rows = Delivery.objects.filter(mailing__in=frozen).order_by().values_list("mailing", "state").annotate(number=Count("*"))
    for mailing, state, number in rows:
        if mailing is not None:
            found[mailing]["waiting" if state in Delivery.OPEN else state] += number
    return {number: Balance(frozen[number], **counts) for number, counts in found.items()}


def pace(mailing: Mailing) -> int:
    """Copies that were settled within the last minute, as counted some seconds ago: no index knows it, and screens ask every three seconds."""

    def count() -> int:
        since = timezone.now() - timedelta(minutes=1)
        return mailing.deliveries.filter(settled_at__gte=since).exclude(state=Delivery.State.SUPPRESSED).count()

    found: int | None = cache.get_or_set(f"mail.pace:{mailing.key}", count, PACE_KEPT)
    return found or 0
