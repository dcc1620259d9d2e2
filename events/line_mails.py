"""The mails around the waiting list and approval. None of them holds a calendar: a place in line is no invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from events import links, words
from events.mails import HOLD_MINUTES, facts_of, send, send_link

if TYPE_CHECKING:
    from events.models import Registration


def send_first_link(registration: Registration, *, has_room: bool) -> None:
    """To who has just asked: the link that confirms it. `has_room`: seats are free, though none is held for this one."""
    with translation.override(registration.language):
        title, told, button = _first_words(registration, has_room=has_room)
        send_link(registration, subject=title, paragraphs=[text % {"minutes": HOLD_MINUTES} for text in told], button=button)


def _first_words(registration: Registration, *, has_room: bool) -> tuple[str, list[str], str]:
    """Subject, paragraphs, and what the button says."""
    state = registration.State
    if registration.state == state.HELD:
        told = [_("You asked for a seat at this event. Confirm it within %(minutes)d minutes, or the seat goes to somebody else.")]
        return _("Confirm your registration: %(title)s"), told, _("Confirm registration")
    if registration.state == state.APPLIED:
        told = [
            _("The organiser chooses who takes part. Confirm your application within %(minutes)d minutes."),
            _("We tell you by mail when the organiser has decided."),
        ]
        return _("Confirm your application: %(title)s"), told, _("Confirm my application")
    if has_room:
        told = [_("Others are registering at the same time, so no seat is held for you yet. If one is free when you confirm, it is yours at once.")]
        return _("Confirm your registration: %(title)s"), told, _("Confirm registration")
    told = [
        _("All seats are taken, or others wait for them already. Confirm within %(minutes)d minutes that you want to wait."),
        _("If a seat is free when you confirm, it is yours at once. Else we offer you one when it comes free."),
    ]
    return _("Confirm your place on the waiting list: %(title)s"), told, _("Confirm my place")


def send_standing(registration: Registration) -> None:
    """To somebody who asks again: what was decided already."""
    state = registration.State
    with translation.override(registration.language):
        told = {
            state.WAITING: _("You are on the waiting list. We write to you when a seat comes free."),
            state.APPLIED: _("We have your application. We write to you when the organiser has decided."),
            state.OFFERED: _("A seat is held for you. Say by the link whether you take it."),
            state.REJECTED: _("The organiser could not accept your application."),
        }.get(state(registration.state), _("You have a seat at this event. You need do nothing more."))
        button = None if registration.state == state.REJECTED else (_("See your registration"), links.registration_url(registration))
        send(
            registration,
            key=f"events.already:{registration.pk}:{registration.state}:{registration.sequence}",
            subject=_("You have registered already: %(title)s"),
            paragraphs=[told, *facts_of(registration)],
            button=button,
        )


def send_on_the_list(registration: Registration) -> None:
    """Once for each time of joining."""
    joined_at = registration.verified_at or registration.asked_at
    _send_waiting(registration, key=f"events.waiting:{registration.pk}:{joined_at.timestamp():.0f}")


def send_offer(registration: Registration) -> None:
    with translation.override(registration.language):
        send(
            registration,
            key=f"events.offer:{registration.pk}:{registration.held_until.timestamp():.0f}",
            kind="offer",
            paragraphs=[
                words.held_text(registration),
                _("If you cannot come, say so by the button: then the next one in line hears at once."),
                *facts_of(registration),
            ],
            button=(words.take_label(registration), links.registration_url(registration)),
            small_print=[_("If you do not answer in time, the seats are offered to the next one.")],
        )


def send_lapse(registration: Registration) -> None:
    with translation.override(registration.language):
        send(
            registration,
            key=f"events.lapse:{registration.pk}:{registration.held_until.timestamp():.0f}",
            kind="lapse",
            paragraphs=facts_of(registration),
            button=(_("See your registration"), links.registration_url(registration)),
        )


def send_approved_to_wait(registration: Registration) -> None:
    with translation.override(registration.language):
        first = _("The organiser accepted you, and all seats are taken.")
        _send_waiting(registration, first, key=f"events.approved:{registration.pk}:{registration.sequence}")


def _send_waiting(registration: Registration, *further: str, key: str) -> None:
    with translation.override(registration.language):
        to_cancel = (_("Cancel registration"), links.registration_url(registration, to="cancel"))
        see = (_("See your registration"), links.registration_url(registration))
        send(registration, key=key, kind="waiting", paragraphs=[*further, *facts_of(registration)], button=see, further=[to_cancel])


def send_rejection(registration: Registration) -> None:
    with translation.override(registration.language):
        key = f"events.rejection:{registration.pk}:{registration.asked_at.timestamp():.0f}"
        send(registration, key=key, kind="rejection", paragraphs=[])


def send_event_cancelled(registration: Registration) -> None:
    """To who waits: there is nothing in a calendar to take back."""
    with translation.override(registration.language):
        send(registration, key=f"events.cancelled:{registration.pk}", kind="cancellation", paragraphs=facts_of(registration))
