"""What follows from what came back.

1. Only a notice that proves which copy it is about, by the address that it came to or by our Message-ID, acts at once. Anybody can
   write a bounce; of one that proves nothing, a copy of the last weeks is looked for, and it is a soft bounce at most. With BOUNCE_ADDRESS
   set every honest notice has its proof, and such a one counts nothing at all; without it, as one of the three below.
2. A hard bounce of the address that we wrote to suppresses it. Where mail was passed on to another address, and that one is gone, it is soft.
3. Soft bounces suppress after the last three mailings to an address came back, each of them: one that arrived begins the count anew, and so does
   the day that the address was taken off the list.
   Delays do not count, nor do refusals of the sender or of the message (`statuses.is_about_us`): those readers are well.
4. A complaint suppresses, and its stream ends the subscription.
5. Automatic replies are written down, and nothing follows.
"""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mail import streams, summing, suppression
from mail.inbound import parts, statuses
from mail.inbound.statuses import Kind
from mail.models import Bounce, Delivery, Suppression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mail.inbound.rows import Row
    from mail.transports import Outcome

RECENT = timedelta(weeks=3)
IN_A_ROW = 3
# Of notices that found no copy.
KEPT = timedelta(days=90)
# A reply of a server, and not our own word for what went wrong.
SERVER_REPLY = re.compile(r"[45]\d\d[ -]")
LEFT = (Delivery.State.SENT, Delivery.State.FAILED, Delivery.State.IN_DOUBT)


@transaction.atomic
def apply(rows: Sequence[Row], *, source: Bounce.Source, notice: bytes) -> list[Bounce]:
    """Writes the rows down, and does what follows. Returns those that are new: the same notice again changes nothing."""
    return [bounce for row in rows if row.kind is not Kind.UNKNOWN and (bounce := _apply_one(row, source, notice))]


def _apply_one(row: Row, source: Bounce.Source, notice: bytes) -> Bounce | None:
    delivery = Delivery.objects.defer("mime").filter(pk=row.delivery).first() if row.delivery else None
    is_proven = delivery is not None
    delivery = delivery or _recent_copy(row.address)
    address = row.address or (delivery.address if delivery else "")
    about = f"{delivery.pk}" if delivery else f"{suppression.hash_of(address)}:{hashlib.sha256(notice).hexdigest()}"
    kind = _kind_for(row, delivery, is_proven=is_proven)
    bounce, is_new = Bounce.objects.get_or_create(
        mark=mark_of(about, kind, is_delay=row.is_delay),
        defaults={
            "delivery": delivery, "address_hash": "" if delivery or not address else suppression.hash_of(address), "kind": kind,
            "status": row.status[:12], "diagnostic": without_address(row.diagnostic, address, delivery.address if delivery else ""),
            "is_delay": row.is_delay, "is_about_us": statuses.is_about_us(row.status, row.diagnostic), "is_proven": is_proven, "source": source,
        },
    )  # fmt: skip
    if not is_new:
        return None
    if delivery is not None:
        summing.touch("returns_version", delivery.mailing_id)
        follow(bounce, delivery)
    return bounce


def _recent_copy(address: str) -> Delivery | None:
    """The last copy that left for an address, within some weeks: a notice without a proof can be about no other."""
    if not address:
        return None
    left = Delivery.objects.defer("mime").filter(address__iexact=address, state__in=LEFT, settled_at__gte=timezone.now() - RECENT)
    return left.order_by("-settled_at").first()


def _kind_for(row: Row, delivery: Delivery | None, *, is_proven: bool) -> Kind:
    """Hard is for a proved notice about the very address that we wrote to."""
    if row.kind is not Kind.HARD or delivery is None:
        return row.kind
    is_ours = not row.address or row.address == delivery.address.lower()
    return Kind.HARD if is_proven and is_ours else Kind.SOFT


def mark_of(about: str, kind: str, *, is_delay: bool = False) -> str:
    return hashlib.sha256(f"{about}:{kind}:{is_delay}".encode()).hexdigest()


def without_address(said: str, *addresses: str) -> str:
    """A server's words without anybody's address, and without the name before the @ standing alone.

    Nothing in them moves a cursor, turns the writing around, or is refused by a database.
    """
    shown = parts.ADDRESS.sub("…", "".join(letter for letter in " ".join(said[:4000].split()) if letter.isprintable()))
    for local in {address.rpartition("@")[0] for address in addresses} - {""}:
        shown = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "…", shown, flags=re.IGNORECASE)
    return shown[:500]


def follow(bounce: Bounce, delivery: Delivery) -> None:
    """An erased person's copy has no address, and nothing follows."""
    if not delivery.address or bounce.is_delay:
        return
    stream = streams.get(delivery.stream)
    if bounce.kind == Kind.COMPLAINT and bounce.is_proven:
        suppression.suppress(delivery.address, Suppression.Reason.COMPLAINT)
        if stream.on_complaint:
            stream.on_complaint(bounce)
    elif bounce.kind == Kind.HARD:
        suppression.suppress(delivery.address, Suppression.Reason.HARD_BOUNCE)
    elif bounce.kind == Kind.SOFT and not bounce.is_about_us and _is_third_in_a_row(delivery):
        suppression.suppress(delivery.address, Suppression.Reason.SOFT_BOUNCES)
    if bounce.kind in {Kind.HARD, Kind.SOFT} and bounce.is_proven and stream.on_bounce:
        stream.on_bounce(bounce)


def _is_third_in_a_row(delivery: Delivery) -> bool:
    """Whether each of the last three mailings to the address came back, this one among them."""
    if delivery.mailing_id is None:
        return False
    who = {"recipient_key": delivery.recipient_key} if delivery.recipient_key else {}
    copies = Delivery.objects.filter(**who, address__iexact=delivery.address, mailing__isnull=False, state__in=LEFT)
    if lifted_at := suppression.lifted_at(delivery.address):
        copies = copies.filter(settled_at__gt=lifted_at)
    last = list(copies.order_by("-settled_at", "-pk").values_list("pk", flat=True)[:IN_A_ROW])
    came_back = Bounce.objects.filter(delivery__in=last, kind__in=(Kind.SOFT, Kind.HARD), is_delay=False, is_about_us=False)
    if settings.BOUNCE_ADDRESS:
        came_back = came_back.filter(is_proven=True)
    return delivery.pk in last and came_back.values("delivery").distinct().count() == IN_A_ROW


def forget_unmatched() -> int:
    """Once a day: notices that found no copy are of no use to anybody, and anybody can send them."""
    count, _ = Bounce.objects.filter(delivery=None, at__lt=timezone.now() - KEPT).delete()
    return count


def record_refusals(results: Sequence[tuple[Delivery, Outcome]]) -> None:
    """What servers refused while we were sending: for copies that failed for good. A few queries for each; in the caller's transaction.

    No version is raised (`mail.summing`): the copy's new state tells of it.
    """
    for row, outcome in results:
        if row.state != Delivery.State.FAILED or not (outcome.is_hard_bounce or SERVER_REPLY.match(outcome.reply)):
            continue
        status, _ = statuses.refusal(outcome.reply)
        kind = Kind.HARD if outcome.is_hard_bounce else Kind.SOFT
        bounce, is_new = Bounce.objects.get_or_create(
            mark=mark_of(str(row.pk), kind),
            defaults={
                "delivery": row, "kind": kind, "status": status[:12], "diagnostic": without_address(outcome.reply, row.address),
                "is_about_us": statuses.is_about_us(status, outcome.reply), "is_proven": True, "source": Bounce.Source.SESSION,
            },
        )  # fmt: skip
        if is_new:
            follow(bounce, row)
