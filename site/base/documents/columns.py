"""How wide a table's columns are where a machine that we do not know sets the text: no date is broken, and no word where there is room for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from base.documents.parts import Table

# Of a sign's size, the width that most take; faces that stand in for ours are wide.
SIGN = 0.62
# Letters of a word that stay together where there is no room for all: the most that fit. What has a digit is never parted.
TOGETHER = (None, 16, 14, 12, 10)
HAS_DIGIT = re.compile(r"\d")


def widths_of(part: Table, room: int, size: int, padding: int) -> list[int]:
    """In the unit of `room`, which they fill. `size` is that of the letters, `padding` what both sides of a cell take.

    The shares that the table asks for, but each at least as wide as its longest word; or, where that is too much, as so many letters of it as fit.
    """
    columns: list[tuple[str, ...]] = list(zip(part.head, *part.rows, strict=True))
    for longest in TOGETHER:
        least = [padding + round(SIGN * size * max(_length(str(cell), longest) for cell in column)) for column in columns]
        if sum(least) <= room:
            return _spread(part.widths, least, room)
    return [room * one // sum(least) for one in least]


def _length(text: str, longest: int | None) -> int:
    words = text.split()
    return max((len(word) if longest is None or HAS_DIGIT.search(word) else min(len(word), longest) for word in words), default=0)


def _spread(shares: Sequence[int], least: list[int], room: int) -> list[int]:
    """By their shares; those that would be too narrow get their least, and the others the rest."""
    fixed: dict[int, int] = {}
    while True:
        left, among = room - sum(fixed.values()), sum(share for place, share in enumerate(shares) if place not in fixed)
        found = [fixed.get(place, left * share // max(among, 1)) for place, share in enumerate(shares)]
        narrow = {place: least[place] for place, width in enumerate(found) if width < least[place] and place not in fixed}
        if not narrow:
            return found
        fixed |= narrow
