"""What organisers do to a registration by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from events import actions, approving, attendance, refusals
from events.models import Note, Registration

if TYPE_CHECKING:
    from collections.abc import Callable

    from base.models import User
    from events.models import Event

State = Registration.State


class Act(NamedTuple):
    """A button: its name, what it says, what comes of it."""

    key: str
    label: str
    note: str
    is_serious: bool = False


def acts_on(row: Registration) -> list[Act]:
    """What makes sense in the state that it is in."""
    found = []
    if row.state == State.APPLIED:
        found.append(Act("approve", _("Approve"), _("The seat is theirs, or a place on the waiting list if there is none.")))
    if row.state == State.WAITING:
        found.append(Act("promote", _("Offer a seat now"), _("Before those who have waited longer. It takes a free seat.")))
    if not row.is_settled and row.state != State.CANCELLED:
        found.append(Act("resend", _("Send the link again"), _("For who did not get it. A free seat is held for 30 minutes anew.")))
    if row.state in {State.HELD, State.OFFERED}:
        found.append(Act("confirm", _("Confirm for them"), _("For who has confirmed by word. The invitation goes out.")))
    if row.state == State.CONFIRMED:
        found.append(Act("attend", _("Mark attended"), _("Counts for the goals of the event.")))
    if row.state == State.ATTENDED:
        found.append(Act("unattend", _("Undo: did not attend"), _("The seat stays theirs; the attendance is taken back.")))
    if row.state in {State.APPLIED, State.WAITING, State.OFFERED}:
        found.append(Act("reject", _("Say no"), _("They are told by mail."), is_serious=True))
    if row.state in {State.HELD, State.CONFIRMED}:
        found.append(Act("cancel", _("Cancel registration"), _("The seat becomes free. Who had confirmed gets a mail."), is_serious=True))
    return found


def do(row: Registration, key: str, *, by: User) -> str:
    """Says what was done. Raises as the action does; RegistrationClosed for an act that the state no longer allows."""
    row.refresh_from_db()
    if key not in {act.key for act in acts_on(row)}:
        raise refusals.RegistrationClosed
    return DOING[key](row, by)


def _confirm(row: Registration, by: User) -> str:
    actions.confirm_registration(row)
    log(row.event, "wagtail.edit", user=by, data={"confirmed_by_hand": row.pk})
    return _("{person} is registered.").format(person=row.person)


def _resend(row: Registration, by: User) -> str:
    actions.send_link_again(row, by=by)
    return _("The link is on its way.")


def _approve(row: Registration, by: User) -> str:
    state = approving.approve_registration(row, by=by).state
    told = _("{person} is registered.") if state == State.CONFIRMED else _("{person} is on the waiting list.")
    return told.format(person=row.person)


def _promote(row: Registration, by: User) -> str:
    approving.promote_registration(row, by=by)
    return _("{person} was offered a seat.").format(person=row.person)


def _reject(row: Registration, by: User) -> str:
    approving.reject_registration(row, by=by)
    return _("{person} was told that there is no seat.").format(person=row.person)


def _attend(row: Registration, by: User) -> str:
    attendance.mark([row], by=by)
    return _("{person} is marked attended.").format(person=row.person)


def _unattend(row: Registration, by: User) -> str:
    attendance.unmark([row], by=by)
    return _("The attendance is taken back.")


def _cancel(row: Registration, by: User) -> str:
    actions.cancel_registration(row, by=by)
    return _("The registration is cancelled.")


DOING: dict[str, Callable[[Registration, User], str]] = {
    "approve": _approve,
    "resend": _resend,
    "promote": _promote,
    "reject": _reject,
    "confirm": _confirm,
    "attend": _attend,
    "unattend": _unattend,
    "cancel": _cancel,
}


@transaction.atomic
def add_registration(*, event: Event, by: User, is_confirmed: bool, note: str, **details: Any) -> Registration:
    """As the public form does, by somebody else's hand; with `is_confirmed` the seat is theirs at once. Raises as `ask_registration` does."""
    registration = actions.ask_registration(event=event, by=by, **details)
    if is_confirmed:
        actions.confirm_registration(registration)
    if note:
        add_note(registration=registration, text=note, by=by)
    return registration


def add_note(*, registration: Registration, text: str, by: User) -> Note:
    return Note.objects.create(registration=registration, text=text, by=by)


@transaction.atomic
def edit_registration(*, registration: Registration, by: User, organisation: str, language: str, needs: str) -> None:
    """The history says that it was edited, not what it says now: needs must be gone when their time has come."""
    registration.organisation, registration.language, registration.needs = organisation, language, needs
    registration.save(update_fields=["organisation", "language", "needs"])
    log(registration.event, "wagtail.edit", user=by, data={"edited_registration": registration.pk})
