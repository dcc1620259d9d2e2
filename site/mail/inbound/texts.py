"""Bounces that are written for people: no DSN, or one that nobody can read. flufl.bounce finds the addresses in forms of its own."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from django.conf import settings
from flufl.bounce import all_failures

from mail.inbound import parts, statuses, words
from mail.inbound.rows import MOST_ROWS, Row
from mail.inbound.statuses import Kind

if TYPE_CHECKING:
    from mail.inbound.parts import Mail

log = logging.getLogger(__name__)
MACHINES = re.compile(r"^(mailer-?daemon|postmaster|mail-?daemon|mdaemon|mail-?system|mailadmin)\b", re.IGNORECASE)
MACHINE_NAMES = re.compile(
    r"mail (delivery|admin|system)|postmaster|system administrator|delivery (sub)?system|post(i|al)? ?(palvelin|server|järjestelmä)",
    re.IGNORECASE,
)
# Behind these the notice returns what we wrote ourselves.
RETURNED = re.compile(
    r"^.{0,12}(below this line is a copy|original (message|mail)\b(?! was)|this is a copy of (the|your) message|(possibly )?truncated original|"
    r"returned message|"
    r"alkuperäinen viesti|ursprungligt meddelande|headers of the (original )?message).*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)


def is_bounce(mail: Mail) -> bool:
    """From a mail system, or with a bounce's empty sender and a bounce's subject."""
    if mail.get("X-Failed-Recipients"):
        return True
    sender, subject = parts.header(mail, "From"), parts.header(mail, "Subject")
    is_failure = words.is_failure(subject) or words.is_delay(subject)
    if MACHINES.match(parts.address_in(sender)):
        return True
    has_no_sender = parts.header(mail, "Return-Path").strip() == "<>"
    return is_failure and (has_no_sender or bool(MACHINE_NAMES.search(sender.partition("<")[0])))


def read(mail: Mail, beginning: Mail) -> list[Row]:
    """`beginning` is what flufl.bounce gets: it tries each of its patterns on each line."""
    said = RETURNED.sub("", parts.text(mail))
    is_delay = words.is_delay(parts.header(mail, "Subject")) or words.is_delay(said)
    addresses = _addresses(mail, beginning, said)
    return [_row(address, _segment(said, address, addresses), is_delay) for address in addresses] or [Row("", Kind.UNKNOWN)]


def _row(address: str, said: str, is_delay: bool) -> Row:
    """The last code is the last word. The words that decide are those of its own paragraph."""
    found = statuses.codes_in(said)
    place, status = found[-1] if found else (0, "")
    about = _paragraph(said, place) if found else said
    kind = statuses.kind_of(status, about)
    if is_delay and kind is not Kind.HARD:
        return Row(address, Kind.SOFT, status, diagnostic=about, is_delay=True)
    return Row(address, kind, status, diagnostic=about)


def _paragraph(said: str, place: int) -> str:
    """From the line of the code to the next empty line; the line before it too, where it is the same sentence."""
    start = said.rfind("\n", 0, place) + 1
    end = re.compile(r"\n\s*\n").search(said, place)
    return said[start : end.start() if end else None]


def _segment(said: str, address: str, addresses: list[str]) -> str:
    """What stands between this address and the next one, when there are several."""
    if len(addresses) < 2:
        return said
    low = said.lower()
    start = low.find(address)
    others = [place for other in addresses if other != address and (place := low.find(other, start + 1)) > start]
    return said[start : min(others, default=None)] if start >= 0 else ""


def _addresses(mail: Mail, beginning: Mail, said: str) -> list[str]:
    """Those that the mail system names as failed; else what flufl.bounce finds; else every address in its words but our own and its own."""
    named = [found.lower() for value in parts.headers(mail, "X-Failed-Recipients") for found in parts.ADDRESS.findall(value)]
    ours = _own(mail)
    for chosen in (named, _by_flufl(beginning), [found.lower().rstrip(".") for found in parts.ADDRESS.findall(said)]):
        if addresses := [address for address in dict.fromkeys(chosen) if address not in ours and not MACHINES.match(address)]:
            return addresses[:MOST_ROWS]
    return []


def _own(mail: Mail) -> set[str]:
    written = [settings.BOUNCE_ADDRESS, settings.DEFAULT_FROM_EMAIL, *parts.headers(mail, "To", "From", "Delivered-To", "X-Original-To")]
    return {parts.address_in(value) for value in written} - {""}


def _by_flufl(mail: Mail) -> list[str]:
    try:
        temporary, permanent = all_failures(mail)
    except Exception:
        # Heuristics of others on a message of anybody's: whatever they stumble on, the message is read on.
        log.info("flufl.bounce could not read a message.", exc_info=True)
        return []
    found = [parts.as_text(address, None) if isinstance(address, bytes) else str(address) for address in sorted({*temporary, *permanent}, key=str)]
    return [address for value in found if (address := parts.address_in(value))]
