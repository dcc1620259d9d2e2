"""A table as people have it: with titles above the heading, or with no heading at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from base.spreadsheets import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from base.spreadsheets import Line

LOOKS_LIKE_AN_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
# So many lines from the beginning are looked at for a heading.
ABOVE = 10
# Longer cells are shown by their beginning: what is kept of a line is for finding it.
CELL_KEPT = 500


@dataclass(frozen=True)
class Table:
    """`heading` is the names of the columns, or their numbers where the first line is a row already."""

    heading: list[str]
    lines: Iterator[Line]
    has_heading: bool = True


def letters(heading: str) -> str:
    return re.sub(r"[\W\d_]", "", heading.casefold())


def has_address(cells: Sequence[str]) -> bool:
    return any(LOOKS_LIKE_AN_ADDRESS.fullmatch(cell) for cell in cells)


def shortened(cell: str) -> str:
    return cell if len(cell) <= CELL_KEPT else f"{cell[:CELL_KEPT]}…"


def table_of(lines: Iterable[Line], says: Callable[[Sequence[str]], int]) -> Table:
    """`says` tells how many columns a heading names that are known. Lines above the heading are titles. Raises Unreadable.

    Where a line with an address comes before any heading, all lines are rows.
    """
    rest = iter(lines)
    first = list(islice(rest, ABOVE))
    if not first:
        raise Unreadable(_("The file is empty."))
    rows = next((place for place, line in enumerate(first) if has_address(line.cells)), len(first))
    known = [says(line.cells) for line in first[:rows]]
    if not any(known) and rows < len(first):
        # Titles have one cell; what has more and is no heading is a row without an address.
        begins = next(place for place, line in enumerate(first) if place == rows or sum(map(bool, line.cells)) > 1)
        if begins == rows:
            numbers = [str(place) for place, _cell in enumerate(first[rows].cells, 1)]
            return Table(numbers, chain(first[rows:], rest), has_heading=False)
        place = begins
    elif any(known):
        place = known.index(max(known))
    else:
        place = next((place for place, line in enumerate(first) if sum(map(bool, line.cells)) > 1), 0)
    heading = [shortened(cell) or str(number) for number, cell in enumerate(first[place].cells, 1)]
    return Table(heading, chain(first[place + 1 :], rest))
