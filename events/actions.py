"""What can be done to registrations. Every state changes by a conditional UPDATE, so that of two at once only one wins."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from contacts import outreach, people
from contacts.models import Person, Touch
from events import line_mails, mails, reminders, seats, waiting
from events.answers import keep
from events.models import Event, Guest, Registration
from events.models.registrations import PENDING, TAKING
from events.options import pools_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from base.models import User
    from base.questions import Given
    from themes.models import TargetGroup

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


class WrongCode(Exception):
    """The event opens by an access code, and this is none."""


class GroupTooLarge(Exception):
    """More people than one registration may bring."""


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
    access_code: str = "",
    target_group: TargetGroup | None = None,
    by: User | None = None,
) -> Registration:
    """Holds seats for half an hour and mails the link that confirms them; where there are none, the link confirms a place on the waiting list, and
    where the organiser approves, an application. A person has one registration an event, and brings `guests` along.

    Asking again while the seats are held takes no others, unless the way to take part or the group has changed, and mails at most once more.
    What was confirmed changes by its own link alone. Raises EventFull, RegistrationClosed, WrongCode, GroupTooLarge or TooManyMails; then nothing is
    kept of what was asked.
    """
    details = {"email": email, "first_name": first_name, "last_name": last_name, "language": language, "target_group": target_group}
    words = {"language": language, "organisation": organisation, "needs": needs, "mode": mode or event.ways[0], "size": 1 + len(guests)}
    words["further_pools"] = sorted({*further_pools, *pools_of(answers)})
    try:
        registration = _ask(event, details, words, guests, answers, access_code)
    except IntegrityError:
        # Two at once made the same person or registration: the other's row is there now.
        registration = _ask(event, details, words, guests, answers, access_code)
    if by:
        log(event, "wagtail.edit", user=by, data={"asked_for": registration.pk})
    return registration


@transaction.atomic
def _ask(
    event: Event, details: dict[str, Any], words: dict[str, Any], guests: Sequence[GuestWords], answers: Sequence[Given], code: str
) -> Registration:
    event.refresh_from_db()
    _check_open(event)
    if not event.opens_by(code):
        raise WrongCode
    if event.access_codes:
        words = words | {"further_pools": sorted({*words["further_pools"], seats.code_key(code)})}
    if words["size"] > event.largest_group:
        raise GroupTooLarge
    person = people.person_at(
        theme=event.theme, source="event registration", purpose="taking part in an event", legal_basis=Person.LegalBasis.PUBLIC_TASK, **details
    )
    if mails.links_today(person) >= LINKS_A_DAY:
        raise TooManyMails
    new = {"state": State.EXPIRED, "held_until": timezone.now(), "asked_at": timezone.now(), **words}
    registration, _made = Registration.objects.get_or_create(event=event, person=person, defaults=new)
    if _place(registration, words, guests):
        keep(registration, answers)
    event.refresh_from_db()
    line_mails.send_where_it_stands(registration)
    return registration


def _place(registration: Registration, words: dict[str, Any], guests: Sequence[GuestWords]) -> bool:
    """Brings what is asked for to a registration that nobody has confirmed yet: seats, else a place on the waiting list, else EventFull.

    False for one that stands already.
    """
    row, now = registration.row(), timezone.now()
    registration.refresh_from_db(from_queryset=row.select_for_update())
    if registration.is_settled:
        return False
    event, before = registration.event, registration.places if registration.state == State.HELD else {}
    asked = {"asked_at": registration.asked_at, "held_until": registration.held_until}
    if registration.state not in PENDING or registration.held_until <= now:
        asked = {"asked_at": now, "held_until": now + HOLD}
    row.update(**words, **asked, verified_at=None, waiting_since=None, confirmed_at=None, ended_at=None)
    registration.refresh_from_db()
    row.update(state=_state_of(event, before, registration.places))
    registration.refresh_from_db()
    registration.guests.all().delete()
    Guest.objects.bulk_create(Guest(registration=registration, **guest) for guest in guests)
    return True


def _state_of(event: Event, before: Mapping[str, int], places: Mapping[str, int]) -> str:
    """Takes the seats, if they are to be taken now. Who holds some already keeps those rather than wait for others."""
    if event.needs_approval:
        seats.free(event, before)
        return State.APPLIED
    if seats.change(event, {key: places.get(key, 0) - before.get(key, 0) for key in {**places, **before}}):
        return State.HELD
    if before or not event.has_waiting_list or not seats.could_hold(event, places) or seats.lacks_only_options(event, places):
        raise EventFull
    return State.WAITING


def _check_open(event: Event) -> None:
    if event.is_cancelled or event.is_over or not event.takes_registrations:
        raise RegistrationClosed


@transaction.atomic
def confirm_registration(registration: Registration) -> Registration:
    """By the link in the mail, once, however often it is called: seats that are held or offered are confirmed, a place on the waiting list or an
    application stands from now on. A hold that ran out tries for its seats again, and waits where there are none.

    Raises EventFull or RegistrationClosed; a cancelled registration has to be asked for anew.
    """
    registration.event.refresh_from_db()
    state = registration.row().values_list("state", flat=True).get()
    is_past = registration.event.is_cancelled or registration.event.is_over
    if state == State.CANCELLED or (is_past and state not in {State.CONFIRMED, State.ATTENDED, State.REJECTED}):
        raise RegistrationClosed
    if state == State.APPLIED:
        registration.row().filter(state=state, verified_at=None).update(verified_at=timezone.now())
    elif state in {State.HELD, State.OFFERED, State.EXPIRED, State.WAITING}:
        _confirm(registration)
    registration.refresh_from_db()
    return registration


def _confirm(registration: Registration) -> None:
    """Only one of two at once finds the state that it changes."""
    now = timezone.now()
    confirmed = {"state": State.CONFIRMED, "confirmed_at": now, "verified_at": now, "ended_at": None}
    row = registration.row()
    if not row.filter(state__in=(State.HELD, State.OFFERED)).update(**confirmed):
        if not _take_or_wait(registration):
            return
        row.update(**confirmed)
    registration.refresh_from_db()
    invite(registration)


def _take_or_wait(registration: Registration) -> bool:
    """Whether seats were taken for who has none yet; else it stands in line now, or did already."""
    event, row = registration.event, registration.row()
    seats.lock(event)
    registration.refresh_from_db(from_queryset=row.select_for_update())
    if registration.state == State.EXPIRED and seats.take(event, registration.places):
        return True
    if registration.state == State.EXPIRED and not (event.has_waiting_list and seats.could_hold(event, registration.places)):
        raise EventFull
    if registration.state == State.EXPIRED or (registration.state == State.WAITING and not registration.verified_at):
        waiting.join(registration, tells=False)
        if registration.state == State.WAITING:
            line_mails.send_on_the_list(registration)
    # Who has just followed a link needs no other one to say yes to what was offered at once.
    return registration.state == State.OFFERED


def invite(registration: Registration) -> None:
    """Once it is confirmed: the calendar's REQUEST, and the touch in the ledger."""
    # After a CANCEL the number must go on from there, or calendars ignore the new invitation.
    _number_invitation(registration, max(registration.event.sequence, registration.sequence + 1 if registration.sequence else 0))
    mails.send_invitation(registration, key=f"events.invitation:{registration.pk}:{registration.sequence}")
    if act := outreach.of_item(registration.event.item_key):
        outreach.touch(act, registration.person, Touch.Kind.REGISTERED, cause=cause_of(registration), language=registration.language)


