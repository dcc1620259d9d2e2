"""From words to bytes: complete MIME messages in CRLF and plain ASCII, so that every server on the way may take them."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, make_msgid, parseaddr
from functools import lru_cache

from django.conf import settings

from mail import emblem, slots
from mail.addresses import ascii_domain

# 7bit: `email` may not write bytes above 127 anywhere.
POLICY = SMTP.clone(cte_type="7bit")
ADDRESS_HEADERS = {"From", "To", "Cc", "Reply-To"}


@dataclass(frozen=True)
class Message:
    """One mail in words. `calendar` is an iCalendar object and its METHOD (RFC 6047): an invitation, shown as such."""

    to: str
    subject: str
    text: str
    html: str
    language: str
    headers: dict[str, str] = field(default_factory=dict)
    calendar: tuple[bytes, str] | None = None
    from_email: str = ""


@dataclass(frozen=True)
class BulkMessage:
    """One variant of a mailing, with slots. `unsubscribe_url` holds `slots.UNSUBSCRIBE_TOKEN` and takes a POST (RFC 8058)."""

    subject: str
    text: str
    html: str
    language: str
    unsubscribe_url: str
    list_id: str
    list_name: str
    feedback_id: str
    from_email: str = ""
    reply_to: str = ""


@lru_cache(maxsize=64)
def bare(address: str) -> str:
    return parseaddr(address)[1]


def domain_of(address: str) -> str:
    return bare(address).rpartition("@")[2] or "localhost"


def sender_of(from_email: str = "") -> str:
    """The bare address of the envelope."""
    return bare(from_email or settings.DEFAULT_FROM_EMAIL)


def build(message: Message) -> bytes:
    sender = message.from_email or settings.DEFAULT_FROM_EMAIL
    headers = {
        "From": sender,
        "To": message.to,
        "Subject": message.subject,
        "Date": formatdate(),
        "Message-ID": make_msgid(domain=domain_of(sender)),
        "Content-Language": message.language,
        # RFC 3834: no out-of-office reply to a machine.
        "Auto-Submitted": "auto-generated",
    }
    lines = [_header(name, value) for name, value in (headers | message.headers).items()]
    return _joined(lines, _content(message.text, message.html, message.calendar))


def build_bulk(message: BulkMessage) -> bytes:
    """A variant's bytes for `mail.mailings.freeze`."""
    sender = message.from_email or settings.DEFAULT_FROM_EMAIL
    mailto = f"mailto:{settings.BOUNCE_ADDRESS or sender_of(sender)}?subject=unsubscribe%20{slots.UNSUBSCRIBE_TOKEN}"
    lines = [
        _header("From", sender),
        # Lines with slots are written as they are: nothing may fold or encode a slot.
        f"To: {slots.ADDRESS}",
        _header("Subject", message.subject),
        f"Date: {slots.DATE}",
        f"Message-ID: {slots.MESSAGE_ID}",
        _header("Content-Language", message.language),
        f"List-Id: {encoded('List-Id', message.list_name)}\r\n <{message.list_id}>",
        f"List-Unsubscribe: <{message.unsubscribe_url}>,\r\n <{mailto}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        _header("Feedback-ID", message.feedback_id),
    ]
    if message.reply_to:
        lines.append(_header("Reply-To", message.reply_to))
    return _joined(lines, _content(message.text, message.html, None))


def _header(name: str, value: str) -> str:
    if name in ADDRESS_HEADERS:
        words, address = parseaddr(value)
        return f"{name}: {formataddr((words, ascii_domain(address)))}"
    return f"{name}: {encoded(name, value)}"


def encoded(name: str, value: str, *, linesep: str = "\r\n") -> str:
    """RFC 2047. `EmailMessage` would do it, but on Python 3.11 it loses a space where it folds between two encoded words.

    White space of any kind becomes one space: no value can bring a header of its own.
    """
    value = " ".join(value.split())
    return Header(value, None if value.isascii() else "utf-8", header_name=name).encode(linesep=linesep)


def _joined(lines: list[str], content: EmailMessage) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("ascii") + content.as_bytes(policy=POLICY)


def _content(text: str, html: str, calendar: tuple[bytes, str] | None) -> EmailMessage:
    mime = EmailMessage(policy=POLICY)
    mime["MIME-Version"] = "1.0"
    mime.make_alternative()
    mime.attach(_text_part(text, "plain"))
    mime.attach(_html_part(html))
    if calendar:
        content, method = calendar
        mime.attach(_text_part(content.decode(), "calendar", method=method))
    return mime


def _text_part(content: str, subtype: str, **parameters: str) -> EmailMessage:
    part = EmailMessage(policy=POLICY)
    part["Content-Type"] = f"text/{subtype}"
    for name, value in {"charset": "utf-8", **parameters}.items():
        part.set_param(name, value)
    part["Content-Transfer-Encoding"] = "quoted-printable"
    # Ours, not `email`'s: it alone keeps a slot on one line.
    part.set_payload(slots.encode_body(content))
    return part


def _html_part(html: str) -> EmailMessage:
    part = _text_part(html, "html")
    if emblem.URL not in html:
        return part
    related = EmailMessage(policy=POLICY)
    related["Content-Type"] = 'multipart/related; type="text/html"'
    related.attach(part)
    picture = EmailMessage(policy=POLICY)
    picture.set_content(emblem.emblem_png(), "image", "png", disposition="inline", filename="eu-emblem.png", cid=f"<{emblem.CONTENT_ID}>")
    related.attach(picture)
    return related
