"""The attendance file of a meeting tool, read: Teams saves UTF-16 with tabs and parts, Zoom UTF-8 with commas; headings come in the host's language.

Somebody who left and came back stands on several lines: their time is summed. Nothing of the file is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from base.spreadsheets import Unreadable, delimiter_of, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from base.spreadsheets import Line

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
# What a heading begins with, in English, Finnish and Swedish, as Teams and Zoom have had it.
HEADINGS = {
    "name": re.compile(r"(full |display )?name\b|nimi\b|koko nimi|namn\b|fullständigt namn|participant$|osallistuja$|deltagare$", re.IGNORECASE),
    "email": re.compile(r"(user |participant )?e-?mail|sähköposti|e-post|epost", re.IGNORECASE),
    "upn": re.compile(r"participant id|osallistujan? ?tunnus|osallistujatunnus|deltagar-?id|upn", re.IGNORECASE),
    "duration": re.compile(r"(total |in-meeting |meeting )?duration|kesto|läsnäolo|varaktighet|total tid|tid i möte", re.IGNORECASE),
}
# A part of a Teams report begins with a line such as "3. In-Meeting Activities".
PART = re.compile(r"\d+\.\s")
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})")
UNITS = {
    3600: re.compile(r"(\d+)\s*(?:h|t|tim|tuntia?|hours?|timmar|timme)\b", re.IGNORECASE),
    60: re.compile(r"(\d+)\s*(?:m|min|minuuttia?|minutes?|minuter|minut)\b", re.IGNORECASE),
    1: re.compile(r"(\d+)\s*(?:s|sek|sekuntia?|seconds?|sekunder|sekund)\b", re.IGNORECASE),
}


@dataclass
class Present:
    """One who was there, by what the tool knows of them. `seconds` is None where the file does not tell time."""

    name: str
    emails: frozenset[str]
    seconds: int | None = None
    joins: int = 1

    @property
    def minutes(self) -> int:
        return round((self.seconds or 0) / 60)


def present(content: bytes) -> list[Present]:
    """Each of them once, in the order of the file. Raises Unreadable with what to do."""
    found: dict[tuple[str, ...], Present] = {}
    for row in _rows(read(content, delimiter=delimiter_of(content) if not content.startswith(b"PK") else "")):
        key = tuple(sorted(row.emails)) or (plain_name(row.name),)
        if known := found.get(key):
            known.seconds = None if known.seconds is None and row.seconds is None else (known.seconds or 0) + (row.seconds or 0)
            known.joins += 1
        else:
            found[key] = row
        if len(found) > MOST_ROWS:
            raise Unreadable(_("The file has more people than a meeting can have. Is it the attendance report?"))
    if not found:
        raise Unreadable(_("There is nobody in the file. Download the attendance report from the meeting anew."))
    return list(found.values())


def _rows(lines: Iterable[Line]) -> Iterator[Present]:
    """Of the first table that has names and, beside them, addresses or times; it ends where the next part begins."""
    columns: dict[str, int] = {}
    for line in lines:
        if not columns:
            columns = _columns(line.cells)
            continue
        if PART.match(line.cells[0]) and not any(line.cells[1:]):
            return
        if row := _row(line.cells, columns):
            yield row
    if not columns:
        raise Unreadable(_("No column of names was found. Choose the attendance report that Teams or Zoom makes, as it was downloaded."))


def _columns(cells: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for key, heading in HEADINGS.items():
            if key not in found and heading.match(cell.strip("\ufeff ")):
                found[key] = place
                break
    return found if "name" in found and len(found) > 1 else {}


def _row(cells: list[str], columns: Mapping[str, int]) -> Present | None:
    def cell(key: str) -> str:
        place = columns.get(key, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    emails = frozenset(address.casefold() for address in (cell("email"), cell("upn")) if "@" in address)
    name = " ".join(cell("name").split())
    return Present(name, emails, seconds(cell("duration"))) if name or emails else None


def seconds(text: str) -> int | None:
    """1h 2m 4s, 1 t 2 min, 01:02:04, and a bare number, which is minutes."""
    if not text:
        return None
    if text.isdecimal():
        return int(text) * 60
    if clock := CLOCK.fullmatch(text):
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    parts = [int(found[1]) * unit for unit, pattern in UNITS.items() if (found := pattern.search(text))]
    return sum(parts) if parts else None


def plain_name(name: str) -> str:
    """To compare: without what Teams and Zoom add in brackets, and with “Last, First” turned round."""
    bare = re.sub(r"\s*[(\[].*?[)\]]", "", name).strip()
    last, comma, first = bare.partition(",")
    return " ".join((f"{first} {last}" if comma else bare).casefold().split())
