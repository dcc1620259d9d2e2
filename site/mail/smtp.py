"""SMTP to a relay: few connections for many messages, pipelined, and an exact idea of when a message has left our hands.

With PIPELINING (RFC 2920) the envelope of the next message travels together with the final dot of this one, so that a message costs one
round trip instead of four.
"""

from __future__ import annotations

import select
import smtplib
import socket
import ssl
from collections import deque
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.conf import settings

from mail import dkim, slots
from mail.inbound import statuses
from mail.message import domain_of
from mail.transports import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from base.environment import MailAddress
    from mail.transports import Copy

TIMEOUT = 30
CONNECTIONS = 2
SHUTTING_DOWN = 421
# Of a reply, as RFC 5321 has it; more is no mail server.
LONGEST_LINE, MOST_LINES = 2000, 100


class Reply(NamedTuple):
    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class _Refused(Exception):
    """The server's no to one command."""

    def __init__(self, reply: Reply, *, to_recipient: bool = False) -> None:
        self.reply, self.to_recipient = reply, to_recipient


class SmtpTransport:
    """`smtp` without encryption, `smtp+tls` with STARTTLS or not at all, `smtps`. Certificates are verified; `SSL_CERT_FILE` adds one's own.

    Copies take turns on a few connections: while the server thinks about one, the next is written.
    """

    def __init__(self, address: MailAddress) -> None:
        signer = dkim.signer()
        self.channels = [Channel(address, signer) for _ in range(CONNECTIONS)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for channel in self.channels:
            channel.quit()

    def send_all(self, copies: Iterator[Copy]) -> Iterator[Outcome]:
        """As many copies are pulled ahead, and written without their reply, as there are connections."""
        ahead = deque(islice(copies, CONNECTIONS))
        turns, written = cycle(self.channels), deque[Channel]()
        while ahead or written:
            if len(written) == CONNECTIONS or not ahead:
                outcome = written.popleft().finish()
                if outcome.is_down:
                    ahead.clear()
                yield outcome
                continue
            copy = ahead.popleft()
            ahead.extend(islice(copies, 1))
            channel = next(turns)
            # The one after next in the line is the next on this connection.
            channel.start(copy, ahead[CONNECTIONS - 1] if len(ahead) == CONNECTIONS else None)
            written.append(channel)
            if channel.is_down:
                ahead.clear()


class Channel:
    """One connection. `start` writes a copy, `finish` says what became of it."""

    def __init__(self, address: MailAddress, signer: dkim.Signer | None) -> None:
        self.address, self.signer = address, signer
        self.line: Line | None = None
        # Known before the server has spoken of the message.
        self.outcome: Outcome | None = None
        # Whether the final dot of the present message may have reached the server.
        self.is_handed_over = False
        # The copy whose envelope is on its way already.
        self.announced: Copy | None = None

    @property
    def is_down(self) -> bool:
        return self.outcome is not None and self.outcome.is_down

    def start(self, copy: Copy, following: Copy | None) -> None:
        self.is_handed_over, self.outcome = False, None
        if self.line is None:
            try:
                self.line = Line.open(self.address)
            except (smtplib.SMTPException, OSError) as error:
                self.outcome = Outcome(Kind.DEFERRED, f"No connection: {_said(error)}", is_down=True)
                return
        self.outcome = self._outcome_of(lambda line: self._write(line, copy, following))

    def finish(self) -> Outcome:
        outcome = self.outcome or self._outcome_of(self._read)
        assert outcome is not None  # noqa: S101 — for mypy: what was read is an outcome
        self.outcome = None
        return outcome

    def quit(self) -> None:
        if self.line is not None:
            # After a lost chunk an envelope may wait for its message: closing takes it back.
            self.line.close() if self.announced else self.line.quit()
            self.line = self.announced = None

    def _outcome_of(self, step: Callable[[Line], Outcome | None]) -> Outcome | None:
        assert self.line is not None  # noqa: S101 — for mypy: `start` has opened it
        try:
            return step(self.line)
        except _Refused as refusal:
            return self._refused(self.line, refusal)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            kind = Kind.IN_DOUBT if self.is_handed_over else Kind.DEFERRED
            return Outcome(kind, f"Connection lost: {_said(error)}")

    def _write(self, line: Line, copy: Copy, following: Copy | None) -> None:
        is_announced, self.announced = self.announced is copy, None
        envelope = line.replies(3) if is_announced else line.ask(*_envelope(copy))
        _check(line, *envelope)
        line.write(slots.stuffed(self.signer.sign(copy.mime)) if self.signer else copy.stuffed())
        if line.has_spoken():
            # The server owes us nothing yet: it has hung up. Without the dot the message is surely not taken.
            raise smtplib.SMTPServerDisconnected("before the final dot")
        self.is_handed_over = True
        if following is not None and line.is_pipelining:
            line.write(b".\r\n" + b"".join(_envelope(following)))
            self.announced = following
        else:
            line.write(b".\r\n")

    def _read(self, line: Line) -> Outcome:
        reply = line.reply()
        if reply.code != 250:
            raise _Refused(reply)
        return Outcome(Kind.SENT, str(reply))

    def _refused(self, line: Line, refusal: _Refused) -> Outcome:
        reply = refusal.reply
        if reply.code == SHUTTING_DOWN:
            self._drop()
        elif not self.is_handed_over:
            self._reset(line)
        if reply.code < 500:
            return Outcome(Kind.DEFERRED, str(reply))
        is_hard = refusal.to_recipient and statuses.refusal(str(reply))[1] is statuses.Kind.HARD
        return Outcome(Kind.FAILED, str(reply), is_hard_bounce=is_hard)

    def _reset(self, line: Line) -> None:
        try:
            line.ask(b"RSET\r\n")
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        self.announced = None
        if self.line is not None:
            self.line.close()
            self.line = None


class Line:
    """A connection that has greeted, and perhaps encrypted and logged in: `smtplib` does that, and we go on from there."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        assert connection.sock is not None  # noqa: S101 — for mypy: it has just been used
        self.connection, self.sock = connection, connection.sock
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Nothing of what it has read is lost: smtplib's own file is used on.
        self.file: Any = connection.file or self.sock.makefile("rb")
        self.is_pipelining = connection.has_extn("pipelining")

    @classmethod
    def open(cls, address: MailAddress) -> Line:
        # Our own name, not socket.getfqdn(), which asks DNS and may take seconds.
        name = domain_of(settings.DEFAULT_FROM_EMAIL)
        connection: smtplib.SMTP
        if address.scheme == "smtps":
            connection = smtplib.SMTP_SSL(address.host, address.port, name, timeout=TIMEOUT, context=ssl.create_default_context())
        else:
            connection = smtplib.SMTP(address.host, address.port, name, timeout=TIMEOUT)
        try:
            connection.ehlo_or_helo_if_needed()
            if address.scheme == "smtp+tls":
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo_or_helo_if_needed()
            if address.user:
                connection.login(address.user, address.password)
            return cls(connection)
        except BaseException:
            connection.close()
            raise

    def write(self, content: bytes) -> None:
        self.sock.sendall(content)

    def ask(self, *commands: bytes) -> list[Reply]:
        """The replies to all; together where the server bears it, else one by one, and then no further than the first no."""
        if self.is_pipelining:
            self.write(b"".join(commands))
            return self.replies(len(commands))
        replies = []
        for command in commands:
            self.write(command)
            replies.append(self.reply())
            if replies[-1].code >= 400:
                break
        return replies

    def replies(self, number: int) -> list[Reply]:
        return [self.reply() for _ in range(number)]

    def reply(self) -> Reply:
        texts = []
        for _ in range(MOST_LINES):
            line: bytes = self.file.readline(LONGEST_LINE)
            if not line.endswith(b"\n") or not line[:3].isdigit():
                raise smtplib.SMTPServerDisconnected("no reply")
            texts.append(line[4:].strip().decode("utf-8", "replace"))
            if line[3:4] != b"-":
                return Reply(int(line[:3]), "\n".join(texts))
        raise smtplib.SMTPServerDisconnected("no end of a reply")

    def has_spoken(self) -> bool:
        return bool(select.select([self.sock], [], [], 0)[0])

    def quit(self) -> None:
        try:
            self.connection.quit()
        except (smtplib.SMTPException, OSError):
            self.close()

    def close(self) -> None:
        self.connection.close()


def _envelope(copy: Copy) -> tuple[bytes, bytes, bytes]:
    return f"MAIL FROM:<{copy.sender}>\r\n".encode("ascii"), f"RCPT TO:<{copy.recipient}>\r\n".encode("ascii"), b"DATA\r\n"


def _check(line: Line, mail: Reply, rcpt: Reply | None = None, data: Reply | None = None) -> None:
    """Raises _Refused. A server that waits for the message of nobody gets an empty one (RFC 2920, 3.1)."""
    is_taken = mail.code == 250 and rcpt is not None and rcpt.code in (250, 251)
    if data and data.code == 354:
        if is_taken:
            return
        line.write(b".\r\n")
        line.reply()
    if mail.code != 250 or rcpt is None:
        raise _Refused(mail)
    if not is_taken or data is None:
        raise _Refused(rcpt, to_recipient=True)
    raise _Refused(data)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
