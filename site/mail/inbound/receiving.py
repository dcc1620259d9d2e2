"""One message that came in, by whichever way: a reader who leaves by mail, or something that came back, or a letter for a person."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mail import links, streams
from mail.inbound import applying, parts, readers, reading
from mail.inbound.statuses import Kind
from mail.signing import BadToken

if TYPE_CHECKING:
    from mail.inbound.rows import Row
    from mail.models import Bounce, Delivery

log = logging.getLogger(__name__)
# As `mail.message` writes it into List-Unsubscribe.
UNSUBSCRIBE = re.compile(r"\bunsubscribe\s+([\w.=-]{10,300})")


@dataclass(frozen=True)
class Received:
    """`needs_a_person` is for what no rule understood: a letter, most likely. `is_read` is by a package above (`mail.inbound.readers`)."""

    rows: list[Row]
    new: list[Bounce]
    has_left: bool = False
    is_read: bool = False

    @property
    def needs_a_person(self) -> bool:
        return not (self.has_left or self.is_read) and all(row.kind is Kind.UNKNOWN and not row.status for row in self.rows)


def receive(message: bytes, *, source: Bounce.Source) -> Received:
    """Reads and applies. Bears a repeat. Raises only what a broken database raises."""
    rows = reading.read(message)
    if delivery := leaver(message):
        if on_unsubscribe := streams.get(delivery.stream).on_unsubscribe:
            on_unsubscribe(delivery)
        return Received(rows, [], has_left=True)
    # What a machine reports is for us, whatever it carries.
    if all(row.kind in {Kind.UNKNOWN, Kind.AUTO_REPLY} for row in rows) and readers.is_read(parts.parsed(message)):
        return Received(rows, [], is_read=True)
    received = Received(rows, applying.apply(rows, source=source, notice=message[: parts.LONGEST]))
    # Never the address or the subject: the log is no register of people.
    log.info("A message by %s: %s, %d new.", source, ", ".join(f"{row.kind} {row.status}".strip() for row in rows), len(received.new))
    return received


def leaver(message: bytes) -> Delivery | None:
    """The copy whose List-Unsubscribe address was written to (RFC 2369). Its token is signed, so the mail's sender is nobody's concern.

    Mail programs write such a mail by themselves, and some say so: as a subject it counts from a machine too. A machine's text may quote us.
    """
    mail = parts.parsed(message)
    found = UNSUBSCRIBE.search(parts.header(mail, "Subject"))
    if found is None and not reading.is_automatic(mail):
        found = UNSUBSCRIBE.search(parts.text(mail)[:2000])
    if found is None:
        return None
    try:
        return links.delivery_of(links.UNSUBSCRIBE, found[1])
    except BadToken:
        return None
