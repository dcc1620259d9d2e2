"""SMTP to a relay: one connection for many messages, and an exact idea of when a message has left our hands."""

from __future__ import annotations

import re
import select
import smtplib
import ssl
from typing import TYPE_CHECKING, Self

from django.conf import settings

from mail.message import domain_of
from mail.transports import Kind, Outcome

if TYPE_CHECKING:
    from base.environment import MailAddress
    from mail.models import Delivery

TIMEOUT = 30
# RFC 3463: 5.1.x is about the address. 5.1.8 is about ours, the sender's.
BAD_MAILBOX = re.compile(r"\b5\.1\.(?!8\b)\d{1,3}\b")
SHUTTING_DOWN = 421


class _Refused(Exception):
    """The server's no to one command."""

    def __init__(self, code: int, text: bytes, *, to_recipient: bool = False) -> None:
        self.code, self.text, self.to_recipient = code, text.decode("utf-8", "replace"), to_recipient


class SmtpTransport:
    """`smtp` without encryption, `smtp+tls` with STARTTLS or not at all, `smtps`. Certificates are verified; `SSL_CERT_FILE` adds one's own."""

    def __init__(self, address: MailAddress) -> None:
        self.address = address
        self.connection: smtplib.SMTP | None = None
        # Whether the final dot of the present message may have reached the server.
        self.is_handed_over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.connection is not None:
            try:
                self.connection.quit()
            except (smtplib.SMTPException, OSError):
                self._drop()

    def send(self, delivery: Delivery, sender: str, recipient: str, mime: bytes) -> Outcome:
        if self.connection is None:
            try:
                self.connection = self._connect()
            except (smtplib.SMTPException, OSError) as error:
                return Outcome(Kind.DEFERRED, f"No connection: {_said(error)}", is_down=True)
        try:
            return Outcome(Kind.SENT, self._converse(self.connection, sender, recipient, mime))
        except _Refused as refusal:
            return self._refused(refusal)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            kind = Kind.IN_DOUBT if self.is_handed_over else Kind.DEFERRED
            return Outcome(kind, f"Connection lost: {_said(error)}")

    def _connect(self) -> smtplib.SMTP:
        host, port = self.address.host, self.address.port
        # Our own name, not socket.getfqdn(), which asks DNS and may take seconds.
        name = domain_of(settings.DEFAULT_FROM_EMAIL)
        connection: smtplib.SMTP
        if self.address.scheme == "smtps":
            connection = smtplib.SMTP_SSL(host, port, name, timeout=TIMEOUT, context=ssl.create_default_context())
        else:
            connection = smtplib.SMTP(host, port, name, timeout=TIMEOUT)
        try:
            connection.ehlo_or_helo_if_needed()
            if self.address.scheme == "smtp+tls":
                connection.starttls(context=ssl.create_default_context())
            if self.address.user:
                connection.login(self.address.user, self.address.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _converse(self, connection: smtplib.SMTP, sender: str, recipient: str, mime: bytes) -> str:
        self.is_handed_over = False
        _expect(connection.docmd("MAIL", f"FROM:<{sender}>"), 250)
        _expect(connection.docmd("RCPT", f"TO:<{recipient}>"), 250, 251, to_recipient=True)
        _expect(connection.docmd("DATA"), 354)
        assert connection.sock is not None  # noqa: S101 — for mypy: docmd has just used it
        connection.sock.sendall(_stuffed(mime))
        if select.select([connection.sock], [], [], 0)[0]:
            # The server owes us nothing yet: it has hung up. Without the dot the message is surely not taken.
            raise smtplib.SMTPServerDisconnected("before the final dot")
        self.is_handed_over = True
        connection.sock.sendall(b".\r\n")
        reply = connection.getreply()
        _expect(reply, 250)
        return f"{reply[0]} {reply[1].decode('utf-8', 'replace')}"

    def _refused(self, refusal: _Refused) -> Outcome:
        reply = f"{refusal.code} {refusal.text}"
        if refusal.code == SHUTTING_DOWN:
            self._drop()
        else:
            self._reset()
        if refusal.code < 500:
            return Outcome(Kind.DEFERRED, reply)
        return Outcome(Kind.FAILED, reply, is_hard_bounce=refusal.to_recipient and bool(BAD_MAILBOX.search(refusal.text)))

    def _reset(self) -> None:
        try:
            if self.connection is not None:
                self.connection.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _expect(reply: tuple[int, bytes], *codes: int, to_recipient: bool = False) -> None:
    code, text = reply
    if code == -1:
        raise smtplib.SMTPServerDisconnected("no reply")
    if code not in codes:
        raise _Refused(code, text, to_recipient=to_recipient)


def _stuffed(mime: bytes) -> bytes:
    """RFC 5321, 4.5.2; ends in a line break, so that the final dot stands alone."""
    body = mime if mime.endswith(b"\r\n") else mime + b"\r\n"
    body = b"." + body if body.startswith(b".") else body
    return body.replace(b"\r\n.", b"\r\n..")


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
