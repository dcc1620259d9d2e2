"""The ways out. Each takes complete bytes and says honestly what became of them."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from django.conf import settings
from django.utils import timezone

from mail import slots, suppression

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from mail.models import Delivery
    from mail.slots import FrozenMessage


class Kind(StrEnum):
    """`IN_DOUBT`: all was handed over and no answer came (RFC 1047). `NOT_TRIED`: not a byte of it left; not an attempt."""

    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True)
class Outcome:
    """`is_down` means that the next message would fare no better: the engine gives its rows back. `wait` is for NOT_TRIED."""

    kind: Kind
    reply: str = ""
    is_hard_bounce: bool = False
    is_down: bool = False
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Copy:
    """One message to one address: the envelope's two addresses, and either its own bytes or a mailing's with what fills them."""

    delivery: Delivery
    sender: str
    recipient: str
    own: bytes = b""
    template: FrozenMessage | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def mime(self) -> bytes:
        """Complete. Made at each call."""
        return self.template.fill(self.values) if self.template else self.own

    def stuffed(self) -> bytes:
        """The same as SMTP has it between DATA and the final dot."""
        return self.template.fill_stuffed(self.values) if self.template else slots.stuffed(self.own)


class Transport(Protocol):
    """Opened for a run of the engine."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...

    def send_all(self, copies: Iterator[Copy]) -> Iterator[Outcome]:
        """An outcome for each copy that was begun, in their order; after one that `is_down` it may end before the last copy.

        It may pull a few copies ahead. Raises nothing that the outside world can cause.
        """


def open_transport() -> Transport:
    """The transport that `EMAIL_URL` names."""
    address = settings.EMAIL_ADDRESS
    if address.scheme == "outbox":
        return OutboxTransport(Path(address.path))
    if address.scheme == "anymail":
        from mail.esp import EspTransport

        return EspTransport(settings.ANYMAIL_BACKEND)
    from mail.smtp import SmtpTransport

    return SmtpTransport(address)


# What the outbox answers for addresses at these domains, as servers of the world do: whoever tries the product out sees what comes back.
ANSWERS = {
    "gone.example.org": Outcome(Kind.FAILED, "550 5.1.1 User unknown", is_hard_bounce=True),
    "full.example.org": Outcome(Kind.DEFERRED, "452 4.2.2 Mailbox full"),
}


class OutboxTransport:
    """Writes each mail as an `.eml` file, save for ANSWERS. The name sorts by time and ends in a hash of the address, by which erasing finds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send_all(self, copies: Iterator[Copy]) -> Iterator[Outcome]:
        return (ANSWERS.get(copy.recipient.rpartition("@")[2].lower()) or self._send(copy) for copy in copies)

    def _send(self, copy: Copy) -> Outcome:
        name = f"{timezone.now():%Y%m%dT%H%M%S%f}-{copy.delivery.pk}-{address_mark(copy.recipient)}.eml"
        # Whole or not at all: a reader of the folder never sees half a mail.
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(copy.mime)
        Path(draft).replace(self.folder / name)
        return Outcome(Kind.SENT, f"250 {name}")


def address_mark(address: str) -> str:
    return suppression.hash_of(address)[:16]
