"""The mailbox of bounces, over IMAP (RFC 3501), read by the clock.

Nothing is deleted. What was understood moves to a folder; what a person should read stays where it is, unread, and is marked so that it
is not read by us again; so is a message that breaks us, which is counted in the log.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError

from mail.inbound import parts
from mail.inbound.receiving import receive
from mail.models import Bounce

if TYPE_CHECKING:
    from base.environment import MailboxAddress

log = logging.getLogger(__name__)
TIMEOUT = 30
# Of one run. The next comes in minutes; django-q2 stops a task after 300 s.
RUN_SECONDS = 120
MOST = 1000
HANDLED_FOLDER = "Kantama"
# Keywords of ours. A server that keeps none shows such a message to us again, which changes nothing.
FOR_A_PERSON, BROKEN = "KantamaLeft", "KantamaBroken"


class _Interrupted(Exception):
    """The database is away: not the message's fault, and nothing is marked."""


@dataclass
class Tally:
    handled: int = 0
    for_a_person: int = 0
    broken: int = 0


def read_mailbox() -> Tally:
    """Every five minutes. Bears a repeat, and two at once. A server that is away is tried again by the clock."""
    tally = Tally()
    if settings.BOUNCE_MAILBOX is None:
        return tally
    try:
        with Mailbox(settings.BOUNCE_MAILBOX) as mailbox:
            _read_all(mailbox, tally)
    except (imaplib.IMAP4.error, OSError, _Interrupted) as error:
        # Without the server's words: some quote the login.
        log.warning("The mailbox of bounces could not be read: %s.", type(error).__name__)
    if tally.handled or tally.for_a_person or tally.broken:
        log.info("Mailbox of bounces: %d handled, %d for a person, %d broken.", tally.handled, tally.for_a_person, tally.broken)
    return tally


def _read_all(mailbox: Mailbox, tally: Tally) -> None:
    end = time.monotonic() + RUN_SECONDS
    for uid in mailbox.new()[:MOST]:
        if time.monotonic() > end:
            return
        _read_one(mailbox, uid, tally)


def _read_one(mailbox: Mailbox, uid: str, tally: Tally) -> None:
    message = mailbox.beginning(uid)
    if message is None:
        # Another reader has just taken it.
        return
    try:
        received = receive(message, source=Bounce.Source.MAILBOX)
    except (OperationalError, InterfaceError):
        # The database, not the message: all of it waits for the next time.
        raise _Interrupted from None
    except (DatabaseError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        log.exception("A message in the mailbox of bounces could not be applied; it stays there, marked %s.", BROKEN)
        mailbox.mark(uid, BROKEN)
        tally.broken += 1
        return
    if received.needs_a_person:
        mailbox.mark(uid, FOR_A_PERSON)
        tally.for_a_person += 1
    else:
        mailbox.put_away(uid)
        tally.handled += 1


class Mailbox:
    """A session with the server, in the folder that messages come to."""

    def __init__(self, address: MailboxAddress) -> None:
        self.address = address

    def __enter__(self) -> Self:
        host, port = self.address.host, self.address.port
        if self.address.scheme == "imaps":
            self.server: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
        else:
            self.server = imaplib.IMAP4(host, port, timeout=TIMEOUT)
        try:
            self.server.login(self.address.user, self.address.password)
            self._expect(self.server.select(_quoted(self.address.folder)))
        except BaseException:
            self.server.shutdown()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.server.logout()
        except (imaplib.IMAP4.error, OSError):
            self.server.shutdown()

    def new(self) -> list[str]:
        """What nobody has marked, oldest first, by numbers that stay (UID)."""
        found = self._expect(self.server.uid("SEARCH", "UNDELETED", "UNKEYWORD", FOR_A_PERSON, "UNKEYWORD", BROKEN))
        return [number.decode() for number in (found[0] or b"").split()]

    def beginning(self, uid: str) -> bytes | None:
        """As much as is read, without marking it as seen: a mail of 30 MB costs no more than one of half a megabyte."""
        found = self._expect(self.server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{parts.LONGEST}>)"))
        return next((part[1] for part in found if isinstance(part, tuple)), None)

    def mark(self, uid: str, keyword: str) -> None:
        self.server.uid("STORE", uid, "+FLAGS.SILENT", f"({keyword})")

    def put_away(self, uid: str) -> None:
        """By MOVE (RFC 6851) where there is one. Else the copy is there before the original is marked as deleted."""
        if "MOVE" in self.server.capabilities:
            if self._into_folder("MOVE", uid):
                return
        elif self._into_folder("COPY", uid):
            self.server.uid("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)")
            if "UIDPLUS" in self.server.capabilities:
                self.server.uid("EXPUNGE", uid)
            return
        # No folder of ours can be had: it stays, and is not read again.
        self.mark(uid, FOR_A_PERSON)

    def _into_folder(self, command: str, uid: str) -> bool:
        if self.server.uid(command, uid, HANDLED_FOLDER)[0] == "OK":
            return True
        self.server.create(HANDLED_FOLDER)
        return self.server.uid(command, uid, HANDLED_FOLDER)[0] == "OK"

    def _expect(self, answer: tuple[str, list[Any]]) -> list[Any]:
        if answer[0] != "OK":
            raise imaplib.IMAP4.error(answer[0])
        return answer[1]


def _quoted(folder: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", folder) + '"'