def _number(registration: Registration, sequence: int) -> None:
    registration.sequence = sequence
    registration.save(update_fields=["sequence"])


def _number_invitation(registration: Registration, sequence: int) -> None:
    """What a calendar answered was about the invitation before it."""
    _number(registration, sequence)
    registration.reply, registration.replied_at = "", None
    registration.save(update_fields=["reply", "replied_at"])


def number_of_update(registration: Registration) -> None:
    """Calendars take an invitation anew only under a higher number."""
    _number_invitation(registration, max(registration.event.sequence, registration.sequence + 1))


def cause_of(registration: Registration) -> str:
    """The cause of its touches in the ledger."""
    return f"events.registration:{registration.pk}"


@transaction.atomic
def cancel_registration(registration: Registration, *, by_us: bool = False, by: User | None = None) -> Registration:
    """Frees the seats, once, and offers them to who waits. Only who had an invitation gets a CANCEL. One who attended stays. `by_us` is with the
    whole event."""
    if was := end(registration, State.CANCELLED, (*PENDING, State.CONFIRMED)):
        if by:
            log(registration.event, "wagtail.edit", user=by, data={"cancelled_registration": registration.pk})
        if was == State.CONFIRMED:
            reminders.take_back(registration)
            _number(registration, registration.sequence + 1)
            mails.send_cancellation(registration, by_us=by_us)
            remove_touches(registration)
        elif by_us and registration.verified_at:
            line_mails.send_event_cancelled(registration)
    registration.refresh_from_db()
    registration.event.refresh_from_db()
    return registration


def end(registration: Registration, state: str, of: Iterable[str], **conditions: object) -> str:
    """From one of these states, once: the state that it was in, "" where another was faster. What comes free is offered."""
    # Before the row: who offers seats has the pools first, and then changes rows.
    seats.lock(registration.event)
    for was in of:
        if registration.row().filter(state=was, **conditions).update(state=state, ended_at=timezone.now()):
            registration.refresh_from_db()
            if was in TAKING:
                seats.free(registration.event, registration.places)
            waiting.offer_seats(registration.event)
            return was
    return ""


def remove_touches(registration: Registration) -> None:
    if act := outreach.of_item(registration.event.item_key):
        for kind in (Touch.Kind.REGISTERED, Touch.Kind.ATTENDED):
            outreach.remove_touches(act, kind, cause=cause_of(registration))


def release_expired_holds() -> int:
    """By the clock. Frees the seats of holds that nobody confirmed and of offers that nobody took in time, and offers them to the next in line."""
    now = timezone.now()
    overdue = Registration.objects.filter(state__in=PENDING, held_until__lte=now).exclude(
        state__in=(State.WAITING, State.APPLIED), verified_at__isnull=False
    )
    return sum(_release(registration, now) for registration in overdue.select_related("event", "person"))


@transaction.atomic
def _release(registration: Registration, now: datetime) -> bool:
    was = end(registration, State.EXPIRED, (State.HELD, State.OFFERED), held_until__lte=now)
    was = was or end(registration, State.EXPIRED, (State.WAITING, State.APPLIED), held_until__lte=now, verified_at=None)
    if was == State.OFFERED:
        line_mails.send_lapse(registration)
    return bool(was)


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
                number_of_update(registration)
                mails.send_invitation(registration, key=key, is_update=True)


def end_registrations(event_id: int) -> None:
    """In the worker, after an event was cancelled. Bears a repeat."""
    standing = Registration.objects.filter(event=event_id).exclude(state__in=(State.EXPIRED, State.CANCELLED, State.REJECTED, State.ATTENDED))
    for registration in standing.select_related("person", "event__theme"):
        cancel_registration(registration, by_us=True)
