"""Rows of a command as a table of text, for people; scripts take `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def as_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Numbers to the right, words to the left; None is an empty cell."""
    cells = [list(columns), *(["" if row[name] is None else str(row[name]) for name in columns] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(columns))]
    numeric = [all(row[name] is None or isinstance(row[name], (int, float)) for row in rows) for name in columns]
    return "\n".join(_line(line, widths, numeric) for line in cells)


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    fitted = [cell.rjust(width) if right else cell.ljust(width) for cell, width, right in zip(cells, widths, numeric, strict=True)]
    return "  ".join(fitted).rstrip()
