"""Mails as their readers get them."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mail.models import Delivery


def text_of(letter: Delivery) -> str:
    """The plain part of a single message."""
    part = message_from_bytes(bytes(letter.mime or b""), policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())
