"""Cells of a sheet that are merged into one, and formulas without a result: openpyxl, when it reads row by row, tells of neither."""

from __future__ import annotations

import re
import zlib
from typing import IO, TYPE_CHECKING, NamedTuple

from openpyxl.utils import column_index_from_string

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 20
# Of what one tag may go over two chunks.
OVERLAP = 1 << 12
MOST = 100_000
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
# Excel keeps the result beside the formula; programs that write sheets often do not. A text may be empty.
UNREAD = re.compile(
    rb'<(?:\w+:)?c (?![^<>]*t="str")[^<>]*>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<>]*</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


class Range(NamedTuple):
    """Rows from 1, columns from 0; the last of each is among it."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


class Sheet(NamedTuple):
    ranges: list[Range]
    has_unread_formulas: bool


def look_through(sheet: IO[bytes]) -> Sheet:
    """Of the sheet's XML, a piece at a time. Raises ValueError, zlib.error for one that cannot be unfolded."""
    found: set[Range] = set()
    is_unread = False
    for piece in _pieces(sheet):
        is_unread = is_unread or UNREAD.search(piece) is not None
        for left, top, right, bottom in MERGED.findall(piece):
            columns = sorted(column_index_from_string(name.decode()) - 1 for name in (left, right))
            rows = sorted((int(top), int(bottom)))
            found.add(Range(rows[0], rows[1], columns[0], columns[1]))
        if len(found) > MOST:
            raise ValueError("too many merged cells")
    return Sheet(sorted(found), is_unread)


def _pieces(sheet: IO[bytes]) -> Iterator[bytes]:
    held = b""
    try:
        while chunk := sheet.read(CHUNK):
            held = held[-OVERLAP:] + chunk
            yield held
    except zlib.error as broken:
        raise ValueError(str(broken)) from None


class Spread:
    """Gives rows, that come in order, the values of the merged cells that cover them."""

    def __init__(self, ranges: list[Range]) -> None:
        self.waiting = list(reversed(ranges))
        self.open: list[tuple[Range, str]] = []

    def over(self, number: int, cells: list[str]) -> tuple[list[str], bool]:
        """The row with what is merged down over it, and whether it is one title over several columns. Of a row with nothing of its own, nothing."""
        self.open = [held for held in self.open if held[0].last_row >= number]
        own = sum(map(bool, cells))
        is_title = False
        while self.waiting and self.waiting[-1].first_row <= number:
            merged = self.waiting.pop()
            value = cells[merged.first_column] if merged.first_column < len(cells) else ""
            is_title = is_title or (own == 1 and bool(value) and merged.last_column > merged.first_column)
            if value and merged.last_row > number and merged.first_row == number:
                self.open.append((merged, value))
        if own:
            for merged, value in self.open:
                cells += [""] * (merged.first_column + 1 - len(cells))
                cells[merged.first_column] = cells[merged.first_column] or value
        return cells, is_title and own == 1
