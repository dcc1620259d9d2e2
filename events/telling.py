"""In the worker, after an event has changed: everybody who registered hears of it, once for each change."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from wagtail.signals import page_unpublished

from base.tasks import enqueue
from events import actions, invitations, inviting, mails, reminders
from events.models import Event, EventPage, MeetingPage, Registration

if TYPE_CHECKING:
    from wagtail.models import Page

State = Registration.State


def send_updates(event_id: int) -> None:
    """In the worker: everybody confirmed gets the changed invitation, once for each change. Of a cancelled event they hear something else."""
    event = Event.objects.get(pk=event_id)
    if event.is_cancelled:
        return
    for registration in event.registrations.filter(state=State.CONFIRMED).select_related("person", "event__theme"):
        with transaction.atomic():
            key = f"events.update:{registration.pk}:{event.sequence}"
            if not mails.was_sent(key) and registration.confirmed_at and event.updated_at > registration.confirmed_at:
                reminders.take_back(registration)
                inviting.number_of_update(registration)
                mails.send_invitation(registration, key=key, is_update=True)


def end_registrations(event_id: int) -> None:
    """In the worker, after an event was cancelled. Bears a repeat."""
    standing = Registration.objects.filter(event=event_id).exclude(state__in=(State.EXPIRED, State.CANCELLED, State.REJECTED, State.ATTENDED))
    for registration in standing.select_related("person", "event__theme"):
        actions.cancel_registration(registration, by_us=True)


# ---- a page that is taken down
def notice_unpublished(sender: type, instance: Page, **kwargs: object) -> None:
    if isinstance(instance, EventPage | MeetingPage):
        times = instance.last_published_at.timestamp() if instance.last_published_at else 0
        told = "tell_unpublished" if isinstance(instance, EventPage) else "tell_meeting_unpublished"
        enqueue(f"events.telling.{told}", str(instance.translation_key), f"{times:.0f}")


def tell_unpublished(key: str, mark: str) -> None:
    """In the worker, once for each publication that ends (`mark`): who has registered for a date to come. As long as the page is live in any
    language, or by now again, nobody is told; nor is anybody where no page is left, whose words a mail needs."""
    pages = EventPage.objects.filter(translation_key=UUID(key))
    if not pages.exists() or pages.filter(live=True).exists():
        return
    dates = Event.objects.upcoming().filter(item_key=UUID(key), is_cancelled=False)
    waits = Q(state__in=(State.WAITING, State.APPLIED), verified_at__isnull=False)
    rows = Registration.objects.filter(Q(state__in=(State.CONFIRMED, State.OFFERED)) | waits, event__in=dates)
    for registration in rows.select_related("person", "event__theme").order_by("pk"):
        mails.send_unpublished(registration, key=f"events.unpublished:{registration.pk}:{mark}")


def tell_meeting_unpublished(key: str, mark: str) -> None:
    """The same for who was invited to a meeting, unless it is over."""
    invitations.tell_unpublished(UUID(key), mark)


def connect() -> None:
    page_unpublished.connect(notice_unpublished, dispatch_uid="events.notice_unpublished")
