"""What comes with a seat: the calendar's invitation under its number, and the touch in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contacts import outreach
from contacts.models import Touch
from events import mails

if TYPE_CHECKING:
    from events.models import Registration


def invite(registration: Registration) -> None:
    """Once it is confirmed: the calendar's REQUEST, and the touch in the ledger."""
    # After a CANCEL the number must go on from there, or calendars ignore the new invitation.
    _number_invitation(registration, max(registration.event.sequence, registration.sequence + 1 if registration.sequence else 0))
    mails.send_invitation(registration, key=f"events.invitation:{registration.pk}:{registration.sequence}")
    if act := outreach.of_item(registration.event.item_key):
        outreach.touch(act, registration.person, Touch.Kind.REGISTERED, cause=cause_of(registration), language=registration.language)


def number(registration: Registration, sequence: int) -> None:
    registration.sequence = sequence
    registration.row().update(sequence=sequence)


def _number_invitation(registration: Registration, sequence: int) -> None:
    """What a calendar answered was about the invitation before it."""
    registration.sequence, registration.reply, registration.replied_at = sequence, "", None
    registration.row().update(sequence=sequence, reply="", replied_at=None)


def number_of_update(registration: Registration) -> None:
    """Calendars take an invitation anew only under a higher number."""
    _number_invitation(registration, max(registration.event.sequence, registration.sequence + 1))


def cause_of(registration: Registration) -> str:
    """The cause of its touches in the ledger."""
    return f"events.registration:{registration.pk}"


def remove_touches(registration: Registration) -> None:
    if act := outreach.of_item(registration.event.item_key):
        for kind in (Touch.Kind.REGISTERED, Touch.Kind.ATTENDED):
            outreach.remove_touches(act, kind, cause=cause_of(registration))
