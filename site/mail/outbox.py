"""Queueing one message. What is queued is a row; the engine does the rest once the transaction has committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from base.tasks import enqueue
from mail import message, streams
from mail.models import Delivery
from mail.render import SINGLE, render_single

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from mail.look import Look


def send(
    *,
    to: str,
    subject: str,
    text: str,
    html: str,
    language: str,
    stream: str,
    key: str | None = None,
    recipient_key: UUID | None = None,
    headers: dict[str, str] | None = None,
    calendar: tuple[bytes, str] | None = None,
    thread: str = "",
    due_at: datetime | None = None,
) -> Delivery:
    """Queues a message; with a `key` that was queued before it returns that row and sends nothing.

    `to` is a bare address. Messages of one `thread` leave in their order. With a `due_at` it leaves within a minute or
    two after that. Raises LookupError for a stream that nobody registered.
    """
    if key and (known := Delivery.objects.filter(key=key).first()):
        return known
    words = message.Message(to, subject, text, html, language, headers or {}, calendar)
    return queue(to=to, subject=subject, mime=message.build(words), stream=stream, key=key, recipient_key=recipient_key, thread=thread, due_at=due_at)


def queue(
    *,
    to: str,
    subject: str,
    mime: bytes,
    stream: str,
    key: str | None = None,
    recipient_key: UUID | None = None,
    thread: str = "",
    due_at: datetime | None = None,
) -> Delivery:
    """As `send`, for bytes that are complete already."""
    streams.get(stream)
    values: dict[str, Any] = {"stream": stream, "recipient_key": recipient_key, "address": to, "mime": mime, "thread": thread}
    values["subject"] = " ".join(subject.split())[:250]
    if due_at:
        values["due_at"] = due_at
    try:
        with transaction.atomic():
            row = Delivery.objects.create(key=key, **values)
    except IntegrityError:
        # Queued before, or by another at this moment.
        return Delivery.objects.get(key=key)
    enqueue("mail.engine.deliver_now")
    return row


def send_single(
    *,
    to: str,
    subject: str,
    language: str,
    heading: str,
    paragraphs: Sequence[str],
    stream: str,
    button: tuple[str, str] | None = None,
    small_print: Sequence[str] = (),
    links: Sequence[tuple[str, str]] = (),
    key: str | None = None,
    recipient_key: UUID | None = None,
    headers: dict[str, str] | None = None,
    calendar: tuple[bytes, str] | None = None,
    look: Look | None = None,
    thread: str = "",
    due_at: datetime | None = None,
) -> Delivery:
    """A system mail in the house's layout: plain paragraphs, at most one `button`, a label and an address, and `links` of the same kind below.

    The words are given in the reader's language; the layout's own follow `language`. `look` says whose mail it is (`themes.look.mail_look`).
    """
    words = {"heading": heading, "paragraphs": paragraphs, "button": button, "small_print": small_print, "links": links}
    text, html = render_single(SINGLE, words, language, look)
    return send(
        to=to,
        subject=subject,
        text=text,
        html=html,
        language=language,
        stream=stream,
        key=key,
        recipient_key=recipient_key,
        headers=headers,
        calendar=calendar,
        thread=thread,
        due_at=due_at,
    )


def withdraw(*, thread: str, prefix: str) -> int:
    """Messages of a thread that have become untrue, by the beginning of their keys: those that no worker has taken yet stay here, as suppressed."""
    waiting = Delivery.objects.filter(thread=thread, key__startswith=prefix, state=Delivery.State.WAITING)
    return waiting.update(state=Delivery.State.SUPPRESSED, settled_at=timezone.now())


def hasten(*, thread: str, prefix: str) -> int:
    """Messages of a thread that wait for their time, by the beginning of their keys, leave now."""
    waiting = Delivery.objects.filter(thread=thread, key__startswith=prefix, state=Delivery.State.WAITING, due_at__gt=timezone.now())
    if number := waiting.update(due_at=timezone.now()):
        enqueue("mail.engine.deliver_now")
    return number
