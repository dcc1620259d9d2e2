"""Reading the outbox folder: what `mail.transports.OutboxTransport` wrote, for the browser."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.parser import BytesHeaderParser
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage, MIMEPart

NAME = re.compile(r"(?P<at>\d{8}T\d{12})-\d+-[0-9a-f]{16}\.eml")
CID = re.compile(r"cid:([^\"'\s)>]+)")


@dataclass(frozen=True)
class Attachment:
    number: int
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class StoredMail:
    """One file of the folder. Cheap to make: headers and bodies are read when asked for."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @cached_property
    def at(self) -> datetime:
        found = NAME.fullmatch(self.name)
        assert found is not None  # noqa: S101 — every maker of this object has checked the name
        return datetime.strptime(found["at"] + "+0000", "%Y%m%dT%H%M%S%f%z")

    @cached_property
    def headers(self) -> EmailMessage:
        with self.path.open("rb") as file:
            return BytesHeaderParser(policy=policy.default).parse(file)

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.source, policy=policy.default)

    @cached_property
    def source(self) -> bytes:
        return self.path.read_bytes()

    @property
    def subject(self) -> str:
        return str(self.headers["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.headers["To"] or "")

    @property
    def header_lines(self) -> Sequence[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.headers.items()]

    @cached_property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""

    @cached_property
    def html(self) -> str:
        """With its own pictures inside, so that it asks for nothing else."""
        part = self.message.get_body(("html",))
        if part is None:
            return ""
        pictures = {str(piece["Content-ID"]).strip("<>"): piece for piece in self.message.walk() if piece["Content-ID"]}
        return CID.sub(lambda found: _data_url(pictures[found[1]]) if found[1] in pictures else "", str(part.get_content()))

    @cached_property
    def attachments(self) -> list[Attachment]:
        """What a mail program would offer to open: invitations and files, not the bodies and not the pictures inside."""
        leaves = [part for part in self.message.walk() if not part.is_multipart() and not part["Content-ID"]]
        files = [part for part in leaves if part.get_content_type() not in {"text/plain", "text/html"} or part.get_filename()]
        return [_attachment(number, part) for number, part in enumerate(files)]


def stored_mails() -> list[StoredMail]:
    """All of the folder, newest first."""
    folder = Path(settings.EMAIL_ADDRESS.path)
    names = [path.name for path in folder.iterdir() if NAME.fullmatch(path.name)] if folder.is_dir() else []
    return [StoredMail(folder / name) for name in sorted(names, reverse=True)]


def stored_mail(name: str) -> StoredMail | None:
    """The name must be one that we give, so that no path leads out of the folder."""
    path = Path(settings.EMAIL_ADDRESS.path) / name
    return StoredMail(path) if NAME.fullmatch(name) and path.is_file() else None


def _content(part: EmailMessage | MIMEPart) -> bytes:
    return cast("bytes", part.get_payload(decode=True) or b"")


def _data_url(part: EmailMessage | MIMEPart) -> str:
    return f"data:{part.get_content_type()};base64,{base64.b64encode(_content(part)).decode()}"


def _attachment(number: int, part: EmailMessage | MIMEPart) -> Attachment:
    kind = part.get_content_type()
    return Attachment(number, part.get_filename() or ("invite.ics" if kind == "text/calendar" else f"file-{number + 1}"), kind, _content(part))
