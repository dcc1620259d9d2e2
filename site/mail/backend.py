"""Mails that Django and Wagtail send by themselves go the same way as all else: queued, kept in the ledger, sent by the worker."""

from __future__ import annotations

from email import message_from_bytes
from typing import TYPE_CHECKING

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from mail import outbox
from mail.message import POLICY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage

STAFF = "staff"


class OutboxBackend(BaseEmailBackend):
    """One row a recipient. A message with several recipients keeps its To header, as Django wrote it."""

    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            mime = _bytes(message)
            for address in message.recipients():
                outbox.queue(to=address, subject=str(message.subject), mime=mime, stream=STAFF)
        return len(email_messages)


def _bytes(message: EmailMessage) -> bytes:
    """Django writes UTF-8 in 8 bits where lines are short; our bytes are plain ASCII."""
    parsed = message_from_bytes(message.message().as_bytes(), policy=POLICY)
    if "Auto-Submitted" not in parsed:
        parsed["Auto-Submitted"] = "auto-generated"
    return parsed.as_bytes(policy=POLICY)
