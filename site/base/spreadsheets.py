"""Lines of a table that somebody brings: CSV as any spreadsheet saves it, or a workbook. Read one by one; what is wrong with one is its own.

A value of merged cells counts for every row that they cover.

CSV is in UTF-8, UTF-16 or Windows-1252 (each line for itself, where a file mixes them), with semicolons, commas or tabs. A quotation mark that
nobody closes costs its own line, not the rest of the file.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import deque
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from base.uploads.documents import OLD_OFFICE, check_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DELIMITERS = ";,\t"
# Of one cell that goes over several lines, before its quotation mark is taken for one that nobody closed.
MOST_LINES = 50
MOST_COLUMNS = 500
# Excel's own limit.
MOST_ROWS = 1_048_576
# What openpyxl raises for a workbook that is none inside.
BROKEN = (ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, zipfile.BadZipFile)
BOM = b"\xef\xbb\xbf"
# One after the other: a list of all lines would be as large as the file again.
RAW_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


class Unreadable(Exception):
    """The file as a whole; the message says what to do, in the active language."""


@dataclass(frozen=True)
class Line:
    """`number` is the file's, the first being 1. With a `problem`, the cells are what could be made of it."""

    number: int
    cells: list[str]
    problem: str = ""

    def __bool__(self) -> bool:
        return any(self.cells)


def read(content: bytes, *, most_lines: int = MOST_LINES, delimiter: str = "") -> Iterator[Line]:
    """The lines that hold something. Raises Unreadable, at once or on the way. Without a `delimiter`, the first line tells which it is."""
    if content.startswith(OLD_OFFICE):
        raise Unreadable(_("The file is locked by a password, or in Excel's old format. Save it without a password as .xlsx or CSV."))
    lines = _of_workbook(content) if content.startswith(b"PK") else _of_text(content, most_lines, delimiter)
    return (line for line in lines if line or line.problem)


def _of_workbook(content: bytes) -> Iterator[Line]:
    try:
        check_workbook(io.BytesIO(content))
    except ValidationError as refused:
        raise Unreadable(" ".join(refused.messages)) from None
    try:
        # Few processes ever read one, and importing it takes its time.
        from openpyxl import load_workbook

        from base.merged_cells import Spread, look_through

        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False).worksheets[0]
        with sheet._get_source() as source:
            found = look_through(source)
        if found.has_unread_formulas:
            raise Unreadable(_("The sheet has formulas that were never calculated. Open it in a spreadsheet program and save it, or save it as CSV."))
        spread = Spread(found.ranges)
        # What it says of its size may be wrong, or a bomb.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > MOST_ROWS:
                raise Unreadable(_("The sheet says that it has more rows than Excel can have. Save it again, or as CSV."))
            texts, is_title = spread.over(number, [_as_text(cell) for cell in cells[:MOST_COLUMNS]])
            yield Line(number, texts, _("A title over several columns stands here, no row of the table.") if is_title else "")
    except BROKEN as broken:
        raise Unreadable(_("The workbook cannot be read: {reason}. Save it again, or as CSV.").format(reason=broken)) from None


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def delimiter_of(content: bytes, *, most_lines: int = 200) -> str:
    """That of most lines near the beginning: for files that begin with a title."""
    lines = list(islice(_decoded(content), most_lines))
    return max(DELIMITERS, key=lambda sign: sum(sign in line for line in lines))


def _of_text(content: bytes, most_lines: int, delimiter: str) -> Iterator[Line]:
    lines = _decoded(content)
    first = next((line for line in lines if line.strip()), "")
    said = SEPARATOR.fullmatch(first.strip("\r\n"))
    delimiter = said[1] if said else delimiter or max(DELIMITERS, key=lambda sign: first.count(sign))
    # Read again from its beginning: numbers are the file's.
    return _records(_decoded(content), delimiter, most_lines, skipped=first if said else None)


def _decoded(content: bytes) -> Iterator[str]:
    if encoding := _wide(content):
        return iter(io.StringIO(content.decode(encoding, "replace").removeprefix("\ufeff"), newline=""))
    head = content[:4096]
    if head.count(b"\0") * 20 > len(head):
        raise Unreadable(_("This is neither a text nor a workbook. Save the sheet as CSV or .xlsx."))
    begins = len(BOM) if content.startswith(BOM) else 0
    return (_line(found[0]) for found in RAW_LINE.finditer(content, begins))


def _wide(content: bytes) -> str:
    """UTF-16, by its mark or by the zeros of Latin letters."""
    if content.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if content.startswith(b"\xfe\xff"):
        return "utf-16-be"
    head = content[:400]
    odd, even = head[1::2], head[::2]
    if odd and odd.count(0) * 10 > len(odd) * 7 and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even and even.count(0) * 10 > len(even) * 7 and not odd.count(0) else ""


def _line(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _records(lines: Iterator[str], delimiter: str, most_lines: int, skipped: str | None) -> Iterator[Line]:
    waiting: deque[str] = deque()
    number = 1
    while (first := waiting.popleft() if waiting else next(lines, None)) is not None:
        held, is_open = [first], _is_open_after(first, delimiter, is_open=False)
        while is_open and len(held) < most_lines:
            more = waiting.popleft() if waiting else next(lines, None)
            if more is None:
                break
            held.append(more)
            is_open = _is_open_after(more, delimiter, is_open=True)
        if is_open:
            waiting.extendleft(reversed(held[1:]))
            yield Line(number, _plain_cells(first, delimiter), _("A quotation mark is opened and never closed."))
            number += 1
            continue
        if first != skipped:
            yield _parsed(number, held, delimiter)
        skipped = None if first == skipped else skipped
        number += len(held)


def _parsed(number: int, held: Iterable[str], delimiter: str) -> Line:
    text = "".join(held)
    if '"' not in text:
        return Line(number, _plain_cells(text, delimiter))
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    try:
        # With its ends of lines: a cell that goes over several keeps them.
        found = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error as broken:
        return Line(number, _plain_cells(text, delimiter), _("The line cannot be read: {reason}.").format(reason=broken))
    return Line(number, [cell.strip() for cell in found])


def _plain_cells(text: str, delimiter: str) -> list[str]:
    return [cell.strip() for cell in text.strip("\r\n").split(delimiter)]


def _is_open_after(line: str, delimiter: str, *, is_open: bool) -> bool:
    """Whether the line ends inside quotation marks. One counts at the beginning of a cell; two of them within are a sign of the text.

    What was opened on an earlier line is closed at the end of a cell alone: another mark there is more likely of a text than its end.
    """
    if '"' not in line:
        return is_open
    place, goes_on = 0, is_open
    while True:
        if is_open:
            place = line.find('"', place)
            if place < 0:
                return True
            after = line[place + 1 : place + 2]
            if after == '"' or (goes_on and after not in ("", "\r", "\n", delimiter)):
                place += 2 if after == '"' else 1
                continue
            is_open, goes_on, place = False, False, line.find(delimiter, place)
        elif line[place : place + 1] == '"':
            is_open, place = True, place + 1
            continue
        else:
            place = line.find(delimiter, place)
        if place < 0:
            return False
        place += 1
