"""A real SMTP server on loopback that keeps what it took, and refuses or breaks off on request."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from email.message import EmailMessage

# Time for the reply to reach the client before it is killed, and not for much more.
A_MOMENT = 0.002


@dataclass
class Sink:
    """`taken` is the log: (recipient, bytes) of each message whose final dot arrived."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    # Of each recipient, who the envelope said the message was from.
    senders: dict[str, str] = field(default_factory=dict)
    rcpt_replies: dict[str, str] = field(default_factory=dict)
    data_replies: dict[str, str] = field(default_factory=dict)
    dropped_at_data: set[str] = field(default_factory=set)
    dropped_in_body: set[str] = field(default_factory=set)
    dropped_after_dot: set[str] = field(default_factory=set)
    on_taken: Callable[[int], None] = lambda count: None
    after_reply: Callable[[int], None] = lambda count: None
    is_pipelining: bool = False
    connections: int = 0
    logins: list[bytes] = field(default_factory=list)
    port: int = 0

    @property
    def counts(self) -> Counter[str]:
        return Counter(recipient for recipient, _ in self.taken)

    def messages(self, to: str = "") -> list[EmailMessage]:
        """All, or what this recipient has got."""
        return [message_from_bytes(mime, policy=policy.default) for recipient, mime in self.taken if to in {"", recipient}]

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", *responses[-1:]] if self.is_pipelining else responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if reply := self.rcpt_replies.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        recipient = envelope.rcpt_tos[0]
        if reply := self.data_replies.get(recipient):
            return reply
        self.taken.append((recipient, envelope.original_content))
        self.senders[recipient] = envelope.mail_from
        count = len(self.taken)
        self.on_taken(count)
        if recipient in self.dropped_after_dot:
            server.transport.abort()
            await asyncio.sleep(0.05)
        asyncio.get_running_loop().call_later(A_MOMENT, self.after_reply, count)
        return f"250 2.0.0 taken as {count}"


class SinkServer(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        sink: Any = self.event_handler
        assert self.envelope is not None
        assert isinstance(self.transport, asyncio.WriteTransport)
        recipients = set(self.envelope.rcpt_tos)
        if recipients & sink.dropped_in_body:
            await self.push("354 go on")
        if recipients & (sink.dropped_at_data | sink.dropped_in_body):
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class SinkController(Controller):
    def factory(self) -> SMTP:
        return SinkServer(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        # It calls itself once to be sure; only now is it known at which port.
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's


def start(sink: Sink, *, tls: ssl.SSLContext | None = None, password: str = "", port: int = 0) -> SinkController:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        sink.logins.append(data.login)
        return AuthResult(success=data.password == password.encode(), handled=False)

    options: dict[str, Any] = {"authenticator": check, "auth_required": True, "auth_exclude_mechanism": ["LOGIN"]} if password else {}
    if tls:
        options |= {"tls_context": tls, "require_starttls": True}
    controller = SinkController(sink, hostname="127.0.0.1", port=port, **options)
    controller.start()
    sink.port = controller.port
    sink.connections = 0
    return controller
