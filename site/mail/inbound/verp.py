"""Addresses that a bounce comes back to, each naming its delivery (VERP), and Message-IDs that do the same where a notice quotes ours.

Both are signed: nobody can make a notice about a copy that they have not seen. Some servers write local parts in lower case,
and 64 octets is all that one may have (RFC 5321, 4.5.3.1.1): so 36 figures and letters, and half of a signature.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.crypto import constant_time_compare

from mail import signing
from mail.message import sender_of
from mail.signing import BadToken

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# 16 hexadecimal digits: 64 bits, of which a guess by mail tries one a message.
TOKEN = re.compile(r"([0-9a-z]{1,13})-([0-9a-f]{16})", re.IGNORECASE)
# What `re` may find in a text that somebody else wrote, in angle brackets or not.
MESSAGE_ID = re.compile(r"(?<![\w.])(\d{1,19})\.([0-9a-f]{16})@", re.IGNORECASE)


def return_path(delivery_pk: int) -> str:
    """The envelope's sender for this copy. Without BOUNCE_ADDRESS, bounces go where answers go, and are told by their Message-ID."""
    if not settings.BOUNCE_ADDRESS:
        return sender_of()
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{token(delivery_pk)}@{domain}"


def token(delivery_pk: int) -> str:
    number = _in_base_36(delivery_pk)
    return f"{number}-{_mark('verp', number)}"


def delivery_at(address: str) -> int:
    """The number of the delivery that such an address names. Raises BadToken for any other."""
    ours, _, domain = settings.BOUNCE_ADDRESS.lower().rpartition("@")
    local, _, at = address.strip().strip("<>").lower().rpartition("@")
    name, _, signed = local.rpartition("+")
    found = TOKEN.fullmatch(signed)
    if not ours or (name, at) != (ours, domain) or found is None or not _is_signed("verp", *found.groups()):
        raise BadToken("not an address of ours")
    return int(found[1], 36)


def message_id(delivery_pk: int, domain: str) -> str:
    """Stable for a delivery, so that a copy sent twice out of doubt is one mail to most clients."""
    return f"<{delivery_pk}.{_mark('message-id', str(delivery_pk))}@{domain}>"


def deliveries_named(text: str) -> list[int]:
    """The deliveries whose Message-ID stands in a text, each once; forged ones are passed over."""
    return list({int(number): None for number, mark in MESSAGE_ID.findall(text) if _is_signed("message-id", number, mark)})


def _is_signed(purpose: str, value: str, mark: str) -> bool:
    """By the present key or one of before: notices come days after the copy."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(mark.lower(), _mark(purpose, value.lower(), key)) for key in keys)


def _mark(purpose: str, value: str, key: str | bytes = "") -> str:
    return signing.mac(f"kantama.{purpose}", value, key).hex()[:16]


def _in_base_36(number: int) -> str:
    written = ""
    while True:
        number, rest = divmod(number, 36)
        written = DIGITS[rest] + written
        if not number:
            return written
