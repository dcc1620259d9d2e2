"""Where the organiser approves: a yes takes the seats, a no says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from events import line_mails, seats, waiting
from events.actions import end
from events.inviting import invite
from events.models import Registration
from events.refusals import EventFull, RegistrationClosed

if TYPE_CHECKING:
    from base.models import User

State = Registration.State


@transaction.atomic
def approve_registration(registration: Registration, *, by: User | None = None) -> Registration:
    """Seats for an application whose address is confirmed; where there are none, a place on the waiting list.

    Raises EventFull where there is no list, RegistrationClosed where the event is over or cancelled, or the registration no application.
    """
    event = registration.event
    event.renew()
    if event.is_cancelled or event.is_over:
        raise RegistrationClosed
    seats.lock(event)
    if not registration.row().filter(state=State.APPLIED, verified_at__isnull=False).update(state=State.WAITING):
        raise RegistrationClosed
    registration.renew()
    if seats.take(event, registration.places):
        registration.row().update(state=State.CONFIRMED, confirmed_at=timezone.now())
        registration.renew()
        invite(registration)
    elif event.has_waiting_list and seats.could_hold(event, registration.places):
        waiting.join(registration)
        if registration.state == State.WAITING:
            line_mails.send_approved_to_wait(registration)
    else:
        raise EventFull
    log(event, "wagtail.edit", user=by, data={"approved": registration.pk})
    return registration


@transaction.atomic
def promote_registration(registration: Registration, *, by: User | None = None) -> Registration:
    """Offers seats out of turn, for as long as any offer: the organiser's word goes before the line.

    Raises EventFull where the seats are not free, RegistrationClosed where the event has begun or is cancelled, or the registration waits no more.
    """
    event, now = registration.event, timezone.now()
    event.renew()
    if event.is_cancelled or event.has_begun:
        raise RegistrationClosed
    seats.lock(event)
    offered = {"state": State.OFFERED, "held_until": waiting.until(event, now)}
    if not registration.row().filter(state=State.WAITING, verified_at__isnull=False).update(**offered):
        raise RegistrationClosed
    if not seats.take(event, registration.places, from_line=True):
        raise EventFull
    registration.renew()
    line_mails.send_offer(registration)
    log(event, "wagtail.edit", user=by, data={"promoted": registration.pk})
    return registration


@transaction.atomic
def reject_registration(registration: Registration, *, by: User | None = None) -> Registration:
    """The organiser says no to an application, or to who waits. It is told by mail, and never by a calendar's."""
    if end(registration, State.REJECTED, (State.APPLIED, State.WAITING, State.OFFERED)):
        line_mails.send_rejection(registration)
        log(registration.event, "wagtail.edit", user=by, data={"rejected": registration.pk})
    registration.renew()
    return registration
