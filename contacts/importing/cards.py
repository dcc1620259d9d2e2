"""vCards (2.1, 3.0 and 4.0) as the lines of a table. vobject reads them, one card at a time; pictures and keys are passed over, however large."""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from base.spreadsheets import Line, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGINS = re.compile(rb"\s*BEGIN\s*:\s*VCARD\s*$", re.IGNORECASE | re.MULTILINE)
MARKS = (b"\xff\xfe", b"\xfe\xff")
CHUNK = 1 << 16
# Of one property, and of one card without what is passed over.
LONGEST_LINE, LONGEST_CARD = 1 << 16, 1 << 18
PASSED_OVER = (b"PHOTO", b"LOGO", b"SOUND", b"KEY", b"AGENT")
NAME = re.compile(rb"(?:[\w-]+\.)?([\w-]+)\s*[;:]")
ENCODED = re.compile(rb"[A-Za-z0-9+/=\s]*")
# What the columns are, as `columns.guess` knows them; "NOTE" and "UID" are shown, and not brought unless somebody chooses so.
COLUMNS = (
    "last_name", "first_name", "email", "further e-mail", "phone", "phone", "phone", "organisation", "ORG unit", "title", "city", "language", "tags",
    "UID", "NOTE",
)  # fmt: skip
PHONES = COLUMNS.count("phone")


def is_card(head: bytes) -> bool:
    return BEGINS.match(_plain(head)) is not None


