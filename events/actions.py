"""What can be done to events and registrations. Every state changes by a conditional UPDATE, so that of two at once only one wins."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.signals import page_published

from base.page_changes import forget_pages
from base.tasks import enqueue
from contacts import outreach, people
from contacts.models import Person, Touch
from contacts.pages import is_source
from events import mails
from events.models import Event, EventPage, Registration
from events.seats import free_seat, take_seat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.models import User

logger = logging.getLogger(__name__)

State = Registration.State
HOLD = timedelta(minutes=mails.HOLD_MINUTES)
LINKS_A_DAY = 20
NEEDS_KEPT = timedelta(days=14)
FACTS = ("theme_id", "scope", "starts_at", "ends_at", "mode", "place", "online_link")
# What makes everybody look at the invitation again (RFC 5546, 2.1.4).
WEIGHTY = {"starts_at", "ends_at", "mode", "place", "online_link"}


class EventFull(Exception):
    """There is no seat left."""


class TooManyMails(Exception):
    """The address got so many links within a day that somebody may be using us against its owner."""


class RegistrationClosed(Exception):
    """The event is over or cancelled, or the registration was cancelled."""


@transaction.atomic
def publish_event(page: EventPage) -> Event:
    """Brings the source page's facts to its Event. Who registered hears of a new time, place or link.

    The capacity never goes below the seats taken: then `event.capacity` differs from the page's.
    """
    facts = {name: getattr(page, name) for name in FACTS}
    event, made = Event.objects.get_or_create(item_key=page.translation_key, defaults={**facts, "capacity": page.capacity})
    changed: dict[str, Any] = {} if made else {name: value for name, value in facts.items() if getattr(event, name) != value}
    if changed:
        moved = not WEIGHTY.isdisjoint(changed)
        Event.objects.filter(pk=event.pk).update(**changed, updated_at=timezone.now(), sequence=F("sequence") + int(moved))
        if moved:
            enqueue("events.actions.send_updates", event.pk)
    if event.capacity != page.capacity:
        Event.objects.filter(pk=event.pk).update(capacity=Greatest(F("taken"), Value(page.capacity)))
    event.refresh_from_db()
    forget_pages()
    if event.capacity != page.capacity:
        logger.warning("event %s keeps %s seats: so many are taken", event.pk, event.capacity)
    return event


def publish_source_page(sender: type, instance: Any, **kwargs: object) -> None:
    if isinstance(instance, EventPage) and is_source(instance):
        publish_event(instance)


def connect() -> None:
    page_published.connect(publish_source_page, dispatch_uid="events.publish_source_page")


@transaction.atomic
def cancel_event(*, event: Event, by: User | None = None) -> None:
    """Cancels for good. Confirmed registrants get a CANCEL; the event stays in the feed as cancelled."""
    made = Event.objects.filter(pk=event.pk, is_cancelled=False).update(is_cancelled=True, updated_at=timezone.now(), sequence=F("sequence") + 1)
    event.refresh_from_db()
    if made:
        forget_pages()
        log(event, "wagtail.edit", user=by, data={"cancelled": True})
        enqueue("events.actions.end_registrations", event.pk)


def ask_registration(
    *,
    event: Event,
    email: str,
    first_name: str,
    last_name: str,
    language: str,
    organisation: str = "",
    needs: str = "",
    by: User | None = None,
) -> Registration:
    """Holds a seat for half an hour and mails the link that confirms it. A person has one registration an event.

    Asking again while the seat is held takes no other seat and mails at most once more.
    Raises EventFull, RegistrationClosed or TooManyMails; then nothing is kept of what was asked.
    """
    details = {"email": email, "first_name": first_name, "last_name": last_name, "language": language}
    words = {"language": language, "organisation": organisation, "needs": needs}
    try:
        registration = _hold(event, details, words)
    except IntegrityError:
        # Two at once made the same person or registration: the other's row is there now.
        registration = _hold(event, details, words)
    if by:
        log(event, "wagtail.edit", user=by, data={"asked_for": registration.pk})
    return registration


@transaction.atomic
def _hold(event: Event, details: dict[str, str], words: dict[str, str]) -> Registration:
    event.refresh_from_db()
    _check_open(event)
    now = timezone.now()
    person = people.person_at(
        theme=event.theme, source="event registration", purpose="taking part in an event", legal_basis=Person.LegalBasis.PUBLIC_TASK, **details
    )
    if mails.links_today(person) >= LINKS_A_DAY:
        raise TooManyMails
    new = {"state": State.EXPIRED, "held_until": now, "asked_at": now, **words}
    registration, _made = Registration.objects.get_or_create(event=event, person=person, defaults=new)
    row = Registration.objects.filter(pk=registration.pk)
    fresh = {"state": State.HELD, "held_until": now + HOLD, "asked_at": now, "confirmed_at": None, "ended_at": None}
    if row.filter(state__in=(State.EXPIRED, State.CANCELLED)).update(**fresh, **words):
        if not take_seat(event):
            raise EventFull
    elif not row.filter(state=State.HELD, held_until__lte=now).update(**fresh, **words):
        row.filter(state=State.HELD).update(**words)
    registration.refresh_from_db()
    event.refresh_from_db()
    if registration.state == State.HELD:
        mails.send_link(registration)
    else:
        mails.send_reminder(registration)
    return registration


def _check_open(event: Event) -> None:
    if event.is_cancelled or event.is_over:
        raise RegistrationClosed


@transaction.atomic
def confirm_registration(registration: Registration) -> Registration:
    """Confirms once, however often it is called. A hold that ran out tries for a seat again.

    Raises EventFull or RegistrationClosed; a cancelled registration has to be asked for anew.
    """
    row = Registration.objects.filter(pk=registration.pk)
    if row.filter(state__in=(State.CONFIRMED, State.ATTENDED)).exists():
        registration.refresh_from_db()
        return registration
    registration.event.refresh_from_db()
    _check_open(registration.event)
    confirmed = {"state": State.CONFIRMED, "confirmed_at": timezone.now(), "ended_at": None}
    if row.filter(state=State.EXPIRED).update(**confirmed):
        if not take_seat(registration.event):
            raise EventFull
    elif not row.filter(state=State.HELD).update(**confirmed):
        registration.refresh_from_db()
        if registration.state == State.CANCELLED:
            raise RegistrationClosed
        return registration
    registration.refresh_from_db()
    _invite(registration)
    return registration


def _invite(registration: Registration) -> None:
    # After a CANCEL the number must go on from there, or calendars ignore the new invitation.
    _number(registration, max(registration.event.sequence, registration.sequence + 1 if registration.sequence else 0))
    mails.send_invitation(registration, key=f"events.invitation:{registration.pk}:{registration.sequence}")
    if act := outreach.of_item(registration.event.item_key):
        outreach.touch(act, registration.person, Touch.Kind.REGISTERED, cause=cause_of(registration), language=registration.language)


def _number(registration: Registration, sequence: int) -> None:
    registration.sequence = sequence
    registration.save(update_fields=["sequence"])


def cause_of(registration: Registration) -> str:
    """The cause of its touches in the ledger."""
    return f"events.registration:{registration.pk}"


@transaction.atomic
def cancel_registration(registration: Registration, *, by_us: bool = False, by: User | None = None) -> Registration:
    """Frees the seat, once. Only who had an invitation gets a CANCEL. One who attended stays. `by_us` is with the whole event."""
    row, ended = Registration.objects.filter(pk=registration.pk), {"state": State.CANCELLED, "ended_at": timezone.now()}
    was_held = row.filter(state=State.HELD).update(**ended)
    was_confirmed = 0 if was_held else row.filter(state=State.CONFIRMED).update(**ended)
    if was_held or was_confirmed:
        free_seat(registration.event)
        if by:
            log(registration.event, "wagtail.edit", user=by, data={"cancelled_registration": registration.pk})
    registration.refresh_from_db()
    registration.event.refresh_from_db()
    if was_confirmed:
        _number(registration, registration.sequence + 1)
        mails.send_cancellation(registration, by_us=by_us)
        remove_touches(registration)
    return registration


def remove_touches(registration: Registration) -> None:
    if act := outreach.of_item(registration.event.item_key):
        for kind in (Touch.Kind.REGISTERED, Touch.Kind.ATTENDED):
            outreach.remove_touches(act, kind, cause=cause_of(registration))


@transaction.atomic
def mark_attended(registrations: Iterable[Registration], *, by: User | None = None) -> int:
    """How many of the confirmed ones are marked now; others are left as they are."""
    number = 0
    for registration in registrations:
        if Registration.objects.filter(pk=registration.pk, state=State.CONFIRMED).update(state=State.ATTENDED):
            number += 1
            event = registration.event
            if act := outreach.of_item(event.item_key):
                at = min(timezone.now(), event.starts_at)
                outreach.touch(act, registration.person, Touch.Kind.ATTENDED, cause=cause_of(registration), at=at, language=registration.language)
            log(event, "wagtail.edit", user=by, data={"attended": registration.pk})
    return number


def release_expired_holds() -> int:
    """By the clock. Frees the seats of holds that nobody confirmed in time."""
    now, number = timezone.now(), 0
    overdue = Registration.objects.filter(state=State.HELD, held_until__lte=now)
    for registration in overdue.select_related("event"):
        with transaction.atomic():
            if overdue.filter(pk=registration.pk).update(state=State.EXPIRED, ended_at=now):
                free_seat(registration.event)
                number += 1
    return number


def delete_needs() -> int:
    """By the clock. Diet and accessibility go 14 days after the event."""
    return Registration.objects.filter(event__ends_at__lte=timezone.now() - NEEDS_KEPT).exclude(needs="").update(needs="")


def send_updates(event_id: int) -> None:
    """In the worker: everybody confirmed gets the changed invitation, once for each change."""
    event = Event.objects.get(pk=event_id)
    for registration in event.registrations.filter(state=State.CONFIRMED).select_related("person", "event__theme"):
        with transaction.atomic():
            key = f"events.update:{registration.pk}:{event.sequence}"
            if not mails.was_sent(key) and registration.confirmed_at and event.updated_at > registration.confirmed_at:
                _number(registration, max(event.sequence, registration.sequence + 1))
                mails.send_invitation(registration, key=key, is_update=True)


def end_registrations(event_id: int) -> None:
    """In the worker, after an event was cancelled. Bears a repeat."""
    standing = Registration.objects.filter(event=event_id, state__in=(State.HELD, State.CONFIRMED))
    for registration in standing.select_related("person", "event__theme"):
        cancel_registration(registration, by_us=True)
