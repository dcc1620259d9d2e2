"""Slots: the places in a mailing's frozen bytes where one copy differs from the next.

A slot is a word of small ASCII letters, digits and hyphens, `kantama-slot-<name>-end`. Nothing on its way changes such
a word: not a template's escaping, MJML, css-inline, a URL attribute, or quoted-printable, which leaves it as it is.
`encode_body` puts each slot on a line of its own between two soft line breaks, so that a value of any length can be
written in, wrapped like all else, and no other line of the part moves (RFC 2045, 6.7). In the header block
a value is written as it is; `mail.message` writes those header lines itself, so that nothing folds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import quoprimime
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    # Bytes, with an empty piece for each slot; and where the pieces of each slot are, apart for those of the header block.
    Cut = tuple[list[bytes], dict[tuple[str, bool], list[int]]]

START, END = "kantama-slot-", "-end"
PATTERN = re.compile(rf"{START}([a-z]+(?:-[a-z]+)*(?:-[0-9]+)?){END}")
BYTES_PATTERN = re.compile(PATTERN.pattern.encode())
CLICK = re.compile(r"click-([0-9]+)")
LINE = 76
# Found so in a third of the time that `bytes.replace` takes.
LEADING_DOT = re.compile(rb"\r\n\.")
# What quoted-printable leaves as it is.
PLAIN = re.compile(r"[!-<>-~]*")


def slot(name: str) -> str:
    return f"{START}{name}{END}"


# Of the header block, and for use in the text and the HTML too. The tokens are to be put into an address of the
# package that owns the stream; `mail.links.delivery_of` reads them.
ADDRESS = slot("address")
MESSAGE_ID = slot("message-id")
DATE = slot("date")
UNSUBSCRIBE_TOKEN = slot("unsubscribe-token")
PREFERENCES_TOKEN = slot("preferences-token")
NAMES = frozenset({"address", "message-id", "date", "unsubscribe-token", "preferences-token"})
# Of the click slots that have their `with_click_starts`.
CLICK_TOKEN = slot("click-token")


def click(number: int) -> str:
    """Becomes the whole counting address of a link. Until frozen, `number` counts the mailing's list of links from 0."""
    return slot(f"click-{number}")


def replace_clicks(mime: bytes, new_number: Callable[[int], int]) -> bytes:
    """Renumbers the click slots. Raises ValueError for a slot that nobody fills, so that it is found while freezing."""

    def renamed(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        if is_click := CLICK.fullmatch(name):
            return click(new_number(int(is_click[1]))).encode()
        if name not in NAMES:
            raise ValueError(f"No slot is called {name!r}.")
        return found[0]

    return BYTES_PATTERN.sub(renamed, mime)


def with_click_starts(mime: bytes, start: Callable[[int], str]) -> bytes:
    """What stands before the token in each click's address is written for good; the token, on a line of its own, is the same for all of a copy."""

    def begun(found: re.Match[bytes]) -> bytes:
        is_click = CLICK.fullmatch(found[1].decode())
        return b"%b=\r\n%b" % (_wrapped(start(int(is_click[1]))), CLICK_TOKEN.encode()) if is_click else found[0]

    return BYTES_PATTERN.sub(begun, mime)


def without_slots(content: str, urls: list[str]) -> str:
    """For a preview or a web view: clicks lead straight to `urls`, every other slot becomes `#`."""

    def plain(found: re.Match[str]) -> str:
        is_click = CLICK.fullmatch(found[1])
        return urls[int(is_click[1])] if is_click else "#"

    return PATTERN.sub(plain, content)


def encode_body(content: str) -> str:
    """Quoted-printable of UTF-8, each slot on a line of its own. Lines end in LF; `email` writes CRLF."""
    content = content.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    # re.split with one group: text, name, text, name, …, text.
    pieces = PATTERN.split(content)
    encoded = [_quoted(piece) if number % 2 == 0 else f"=\n{slot(piece)}=\n" for number, piece in enumerate(pieces)]
    return "".join(encoded)


def _quoted(content: str) -> str:
    return quoprimime.body_encode(content.encode().decode("latin-1"), LINE)


@dataclass(frozen=True)
class FrozenMessage:
    """The bytes of one variant, cut at its slots once, so that a copy costs a join."""

    mime: bytes

    @cached_property
    def _cut(self) -> Cut:
        return _cut(self.mime)

    @cached_property
    def _cut_stuffed(self) -> Cut:
        return _cut(stuffed(self.mime))

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self._cut[1])

    def has_any(self, signs: Sequence[str]) -> bool:
        """Whether one of the signs stands in its words, as quoted-printable or not."""
        return any(sign.encode() in piece for sign in signs for piece in self._cut[0])

    def fill(self, values: Mapping[str, str]) -> bytes:
        return _filled(self._cut, values, bytes)

    def fill_stuffed(self, values: Mapping[str, str]) -> bytes:
        """As `stuffed` of it, without looking through it once more. A slot of the body begins a line of its own."""
        return _filled(self._cut_stuffed, values, stuffed_line)


def _cut(mime: bytes) -> Cut:
    body_at, start = mime.index(b"\r\n\r\n"), 0
    pieces: list[bytes] = []
    places: dict[tuple[str, bool], list[int]] = {}
    for found in BYTES_PATTERN.finditer(mime):
        pieces += [mime[start : found.start()], b""]
        places.setdefault((found[1].decode(), found.start() < body_at), []).append(len(pieces) - 1)
        start = found.end()
    return [*pieces, mime[start:]], places


def _filled(cut: Cut, values: Mapping[str, str], written: Callable[[bytes], bytes]) -> bytes:
    pieces = cut[0].copy()
    for (name, in_header), places in cut[1].items():
        value = values[name].encode("ascii") if in_header else written(_wrapped(values[name]))
        for place in places:
            pieces[place] = value
    return b"".join(pieces)


def _wrapped(value: str) -> bytes:
    """A line of its own, with a soft line break after it."""
    if PLAIN.fullmatch(value):
        if len(value) < LINE:
            return value.encode("ascii")
        return "=\r\n".join(value[start : start + LINE - 1] for start in range(0, len(value), LINE - 1)).encode("ascii")
    return _quoted(value).replace("\n", "\r\n").encode("ascii")


def stuffed(mime: bytes) -> bytes:
    """RFC 5321, 4.5.2; ends in a line break, so that the final dot stands alone."""
    return stuffed_line(mime if mime.endswith(b"\r\n") else mime + b"\r\n")


def stuffed_line(content: bytes) -> bytes:
    """What begins a line, and may go on with others."""
    content = b"." + content if content.startswith(b".") else content
    return LEADING_DOT.sub(b"\r\n..", content)
