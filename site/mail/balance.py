"""The sums of a mailing: frozen = sent + failed + suppressed + in doubt + waiting, at every look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone

from mail.models import Delivery, Mailing

if TYPE_CHECKING:
    from collections.abc import Iterable


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
    """One query, whatever the number of mailings."""
    kinds = {"waiting": Delivery.OPEN} | {state.value: (state,) for state in Delivery.SETTLED}
    counts = {f"{name}_count": Count("deliveries", filter=Q(deliveries__state__in=states)) for name, states in kinds.items()}
    rows = Mailing.objects.filter(pk__in=list(mailing_ids)).annotate(**counts).values("pk", "frozen_count", *counts)
    return {row["pk"]: Balance(row["frozen_count"], **{name: row[f"{name}_count"] for name in kinds}) for row in rows}


def pace(mailing: Mailing) -> int:
    """Copies that were settled within the last minute."""
    return mailing.deliveries.filter(settled_at__gte=timezone.now() - timedelta(minutes=1)).exclude(state=Delivery.State.SUPPRESSED).count()
