"""What comes back of issues: copies that reached nobody, complaints, and readers who leave by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.models import Page

from contacts import outreach
from contacts.models import Touch
from newsletters.measuring import delivery_cause, item_key_of
from newsletters.models import IssuePage, NewsletterPage, Subscription
from newsletters.subscriptions import end_subscription, subscriptions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def places_of(deliveries: Sequence[Delivery], user: Any) -> dict[int, str]:
    """The subscriptions by which the copies were sent. Three queries."""
    if not user.has_perm("newsletters.view_subscription"):
        return {}
    issues = {row.mailing_id: row.path[: -Page.steplen] for row in IssuePage.objects.filter(mailing__in={row.mailing_id for row in deliveries})}
    letters = dict(NewsletterPage.objects.filter(path__in=set(issues.values())).values_list("path", "newsletter"))
    rows = Subscription.objects.filter(newsletter__in=set(letters.values()), person__key__in={row.recipient_key for row in deliveries})
    numbers: dict[Any, int] = {(newsletter, key): pk for pk, newsletter, key in rows.values_list("pk", "newsletter", "person__key")}
    found = ((row.pk, numbers.get((letters.get(issues.get(row.mailing_id, "")), row.recipient_key))) for row in deliveries)
    viewset: Any = Subscription.snippet_viewset  # type: ignore[attr-defined]  # Wagtail gives it to what it registers
    return {copy: reverse(viewset.get_url_name("inspect"), args=[pk]) for copy, pk in found if pk}


def _end(delivery: Delivery, *, how: str) -> None:
    for subscription in subscriptions_of(delivery):
        end_subscription(subscription, how=how, copy=delivery)
