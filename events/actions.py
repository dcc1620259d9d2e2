"""What can be done to registrations. Every state changes by a conditional UPDATE, so that of two at once only one wins."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from base.bounds import everywhere
from contacts import outreach, people
from contacts.models import Person, Touch
from events import mails, seats
from events.answers import keep
from events.models import Event, Guest, Registration
from events.options import pools_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from base.models import User
    from base.questions import Given

State = Registration.State
HOLD = timedelta(minutes=mails.HOLD_MINUTES)
LINKS_A_DAY = 20


class GuestWords(TypedDict, total=False):
    """Who comes along: the words of a `Guest`."""

    first_name: str
    last_name: str
    email: str
    needs: str


class EventFull(Exception):
    """There is no seat left."""


class TooManyMails(Exception):
    """The address got so many links within a day that somebody may be using us against its owner."""


class RegistrationClosed(Exception):
    """The event is over or cancelled, or the registration was cancelled."""


def ask_registration(
    *,
    event: Event,
    email: str,
    first_name: str,
    last_name: str,
    language: str,
    organisation: str = "",
    needs: str = "",
    mode: str = "",
    guests: Sequence[GuestWords] = (),
    further_pools: Sequence[str] = (),
    answers: Sequence[Given] = (),
    by: User | None = None,
) -> Registration:
    """Holds seats for half an hour and mails the link that confirms them. A person has one registration an event, and brings `guests` along.

    Asking again while the seats are held takes no others, unless the way to take part or the group has changed, and mails at most once more.
    Raises EventFull, RegistrationClosed or TooManyMails; then nothing is kept of what was asked.
    """
    details = {"email": email, "first_name": first_name, "last_name": last_name, "language": language}
    words = {"language": language, "organisation": organisation, "needs": needs, "mode": mode or event.ways[0], "size": 1 + len(guests)}
    words["further_pools"] = sorted({*further_pools, *pools_of(answers)})
    try:
        registration = _hold(event, details, words, guests, answers)
    except IntegrityError:
        # Two at once made the same person or registration: the other's row is there now.
        registration = _hold(event, details, words, guests, answers)
    if by:
        log(event, "wagtail.edit", user=by, data={"asked_for": registration.pk})
    return registration


@transaction.atomic
def _hold(event: Event, details: dict[str, str], words: dict[str, Any], guests: Sequence[GuestWords], answers: Sequence[Given]) -> Registration:
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
    _take_seats(registration, now, words, guests)
    event.refresh_from_db()
    if registration.state == State.HELD:
        keep(registration, answers)
        mails.send_link(registration)
    else:
        mails.send_reminder(registration)
    return registration


def _take_seats(registration: Registration, now: datetime, words: dict[str, Any], guests: Sequence[GuestWords]) -> None:
    """Seats for who has none; other seats, if others are asked for now, for who holds some."""
    row = row_of(registration)
    fresh = {"state": State.HELD, "held_until": now + HOLD, "asked_at": now, "confirmed_at": None, "ended_at": None}
    before: dict[str, int] = {}
    if not row.filter(state__in=(State.EXPIRED, State.CANCELLED)).update(**fresh, **words):
        registration.refresh_from_db(from_queryset=row.select_for_update())
        if registration.state != State.HELD:
            return
        before = registration.places
        row.update(**words, **(fresh if registration.held_until <= now else {}))
    registration.refresh_from_db()
    places = registration.places
    if not seats.change(registration.event, {key: places.get(key, 0) - before.get(key, 0) for key in places | before}):
        raise EventFull
    registration.guests.all().delete()
    Guest.objects.bulk_create(Guest(registration=registration, **guest) for guest in guests)


def row_of(registration: Registration) -> QuerySet[Registration]:
    """For its conditional UPDATEs. By no theme's bound, whose join would make a subquery of the condition: of two at once both would win."""
    with everywhere():
        rows: QuerySet[Registration] = Registration.objects.filter(pk=registration.pk)
    return rows


def _check_open(event: Event) -> None:
    if event.is_cancelled or event.is_over:
        raise RegistrationClosed


@transaction.atomic
def confirm_registration(registration: Registration) -> Registration:
    """Confirms once, however often it is called. A hold that ran out tries for its seats again.

    Raises EventFull or RegistrationClosed; a cancelled registration has to be asked for anew.
    """
    row = row_of(registration)
    if row.filter(state__in=(State.CONFIRMED, State.ATTENDED)).exists():
        registration.refresh_from_db()
        return registration
    registration.event.refresh_from_db()
    _check_open(registration.event)
    confirmed = {"state": State.CONFIRMED, "confirmed_at": timezone.now(), "ended_at": None}
    had_expired = row.filter(state=State.EXPIRED).update(**confirmed)
    if not (had_expired or row.filter(state=State.HELD).update(**confirmed)):
        registration.refresh_from_db()
        if registration.state == State.CANCELLED:
            raise RegistrationClosed
        return registration
    registration.refresh_from_db()
    if had_expired and not seats.take(registration.event, registration.places):
        raise EventFull
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
    """Frees the seats, once. Only who had an invitation gets a CANCEL. One who attended stays. `by_us` is with the whole event."""
    row, ended = row_of(registration), {"state": State.CANCELLED, "ended_at": timezone.now()}
    was_held = row.filter(state=State.HELD).update(**ended)
    was_confirmed = 0 if was_held else row.filter(state=State.CONFIRMED).update(**ended)
    registration.refresh_from_db()
    if was_held or was_confirmed:
        seats.free(registration.event, registration.places)
        if by:
            log(registration.event, "wagtail.edit", user=by, data={"cancelled_registration": registration.pk})
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
        if row_of(registration).filter(state=State.CONFIRMED).update(state=State.ATTENDED):
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
    for registration in overdue:
        with transaction.atomic():
            if row_of(registration).filter(state=State.HELD, held_until__lte=now).update(state=State.EXPIRED, ended_at=now):
                registration.refresh_from_db()
                seats.free(registration.event, registration.places)
                number += 1
    return number


def send_updates(event_id: int) -> None:
    """In the worker: everybody confirmed gets the changed invitation, once for each change. Of a cancelled event they hear something else."""
    event = Event.objects.get(pk=event_id)
    if event.is_cancelled:
        return
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
