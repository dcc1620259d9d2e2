"""What can be done to registrations. Every state changes by a conditional UPDATE, so that of two at once only one wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from contacts import people, purposes
from events import inviting, line_mails, mails, reminders, rush, seats, waiting
from events.answers import keep
from events.models import Event, Guest, Registration
from events.models.registrations import PENDING, TAKING
from events.options import pools_of
from events.refusals import EventFull, GroupTooLarge, RegistrationClosed, TooManyMails, WrongCode
from mail import outbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from base.models import User
    from base.questions import Given
    from themes.models import TargetGroup

State = Registration.State
HOLD = timedelta(minutes=mails.HOLD_MINUTES)
# To one address, over all events: all links, and those that nobody followed.
LINKS_A_DAY, UNANSWERED_A_DAY = 20, 10


class GuestWords(TypedDict, total=False):
    """Who comes along: the words of a `Guest`."""

    first_name: str
    last_name: str
    email: str
    needs: str


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
    is_slow: bool = False,
    by: User | None = None,
) -> Registration:
    """Holds seats for half an hour and mails the link that confirms them; where there are none, the link confirms a place on the waiting list, and
    where the organiser approves, an application. A person has one registration an event, and brings `guests` along.

    A link is mailed, and seats are held, once a day till somebody follows it (`events.rush`): asking again only changes what was asked for, and the
    link in the mailbox takes the seats that are free then. Staff (`by`) may send it again. What was confirmed changes by its own link alone.
    `is_slow`: nothing is held, and the link waits for its turn. `asked_as` of what is returned is the state that a newcomer would have come to.
    Raises EventFull, RegistrationClosed, WrongCode, GroupTooLarge, TooManyMails or TooManyAtOnce; then nothing is kept of what was asked.
    """
    details = {"email": email, "first_name": first_name, "last_name": last_name, "language": language, "target_group": target_group}
    words = {"language": language, "organisation": organisation, "needs": needs, "mode": mode or event.ways[0], "size": 1 + len(guests)}
    words["further_pools"] = sorted({*further_pools, *pools_of(answers)})
    how = How(is_slow=is_slow, by_staff=by is not None)
    mails.look_up(event, language)
    try:
        registration = _ask(event, details, words, guests, answers, access_code, how)
    except IntegrityError:
        # Two at once made the same person or registration: the other's row is there now.
        registration = _ask(event, details, words, guests, answers, access_code, how)
    if by:
        log(event, "wagtail.edit", user=by, data={"asked_for": registration.pk})
    return registration


@dataclass(frozen=True)
class How:
    """By which way somebody asks."""

    is_slow: bool = False
    by_staff: bool = False


@transaction.atomic
def _ask(
    event: Event, details: dict[str, Any], words: dict[str, Any], guests: Sequence[GuestWords], answers: Sequence[Given], code: str, how: How
) -> Registration:
    event.renew()
    _check_open(event)
    if not event.opens_by(code):
        raise WrongCode
    if event.access_codes:
        words = words | {"further_pools": sorted({*words["further_pools"], seats.code_key(code)})}
    if words["size"] > event.largest_group:
        raise GroupTooLarge
    person = people.person_at(theme=event.theme, source="event registration", purpose=purposes.usual(event.theme, purposes.EVENTS), **details)
    if mails.links_today(person) >= LINKS_A_DAY or rush.unanswered(person) >= UNANSWERED_A_DAY:
        raise TooManyMails
    new = {"state": State.EXPIRED, "held_until": timezone.now(), "asked_at": timezone.now(), **words}
    registration, is_new = Registration.objects.get_or_create(event=event, person=person, defaults=new)
    registration.event, registration.person = event, person
    # The pools before the row, as `end` does.
    seats.lock(event)
    if not is_new:
        registration.renew(registration.row().select_for_update())
    if registration.is_settled:
        registration.asked_as = _as_a_newcomer(event, registration, words)
        line_mails.send_standing(registration)
        return registration
    if not how.is_slow:
        _bring_forward(registration)
    is_due = rush.is_link_due(registration, timezone.now(), by_staff=how.by_staff)
    _place(registration, words, how, is_due=is_due)
    if not is_new:
        registration.guests.all().delete()
    Guest.objects.bulk_create(Guest(registration=registration, **guest) for guest in guests)
    if answers or not is_new:
        keep(registration, answers)
    if is_due:
        _send_first_link(registration)
    return registration


@transaction.atomic
def send_link_again(registration: Registration, *, by: User) -> None:
    """For who did not get it: seats are held anew, where there are any. Raises RegistrationClosed where it stands already, or went a moment ago."""
    event = registration.event
    event.renew()
    _check_open(event)
    seats.lock(event)
    registration.renew(registration.row().select_for_update())
    if registration.is_settled or not rush.is_link_due(registration, timezone.now(), by_staff=True):
        raise RegistrationClosed
    asked = {name: getattr(registration, name) for name in ("language", "organisation", "needs", "mode", "size", "further_pools")}
    _place(registration, asked, How(by_staff=True), is_due=True)
    _send_first_link(registration)
    log(event, "wagtail.edit", user=by, data={"link_sent_again": registration.pk})


def _bring_forward(registration: Registration) -> None:
    """Who brings a proof does not wait for what somebody without one has put in line for this address: the one mail of today leaves now."""
    now = timezone.now()
    if registration.link_sent_at and registration.link_sent_at > now and outbox.hasten(thread=mails.thread_of(registration), prefix=mails.ASKED):
        registration.row().update(link_sent_at=now, held_until=now + HOLD)
        registration.renew()


def _send_first_link(registration: Registration) -> None:
    has_room = registration.state == State.WAITING and registration.event.has_room(registration.places)
    line_mails.send_first_link(registration, has_room=has_room)


def _as_a_newcomer(event: Event, registration: Registration, words: dict[str, Any]) -> str:
    """Raises EventFull as it would for one."""
    asked = Registration(event=event, person_id=registration.person_id, **words)
    with transaction.atomic():
        state = _state_of(event, {}, asked.places)
        transaction.set_rollback(True)
    return state


def _place(registration: Registration, words: dict[str, Any], how: How, *, is_due: bool) -> None:
    """Brings what is asked for to a registration that nobody has confirmed: seats, else a place on the waiting list, else EventFull."""
    row, now = registration.row(), timezone.now()
    event, before = registration.event, registration.places if registration.state == State.HELD else {}
    sent_at = (rush.slow_turn(event, now) if how.is_slow else now) if is_due else registration.link_sent_at
    is_live = registration.state in PENDING and registration.held_until > now
    asked = {"asked_at": registration.asked_at, "held_until": registration.held_until}
    if is_due or not is_live:
        asked = {"asked_at": now, "held_until": max(now, sent_at or now) + HOLD}
    values = {**words, **asked, "link_sent_at": sent_at, **dict.fromkeys(("verified_at", "waiting_since", "confirmed_at", "ended_at"))}
    places = Registration(**words).places
    registration.asked_as = state = _state_of(event, before, places, is_slow=how.is_slow)
    if state == State.HELD and not (is_due or is_live):
        # One hold a day: whose link lies in the mailbox gets seats by it, if there are any then.
        values |= {"state": State.EXPIRED, "ended_at": now}
        seats.free(event, places)
    else:
        values["state"] = state
    row.update(**values)
    for name, value in values.items():
        setattr(registration, name, value)
    if registration.state == State.EXPIRED:
        waiting.offer_seats(event)


def _state_of(event: Event, before: Mapping[str, int], places: Mapping[str, int], *, is_slow: bool = False) -> str:
    """Takes the seats, if they are to be taken now. Who holds some already keeps those rather than wait for others; in a rush, who comes later
    holds none, and gets them by confirming first."""
    if event.needs_approval:
        seats.free(event, before)
        return State.APPLIED
    if not before and (is_slow or not rush.may_hold(event, places)) and event.has_room(places):
        return State.WAITING
    if seats.change(event, {key: places.get(key, 0) - before.get(key, 0) for key in {**places, **before}}):
        return State.HELD
    if before or not event.has_waiting_list or not seats.could_hold(event, places) or seats.lacks_only_options(event, places):
        raise EventFull
    return State.WAITING


def _check_open(event: Event) -> None:
    if event.is_cancelled or event.is_over or not event.takes_registrations:
        raise RegistrationClosed


def confirm_registration(registration: Registration) -> Registration:
    """By the link in the mail, once, however often it is called: seats that are held or offered are confirmed, a place on the waiting list or an
    application stands from now on. A hold that ran out tries for its seats again, and waits where there are none.

    Raises EventFull or RegistrationClosed; a cancelled registration has to be asked for anew.
    """
    mails.look_up(registration.event, registration.language)
    return _confirm_it(registration)


@transaction.atomic
def _confirm_it(registration: Registration) -> Registration:
    registration.event.renew()
    state, verified_at = registration.row().values_list("state", "verified_at").get()
    is_past = registration.event.is_cancelled or registration.event.is_over
    if state == State.CANCELLED or (is_past and state not in {State.CONFIRMED, State.ATTENDED, State.REJECTED}):
        raise RegistrationClosed
    # Who was late with an application still applies; who was offered seats once has been approved.
    if state == State.APPLIED or (state == State.EXPIRED and not verified_at and registration.event.needs_approval):
        registration.row().filter(state=state, verified_at=None).update(state=State.APPLIED, verified_at=timezone.now(), ended_at=None)
    elif state in {State.HELD, State.OFFERED, State.EXPIRED, State.WAITING}:
        _confirm(registration)
    registration.renew()
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
    registration.renew()
    # Who moves the event after this finds the registration confirmed, and tells it.
    registration.event.renew()
    inviting.invite(registration)


def _take_or_wait(registration: Registration) -> bool:
    """Whether seats were taken for who has none yet; else it stands in line now, or did already."""
    event, row = registration.event, registration.row()
    seats.lock(event)
    registration.renew(row.select_for_update())
    if registration.state == State.EXPIRED or (registration.state == State.WAITING and not registration.verified_at):
        if seats.take(event, registration.places):
            return True
        if not (event.has_waiting_list and seats.could_hold(event, registration.places)):
            raise EventFull
        waiting.join(registration, tells=False)
        if registration.state == State.WAITING:
            line_mails.send_on_the_list(registration)
    # Who has just followed a link needs no other one to say yes to what was offered at once.
    return registration.state == State.OFFERED


@transaction.atomic
def cancel_registration(registration: Registration, *, by_us: bool = False, by: User | None = None) -> Registration:
    """Frees the seats, once, and offers them to who waits. Only who had an invitation gets a CANCEL. One who attended stays. `by_us` is with the
    whole event."""
    if was := end(registration, State.CANCELLED, (*PENDING, State.CONFIRMED)):
        if by:
            log(registration.event, "wagtail.edit", user=by, data={"cancelled_registration": registration.pk})
        if was == State.CONFIRMED:
            reminders.take_back(registration)
            inviting.number(registration, registration.sequence + 1)
            mails.send_cancellation(registration, by_us=by_us)
            inviting.remove_touches(registration)
        elif by_us and registration.verified_at:
            line_mails.send_event_cancelled(registration)
    registration.renew()
    registration.event.renew()
    return registration


def end(registration: Registration, state: str, of: Iterable[str]) -> str:
    """From one of these states, once: the state that it was in, "" where another was faster. What comes free is offered."""
    # Before the row: who offers seats has the pools first, and then changes rows.
    seats.lock(registration.event)
    if was := stop(registration, state, of):
        waiting.offer_seats(registration.event)
    return was


def stop(registration: Registration, state: str, of: Iterable[str], **conditions: object) -> str:
    """As `end`, with the pools locked, and without offering what comes free: that is the caller's."""
    for was in of:
        if registration.row().filter(state=was, **conditions).update(state=state, ended_at=timezone.now()):
            registration.renew()
            if was in TAKING:
                seats.free(registration.event, registration.places)
            return was
    return ""
