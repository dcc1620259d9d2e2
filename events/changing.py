"""Changing a registration that stands: the way to take part, who comes along, sessions, answers, what we should know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from events import mails, seats, waiting
from events.answers import keep
from events.inviting import number_of_update
from events.models import Guest, Registration
from events.models.registrations import TAKING
from events.refusals import EventFull, GroupTooLarge, RegistrationClosed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from base.questions import Given
    from events.actions import GuestWords

State = Registration.State


@transaction.atomic
def change_registration(
    registration: Registration,
    *,
    mode: str,
    guests: Sequence[GuestWords],
    organisation: str = "",
    needs: str = "",
    pools: Mapping[str, bool] | None = None,
    answers: Sequence[Given] = (),
    asked: Collection[str] = (),
) -> Registration:
    """All of it or nothing: the seats that are given up are offered to who waits, and more are taken only where nobody waits for them.

    `pools` are the sessions and limited answers that were asked about, and whether they are chosen; `asked` the questions whose `answers` these are.
    Whatever was not asked about stays.
    Who waits keeps the place in line. A confirmed one who moves between the room and online gets the invitation anew.
    Raises EventFull, GroupTooLarge or RegistrationClosed.
    """
    event, row = registration.event, registration.row()
    # Before the row, as `actions.end` does.
    seats.lock(event)
    registration.renew(row.select_for_update())
    if not registration.is_settled or registration.state in {State.REJECTED, State.ATTENDED} or event.is_over or event.is_cancelled:
        raise RegistrationClosed
    if 1 + len(guests) > max(event.largest_group, registration.size):
        raise GroupTooLarge
    before, moves = registration.places, registration.mode != mode
    row.update(mode=mode, size=1 + len(guests), organisation=organisation, needs=needs, further_pools=_further(registration, pools or {}))
    registration.renew()
    _take(registration, before)
    registration.guests.all().delete()
    Guest.objects.bulk_create(Guest(registration=registration, **guest) for guest in guests)
    keep(registration, answers, asked=asked)
    waiting.offer_seats(event)
    registration.renew()
    if moves and registration.state == State.CONFIRMED:
        number_of_update(registration)
        mails.send_invitation(registration, key=f"events.moved:{registration.pk}:{registration.sequence}", is_update=True)
    return registration


def _further(registration: Registration, pools: Mapping[str, bool]) -> list[str]:
    return sorted({*(key for key in registration.further_pools if key not in pools), *(key for key, is_chosen in pools.items() if is_chosen)})


def places_of(registration: Registration, *, mode: str, size: int, pools: Mapping[str, bool]) -> dict[str, int]:
    """What it would take when it is changed so."""
    return dict.fromkeys([mode, *_further(registration, pools)], size)


def _take(registration: Registration, before: dict[str, int]) -> None:
    event, places = registration.event, registration.places
    if registration.state in TAKING:
        if not seats.change(event, {key: places.get(key, 0) - before.get(key, 0) for key in places | before}):
            raise EventFull
    elif not seats.could_hold(event, places):
        raise EventFull
