"""Pages go out, and go, at their times. A time of a page is a schedule of its own, so that the worker wakes for it once, within 30 s.

A run each minute catches what had no schedule of its own. Both may meet, in two workers: whoever locks the row first does the work.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone
from django_q.models import Schedule
from wagtail.models import Page, Revision
from wagtail.signals import page_published

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)
PUBLISH_DUE = "base.scheduled.publish_due"


def publish_due() -> tuple[int, int]:
    """Takes down what has expired, then puts out what is due. Returns (published, taken down); one that fails keeps no other waiting."""
    now = timezone.now()
    expired = Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at").values_list("pk", flat=True)
    down = sum(_apart(_take_down, key) for key in list(expired))
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at").values_list("pk", flat=True)
    return sum(_apart(_put_out, key) for key in list(due)), down


def _apart(act: Any, key: int) -> bool:
    try:
        with transaction.atomic():
            return bool(act(key))
    except Exception:
        logger.exception("A scheduled change failed (%s, pk=%s); it is tried again in a minute.", act.__name__, key)
        return False


def _take_down(key: int) -> bool:
    page = Page.objects.select_for_update().filter(pk=key, live=True, expire_at__lte=timezone.now()).first()
    if page:
        page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return page is not None


def _put_out(key: int) -> bool:
    revision = Revision.objects.select_for_update().filter(pk=key, approved_go_live_at__lte=timezone.now()).first()
    if revision is None:
        return False
    revision.publish(log_action="wagtail.publish.scheduled")
    return bool(Page.objects.filter(pk=revision.object_id, live_revision=key).exists())


def wake_at(moment: datetime) -> None:
    """Once for all that is due at that moment. A time that was changed since leaves a wake-up that finds nothing to do, and is gone."""
    values = {"func": PUBLISH_DUE, "schedule_type": Schedule.ONCE, "next_run": moment, "repeats": -1}
    Schedule.objects.get_or_create(name=f"{PUBLISH_DUE}:{moment.timestamp():.0f}", defaults=values)


def wake_for_revision(sender: type, instance: Revision, raw: bool = False, **_what: object) -> None:
    if not raw and instance.approved_go_live_at and instance.approved_go_live_at > timezone.now():
        wake_at(instance.approved_go_live_at)


def wake_for_expiry(sender: type, instance: Any, **_what: object) -> None:
    if instance.expire_at and instance.expire_at > timezone.now():
        wake_at(instance.expire_at)


def connect() -> None:
    post_save.connect(wake_for_revision, sender=Revision, dispatch_uid="base.scheduled.wake_for_revision")
    page_published.connect(wake_for_expiry, dispatch_uid="base.scheduled.wake_for_expiry")
