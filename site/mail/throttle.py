"""How fast each receiving domain gets its mail: a limit that staff set, and a pause that a domain has asked for by its replies.

A limit is a bucket of two seconds' worth: when it is empty, the domain's copies are not claimed until it is full again, and all others go on.
A domain that answers "later" (4xx) again and again, or says that it is our pace (RFC 3463, X.7.x; 421), is left alone, each time twice as long.
"""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone

from mail.models import Delivery, ReceivingDomain
from mail.transports import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from mail.transports import Outcome

BUCKET = timedelta(seconds=2)
FIRST_HOLD, LONGEST_HOLD = timedelta(minutes=1), timedelta(hours=1)
# In a row, of different copies. Greylisting puts off the first copy to each recipient, and is no reason to hold a domain.
MOST_REFUSALS = 5
LATER = re.compile(r"4\d\d[ -]")
TOO_FAST = re.compile(r"421[ -]|4\d\d[ -]4\.7\.")
# Domains that this process knows to have refused: others need no query when they take a copy.
_troubled: set[str] = set()


def busy() -> list[str]:
    """Domains whose turn has not come."""
    now = timezone.now()
    return list(ReceivingDomain.objects.filter(Q(next_at__gt=now) | Q(held_until__gt=now)).values_list("name", flat=True))


def admit(rows: Sequence[Delivery]) -> list[Delivery]:
    """Those that may go now. In the transaction that claims them: workers take from one bucket."""
    domains = ReceivingDomain.objects.select_for_update().filter(name__in={row.domain for row in rows}).order_by("pk")
    found = {domain.name: domain for domain in domains}
    if not found:
        return list(rows)
    _troubled.update(domain.name for domain in found.values() if domain.refusals)
    now = timezone.now()
    admitted = [row for row in rows if row.domain not in found or _takes(found[row.domain], now)]
    ReceivingDomain.objects.bulk_update([domain for domain in found.values() if domain.per_minute], ["next_at"])
    return admitted


def _takes(domain: ReceivingDomain, now: datetime) -> bool:
    if domain.held_until and domain.held_until > now:
        return False
    if not domain.per_minute:
        return True
    at = max(domain.next_at or now, now)
    if at - now >= BUCKET:
        return False
    domain.next_at = at + timedelta(minutes=1) / domain.per_minute
    return True


def seconds_until_more(mailing_id: int | None = None) -> float | None:
    """How long until a domain that copies wait for has its turn; None when none do."""
    waiting = Delivery.objects.claimable().filter(Q(mailing=mailing_id) if mailing_id else Q())
    now, names = timezone.now(), busy()
    kept = set(waiting.filter(domain__in=names).values_list("domain", flat=True).distinct()) if names else set()
    turns = [max(filter(None, (domain.next_at, domain.held_until, now))) for domain in ReceivingDomain.objects.filter(name__in=kept)]
    return (min(turns) - now).total_seconds() if turns else None


def note(results: Iterable[tuple[Delivery, Outcome]]) -> None:
    """What the domains said. In the transaction that settles."""
    taken: set[str] = set()
    for row, outcome in results:
        if not row.domain:
            continue
        if outcome.kind is Kind.SENT:
            taken.add(row.domain)
        elif outcome.kind is Kind.DEFERRED and LATER.match(outcome.reply):
            taken.discard(row.domain)
            _refused(row.domain, at_once=bool(TOO_FAST.match(outcome.reply)))
    if relieved := taken & _troubled:
        ReceivingDomain.objects.filter(name__in=relieved).update(refusals=0, holds=0, held_until=None)
        _troubled.difference_update(relieved)


def _refused(name: str, *, at_once: bool) -> None:
    domain, _made = ReceivingDomain.objects.get_or_create(name=name)
    ReceivingDomain.objects.filter(pk=domain.pk).update(refusals=F("refusals") + 1)
    _troubled.add(name)
    domain.refresh_from_db()
    now = timezone.now()
    is_held = bool(domain.held_until and domain.held_until > now)
    if not is_held and (at_once or domain.refusals >= MOST_REFUSALS):
        spread: float = random.uniform(1, 1.2)  # noqa: S311 — spreads load, guards nothing
        domain.held_until = now + min(FIRST_HOLD * (1 << min(domain.holds, 10)), LONGEST_HOLD) * spread
        domain.holds += 1
        domain.save(update_fields=["held_until", "holds"])
