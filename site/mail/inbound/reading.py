"""Reading what comes in. Nothing here touches the database: `mail.inbound.applying` decides what follows."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from mail.inbound import parts, reports, texts, verp, words
from mail.inbound.rows import Row
from mail.inbound.statuses import Kind
from mail.signing import BadToken

if TYPE_CHECKING:
    from mail.inbound.parts import Mail

log = logging.getLogger(__name__)
# Where the servers on the way write whom a message came to.
RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc")
BEGINNING = 64 * 1024
AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Auto-Reply", "X-AutoReply-From", "X-Mail-Autoreply", "X-Auto-Response-Suppress")


def read(message: bytes) -> list[Row]:
    """At least one row, whatever the message is: one that breaks a rule of ours is unknown, and the log says where."""
    try:
        return rows_of(message)
    except Exception:
        log.exception("A message that came in could not be read.")
        return [Row("", Kind.UNKNOWN)]


def rows_of(message: bytes) -> list[Row]:
    """As `read`, and raises what goes wrong. No message is known that does.

    First the reports for machines, then bounces in words, then automatic answers; what is left is for a person to read.
    """
    mail = parts.parsed(message)
    rows = reports.read(mail) or _nested(mail) or (texts.read(mail, parts.parsed(message[:BEGINNING])) if texts.is_bounce(mail) else [])
    rows = rows or [Row(parts.address_in(parts.header(mail, "From")), Kind.AUTO_REPLY if is_automatic(mail) else Kind.UNKNOWN)]
    delivery = _delivery(mail, message)
    return [replace(row, delivery=delivery) for row in rows]


def _nested(mail: Mail) -> list[Row]:
    """A report that a mail system passes on whole. One that a person forwards is a letter, not a report."""
    if not texts.is_bounce(mail):
        return []
    carried = (inner for part in parts.walk(mail) if part.get_content_type() == "message/rfc822" for inner in parts.children(part))
    return next((rows for inner in carried if (rows := reports.read(inner))), [])


def is_automatic(mail: Mail) -> bool:
    """RFC 3834, and what answering machines wrote before it and in spite of it."""
    submitted = parts.header(mail, "Auto-Submitted").lower()
    text = parts.text(mail)
    if submitted.startswith("auto-replied") or any(mail.get(name) for name in AUTOMATIC):
        return True
    if submitted.startswith("auto-generated") and text.strip():
        return True
    return "auto" in parts.header(mail, "Precedence").lower() or words.is_automatic(parts.header(mail, "Subject"), text[:4000])


def _delivery(mail: Mail, message: bytes) -> int | None:
    """Our copy, by the address that the notice came to; else by our Message-ID, if one alone stands in it."""
    for value in parts.headers(mail, *RECIPIENTS):
        for found in parts.ADDRESS.findall(value):
            try:
                return verp.delivery_at(found)
            except BadToken:
                continue
    named = verp.deliveries_named(_readable(mail, message))
    return named[0] if len(named) == 1 else None


def _readable(mail: Mail, message: bytes) -> str:
    """The message as it came, and what its own encoded parts hold."""
    raw = message[: parts.LONGEST].decode("latin-1")
    return raw + "".join(parts.content(part) for part in parts.walk(mail) if not part.is_multipart())
