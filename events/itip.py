"""Answers to invitations (RFC 5546, METHOD:REPLY), which calendars mail to ORGANIZER when somebody presses *Accept* or *Decline*.

Anybody can write a mail in anybody's name. An answer counts only when it names the registration by its signed UID, which stands in that person's
invitation alone, comes from the registered address, is that person's own (ATTENDEE), and is about the invitation that was sent last (SEQUENCE; of
two answers the one with the later DTSTAMP). Whatever fails does nothing, and the log says why without saying who.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import icalendar
from django.db import transaction
from django.db.models import Q

from events import actions, links, seats
from events.models import Registration
from mail.inbound import parts, readers
from mail.signing import BadToken

if TYPE_CHECKING:
    from mail.inbound.parts import Mail

log = logging.getLogger(__name__)
TYPES = {"text/calendar", "application/ics"}
PARTSTATS = {"ACCEPTED": Registration.Reply.ACCEPTED, "TENTATIVE": Registration.Reply.TENTATIVE, "DECLINED": Registration.Reply.DECLINED}


class Ignored(Exception):
    """Why an answer changes nothing."""


@dataclass(frozen=True)
class Reply:
    sender: str
    attendee: str
    uid: str
    partstat: str
    sequence: int
    made_at: datetime


def register() -> None:
    readers.register("events.itip", read)


def read(mail: Mail) -> bool:
    """Whether the mail is such an answer, applied or not."""
    reply = reply_in(mail)
    if reply is None:
        return False
    try:
        registration = apply(reply)
    except Ignored as reason:
        log.warning("An answer to an invitation changed nothing: %s.", reason)
    else:
        log.info("Registration %d answered its invitation: %s.", registration.pk, registration.reply)
    return True


def reply_in(mail: Mail) -> Reply | None:
    """None where there is none, or none that can be read: then a person may."""
    for part in parts.walk(mail):
        if part.get_content_type() in TYPES:
            try:
                return _reply(mail, icalendar.Calendar.from_ical(parts.content(part)))
            except (ValueError, KeyError, IndexError, TypeError, AttributeError):
                continue
    return None


def _reply(mail: Mail, calendar: Any) -> Reply:
    """Raises what goes wrong with a calendar that is no answer of one person about one event."""
    if str(calendar["METHOD"]).upper() != "REPLY":
        raise ValueError("no answer")
    [entry] = calendar.walk("VEVENT")
    attendee = entry["ATTENDEE"]
    if isinstance(attendee, list):
        [attendee] = attendee
    made_at = entry.decoded("DTSTAMP")
    return Reply(
        sender=parts.address_in(parts.header(mail, "From")),
        attendee=str(attendee).lower().removeprefix("mailto:").strip(),
        uid=str(entry["UID"]),
        partstat=str(attendee.params["PARTSTAT"]).upper(),
        sequence=int(entry.get("SEQUENCE", 0)),
        made_at=made_at if made_at.tzinfo else made_at.replace(tzinfo=UTC),
    )


@transaction.atomic
def apply(reply: Reply) -> Registration:
    """Writes the answer down; who declines gives the seat back, and gets a cancellation as by the link. Raises Ignored. Bears a repeat."""
    try:
        registration = links.registration_of_uid(reply.uid)
    except BadToken:
        raise Ignored("it names no registration") from None
    answer = PARTSTATS.get(reply.partstat)
    if answer is None:
        raise Ignored("it says nothing that we know")
    own = registration.person.email.lower()
    if reply.sender != own or reply.attendee != own:
        raise Ignored(f"it is not from who registered ({registration.pk})")
    if reply.sequence < registration.sequence:
        raise Ignored(f"it is about an invitation that is no longer true ({registration.pk})")
    # Before the row, as whoever frees seats does.
    seats.lock(registration.event)
    _write(registration, answer, reply.made_at)
    if answer == Registration.Reply.DECLINED:
        actions.cancel_registration(registration)
    return registration


def _write(registration: Registration, answer: str, made_at: datetime) -> None:
    """Only for a seat that is confirmed, and over an older answer alone."""
    row = registration.row().filter(state=Registration.State.CONFIRMED)
    if not row.filter(Q(replied_at=None) | Q(replied_at__lt=made_at)).update(reply=answer, replied_at=made_at):
        raise Ignored(f"a later one came before it, or the seat is not confirmed ({registration.pk})")
    registration.refresh_from_db()
