"""A message that somebody else made, taken apart without trust: any charset, any depth, any size, broken or not."""

from __future__ import annotations

import email
import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr
from html import unescape
from typing import TYPE_CHECKING

import nh3

if TYPE_CHECKING:
    from collections.abc import Iterator

# A notice says what it has to say at its beginning; what follows is the mail that it returns, attachments and all.
LONGEST = 512 * 1024
LONGEST_TEXT = 100_000
LONGEST_HEADER = 5_000
DEEPEST = 8
LONGEST_HTML = 100_000
MOST_BOUNDARIES, MOST_PARTS = 100, 3_000
# Bounded, and begun only where a word begins: a long line of anything costs no more than its length.
ADDRESS = re.compile(r"(?<![\w.!#$%&*+/?^~-])[\w.!#$%&'*+/?^~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
Mail = Message


def parsed(message: bytes) -> Mail:
    """Raises nothing. Of parts beyond reason, in depth or in number, only the outer headers are read."""
    beginning = message[:LONGEST].lstrip()
    if beginning.startswith(b"From ") and b"\n" in beginning:
        # The line that mailbox files and some pipes have in front.
        beginning = beginning.partition(b"\n")[2]
    try:
        if beginning.lower().count(b"boundary=") > MOST_BOUNDARIES or beginning.count(b"\n--") > MOST_PARTS:
            raise RecursionError
        return email.message_from_bytes(beginning, policy=compat32)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return BytesHeaderParser(policy=compat32).parsebytes(beginning)


def header(mail: Mail, name: str) -> str:
    """Decoded, on one line; empty where there is none."""
    return _decoded(mail.get(name, "") or "")


def headers(mail: Mail, *names: str) -> list[str]:
    return [_decoded(value) for name in names for value in mail.get_all(name, [])]


def _decoded(value: object) -> str:
    raw = str(value)[:LONGEST_HEADER]
    try:
        pieces = decode_header(raw)
    except (ValueError, MessageError):
        pieces = [(raw, None)]
    words = [piece if isinstance(piece, str) else as_text(piece, charset) for piece, charset in pieces]
    return " ".join("".join(words).split())


def as_text(content: bytes, charset: str | None) -> str:
    """By the charset that it names, by UTF-8, and at last by Windows-1252, in which every Finnish and Swedish word can be read."""
    for name in (charset, "utf-8"):
        try:
            return content.decode(name or "utf-8").replace("\r\n", "\n")
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace").replace("\r\n", "\n")


def content(part: Mail) -> str:
    """A leaf's text. The parts of a delivery status are leaves too, whether or not `email` has parsed them."""
    if part.is_multipart():
        whole = "\n\n".join(_block(block) for block in children(part))
        return _unpacked(whole, header(part, "Content-Transfer-Encoding").lower())
    try:
        payload, charset = part.get_payload(decode=True), part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        # A charset that is no name of one.
        return _block(part)
    return as_text(payload, charset) if isinstance(payload, bytes) else ""


def _block(block: Mail) -> str:
    """As it came: `email` would write it anew, and stumble on what it cannot write."""
    lines = "\n".join(f"{name}: {value}" for name, value in block.raw_items())
    payload = block.get_payload()
    raw = f"{lines}\n\n{payload}" if isinstance(payload, str) and payload.strip() else lines
    return as_text(raw.encode("utf-8", "surrogateescape"), None)


def _unpacked(text: str, encoding: str) -> str:
    """`email` splits a report before it has decoded it; RFC 3464 forbids an encoding there, and some servers use one."""
    if encoding not in {"base64", "quoted-printable"}:
        return text
    leaf = Message()
    leaf["Content-Transfer-Encoding"] = encoding
    leaf.set_payload(text.strip())
    payload = leaf.get_payload(decode=True)
    return as_text(payload, None) if isinstance(payload, bytes) else text


def children(part: Mail) -> list[Mail]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def walk(mail: Mail, depth: int = 0) -> Iterator[Mail]:
    """The parts of this message alone: a message that it carries is one part, not looked into."""
    yield mail
    if mail.get_content_maintype() == "multipart" and depth < DEEPEST:
        for child in children(mail):
            yield from walk(child, depth + 1)


def text(mail: Mail) -> str:
    """What a person would read: the plain parts, or the words of the HTML."""
    parts = list(walk(mail))
    plain = [content(part) for part in parts if part.get_content_type() == "text/plain" and not part.get_filename()]
    if any(words.strip() for words in plain):
        return "\n".join(plain)[:LONGEST_TEXT]
    html = "".join(content(part) for part in parts if part.get_content_type() == "text/html")
    return words_of(html)[:LONGEST_TEXT]


def words_of(html: str) -> str:
    """By nh3, since Python's own parser takes minutes for a hundred kilobytes of tags that do not end."""
    broken = html[:LONGEST_HTML].replace("</", "\n</").replace("<br", "\n<br")
    return unescape(nh3.clean(broken, tags=set(), clean_content_tags={"style", "script", "title"}))


def address_in(value: str) -> str:
    """The bare address of a field, in lower case; empty where there is none."""
    try:
        bare = parseaddr(value[:LONGEST_HEADER])[1]
    except RecursionError:
        # Comments in comments in comments.
        bare = ""
    found = ADDRESS.search(bare or value)
    return found[0].lower() if found else ""