def _plain(head: bytes) -> bytes:
    if head.startswith(MARKS):
        return head[: len(head) // 2 * 2].decode("utf-16", "ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf")


def without_pictures(file: IO[bytes], most: int) -> bytes:
    """The file's text, of at most so many octets, without what is passed over. Raises Unreadable."""
    if file.read(2) in MARKS:
        file.seek(0)
        file = io.BytesIO(file.read(most + 2).decode("utf-16", "replace").encode())
    file.seek(0)
    kept, size = [], 0
    for line in _lines(file):
        size += len(line)
        if size > most:
            raise Unreadable(_("The file is too large for one time: at most %(most)s MB. Divide it.") % {"most": most // 1_000_000})
        kept.append(line)
    return b"".join(kept)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Those that are kept. A piece of a line is never more than CHUNK."""
    is_passed, is_whole = False, True
    while piece := file.readline(CHUNK):
        begins, is_whole = is_whole, piece.endswith((b"\n", b"\r"))
        if begins and not piece.startswith((b" ", b"\t")):
            named = NAME.match(piece)
            # Old telephones do not indent what goes on.
            goes_on = is_passed and named is None and ENCODED.fullmatch(piece)
            is_passed = bool(goes_on or (named and named[1].upper() in PASSED_OVER))
        if not is_passed:
            yield piece


def lines(content: bytes) -> Iterator[Line]:
    """A heading, then a line a card, numbered from 1. A card that cannot be read says so."""
    # Few processes ever read one.
    import vobject
    from vobject.base import VObjectError

    yield Line(0, list(COLUMNS))
    number = 0
    for text in _cards(content):
        number += 1
        if text is None:
            yield Line(number, [], _("The card is not whole: it has no end, or is longer than a card can be."))
            continue
        try:
            yield Line(number, _cells(vobject.readOne(text, ignoreUnreadable=True, allowQP=True)))
        except (VObjectError, ValueError, LookupError, TypeError, AttributeError):
            yield Line(number, [], _("The card cannot be read."))
    if not number:
        raise Unreadable(_("The file has no card."))


def _cards(content: bytes) -> Iterator[str | None]:
    """Each in letters, unfolded before it is decoded: a fold may divide a letter. None for one that is not whole."""
    held: list[bytes] = []
    depth = size = 0
    for raw in _unfolded(content):
        word = raw.strip().upper().replace(b" ", b"")
        if word == b"BEGIN:VCARD":
            if depth and held:
                yield None
            held, depth, size = [raw], 1, 0
            continue
        if not depth:
            continue
        size += len(raw)
        if size <= LONGEST_CARD and len(raw) <= LONGEST_LINE:
            held.append(raw)
        if word == b"END:VCARD":
            yield "\n".join(_decoded(line) for line in held) + "\n" if size <= LONGEST_CARD else None
            held, depth = [], 0
    if depth:
        yield None


def _unfolded(content: bytes) -> Iterator[bytes]:
    text = content.removeprefix(b"\xef\xbb\xbf")
    held: list[bytes] = []
    is_soft = False
    for line in text.splitlines():
        if held and is_soft:
            # Quoted-printable goes on where a line ends with "=".
            held[-1] = held[-1][:-1]
            held.append(line.lstrip() if line.startswith((b" ", b"\t")) else line)
        elif held and line.startswith((b" ", b"\t")):
            held.append(line[1:])
        else:
            if held:
                yield b"".join(held)
            held = [line]
        is_soft = line.endswith(b"=") and b"QUOTED-PRINTABLE" in held[0].upper().partition(b":")[0]
    if held:
        yield b"".join(held)


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _cells(card: Any) -> list[str]:
    held = card.contents
    last, first = _name(held)
    emails = [_text(one).removeprefix("mailto:") for one in _preferred(held.get("email", []))]
    phones = [_text(one).removeprefix("tel:") for one in _preferred(held.get("tel", []))][:PHONES]
    body, *units = [*_parts(held, "org"), ""]
    lower = "; ".join(unit for part in units if (unit := part.replace(";", ",").strip()))
    title = next((_text(one) for name in ("title", "role") for one in held.get(name, [])), "")
    cities = [city for one in _preferred(held.get("adr", [])) if (city := _joined(getattr(one.value, "city", "")))]
    tags = [_joined(value) for one in held.get("categories", []) for value in (one.value if isinstance(one.value, list) else [one.value])]
    cells = [
        last, first, *emails[:1], *[""] * (not emails), "; ".join(emails[1:]), *phones, *[""] * (PHONES - len(phones)), body,
        lower, title, *cities[:1], *[""] * (not cities), _language(held), ", ".join(filter(None, tags)),
        *(" ".join(map(_text, held.get(name, [])[:1])) for name in ("uid", "note")),
    ]  # fmt: skip
    return [" ".join(cell.split()) for cell in cells]


def _name(held: dict[str, list[Any]]) -> tuple[str, str]:
    """(last, first). Of a card with the whole name alone, its last word is the last name; an organisation's card names nobody."""
    for one in held.get("n", []):
        last, first = _joined(getattr(one.value, "family", "")), _joined(getattr(one.value, "given", ""))
        if last or first:
            return last, first
    whole = next((_text(one) for one in held.get("fn", [])), "")
    is_body = any(_text(one).lower() == "org" for one in held.get("kind", [])) or whole in _parts(held, "org")[:1]
    if is_body or not whole:
        return "", ""
    first, _space, last = whole.rpartition(" ")
    return last, first


def _parts(held: dict[str, list[Any]], name: str) -> list[str]:
    found: Any = next((one.value for one in held.get(name, [])), [])
    return [_joined(part) for part in (found if isinstance(found, list) else [found])]


def _preferred(found: list[Any]) -> list[Any]:
    """The one that is preferred first: PREF=1 of 4.0, TYPE=PREF of 3.0, PREF of 2.1."""

    def rank(one: Any) -> int:
        given = one.params.get("PREF", [""])[0]
        types = {word.upper() for value in [*one.params.get("TYPE", []), *one.singletonparams] for word in str(value).split(",")}
        return int(given) if str(given).isdigit() else 0 if "PREF" in types else 101

    return sorted(found, key=rank)


def _language(held: dict[str, list[Any]]) -> str:
    """The first of our languages; what we do not write is passed over."""
    codes = [_text(one).lower().partition("-")[0] for one in _preferred(held.get("lang", []))]
    return next((code for code in codes if code in ("fi", "sv", "en")), "")


def _joined(value: Any) -> str:
    return " ".join(str(part).strip() for part in value if part) if isinstance(value, (list, tuple)) else str(value or "").strip()


def _text(one: Any) -> str:
    return _joined(one.value)
