"""In the worker, after an event has changed: everybody who registered hears of it, once for each change."""

from __future__ import annotations

from django.db import transaction

from events import actions, inviting, mails, reminders
from events.models import Event, Registration

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
