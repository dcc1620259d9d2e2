"""What staff do with a mailing that is on its way: pause, resume, cancel, and settle what is in doubt. Each is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from base.tasks import enqueue
from mail import flights, ledger
from mail.models import Delivery, Mailing

if TYPE_CHECKING:
    from base.models import User

State = Delivery.State


@transaction.atomic
def pause(mailing: Mailing, *, by: User | None) -> bool:
    """Nothing more of it leaves, but for the few copies that are on the wire. False when there is nothing to pause."""
    if not Mailing.objects.filter(pk=mailing.pk, paused_at=None, finished_at=None).update(paused_at=timezone.now()):
        return False
    flights.take_back(Delivery.objects.filter(mailing=mailing), to=State.WAITING)
    log(mailing, "mail.pause", user=by)
    return True


@transaction.atomic
def resume(mailing: Mailing, *, by: User | None) -> bool:
    if not Mailing.objects.filter(pk=mailing.pk).exclude(paused_at=None).update(paused_at=None):
        return False
    log(mailing, "mail.resume", user=by)
    enqueue("mail.engine.deliver_now", mailing.pk)
    return True


@transaction.atomic
def cancel(mailing: Mailing, *, by: User | None) -> int:
    """The copies that have not left never will: they count as suppressed. Returns how many. What was sent cannot be called back."""
    if count := flights.take_back(Delivery.objects.filter(mailing=mailing)):
        Mailing.objects.filter(pk=mailing.pk).update(cancelled_at=timezone.now(), paused_at=None)
        log(mailing, "mail.cancel", user=by, data={"copies": count})
        ledger.finish_mailings()
    return count


@transaction.atomic
def resolve_doubts(mailing: Mailing, *, sent: bool, by: User | None) -> int:
    """The word of a person who has looked, on all copies in doubt: they arrived, or they did not and may be sent again. Returns how many."""
    rows = list(mailing.deliveries.select_for_update().filter(state=State.IN_DOUBT))
    state = State.SENT if sent else State.FAILED
    doubtful = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=State.IN_DOUBT)
    if count := doubtful.update(state=state, settled_at=timezone.now(), lease_until=None):
        log(mailing, "mail.resolve_doubt", user=by, data={"copies": count, "sent": sent})
    if sent:
        ledger.tell_streams(rows)
    return count
