"""What a status code says of an address (RFC 3463, RFC 5248 and the IANA registry of enhanced status codes).

Hard is only what tells that the mailbox or its domain is not there. Everything else may pass: a mailbox that is full, a block
list, a policy, a route, the message's own form. A code that says little is decided by the words beside it.
"""

from __future__ import annotations

import re
from enum import StrEnum

from mail.inbound import words


class Kind(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    UNKNOWN = "unknown"


# RFC 3463, 3.2 and 3.3: bad mailbox, bad system, bad syntax, moved, null MX (RFC 7505); the mailbox is disabled.
HARD = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"}
# They say "other" (x.0), or servers use them for what they do not mean: 5.5.0 and 5.4.1 of Microsoft for who is not in its directory.
VAGUE = {"0.0", "1.0", "2.0", "3.0", "4.0", "4.1", "5.0"}
# Security and policy, the message's form or size, our own address: the reader can do nothing about these.
ABOUT_US = re.compile(r"7\.\d+|6\.\d+|3\.4|1\.[789]")
# A code alone, never a part of an address of a machine or of a longer number.
CODE = r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d]|\.\d)"
ENHANCED = re.compile(CODE)
# A reply of SMTP with its enhanced code behind it (RFC 2034), or qmail's (#5.1.1).
REPLY = re.compile(rf"(?:(?<![\d.])[245][0-5]\d[ :-]\s*#?\(?|\(?#)({CODE})")
BARE_REPLY = re.compile(r"(?<![\d.\[(/])([45])[0-5]\d(?=[ :-])(?!-\d\d)")


def kind_of(status: str, said: str) -> Kind:
    """`said` are the words that came with the code. Soft words make any code soft: no live address may be lost."""
    number_class, _, detail = status.partition(".")
    if number_class == "2":
        return Kind.UNKNOWN
    if number_class == "4" or words.is_soft(said):
        return Kind.SOFT
    if detail in HARD:
        return Kind.HARD
    return Kind.HARD if (not status or detail in VAGUE) and words.is_hard(said) else Kind.SOFT


def is_about_us(status: str, said: str) -> bool:
    """A refusal of the sender or of the message, which counts nothing against the address."""
    return bool(ABOUT_US.fullmatch(status.partition(".")[2])) or words.is_about_us(said)


def refusal(reply: str) -> tuple[str, Kind]:
    """The status of a server's reply, and what it says of the address."""
    found = codes_in(reply)
    status = found[-1][1] if found else ""
    return status, kind_of(status, reply)


def codes_in(text: str) -> list[tuple[int, str]]:
    """Where each reply stands in a text, and its status; a bare 550 is 5.0.0. Only where none has an enhanced code are bare ones taken."""
    found = [(match.start(), match[1]) for match in REPLY.finditer(text)]
    return found or [(match.start(), f"{match[1]}.0.0") for match in BARE_REPLY.finditer(text)]
