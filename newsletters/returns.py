"""What comes back of issues: copies that reached nobody, complaints, and readers who leave by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contacts import outreach
from contacts.models import Touch
from newsletters.measuring import delivery_cause, item_key_of
from newsletters.models import IssuePage
from newsletters.subscriptions import end_subscription, subscriptions_of

if TYPE_CHECKING:
    from mail.models import Bounce, Delivery


def take_back_delivery(bounce: Bounce) -> None:
    """The copy was counted as having reached its reader when the server took it."""
    mailing = bounce.delivery.mailing if bounce.delivery else None
    if mailing and (act := outreach.of_item(item_key_of(mailing))):
        outreach.remove_touches(act, Touch.Kind.DELIVERED, cause=delivery_cause(bounce.delivery_id or 0))


def end_by_complaint(bounce: Bounce) -> None:
    if bounce.delivery:
        _end(bounce.delivery, how="complaint")


def end_by_mail(delivery: Delivery) -> None:
    _end(delivery, how="mail to the address of List-Unsubscribe (RFC 2369)")


def mailings_of(theme: int) -> list[int]:
    return [number for number in IssuePage.objects.filter(theme=theme, mailing__isnull=False).values_list("mailing", flat=True) if number]


def _end(delivery: Delivery, *, how: str) -> None:
    for subscription in subscriptions_of(delivery):
        end_subscription(subscription, how=how, copy=delivery)
