"""Values as editors have them, in a spreadsheet: pasted as they are, read with Finnish and English decimals, errors told by row."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail_localize.segments import StringSegmentValue

SPACES = re.compile(r"[\s\u00a0\u202f\u2009]")
NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
NO_VALUE = {"", "-", "–", "—", ".", "..", "…"}
MOST_ROWS, MOST_SERIES = 30, 4


@dataclass(frozen=True)
class ValueTable:
    """`head` names the rows' column and then each series; a row is its name and a value, or None, for each series."""

    head: list[str]
    rows: list[tuple[str, list[Decimal | None]]]

    @property
    def values(self) -> list[Decimal]:
        return [value for _name, row in self.rows for value in row if value is not None]

    def shown(self) -> dict[str, list[Any]]:
        """As `base/figure_source.html` has a table."""
        return {"head": self.head, "rows": [[name, *(in_words(value) for value in row)] for name, row in self.rows]}


def number(text: str) -> Decimal | None:
    """1 234,5 and 1234.5 and -3 %; None where the cell says that there is no value. Raises ValueError."""
    text = SPACES.sub("", text).replace("\u2212", "-").removesuffix("%").replace(",", ".")
    if text in NO_VALUE:
        return None
    # Decimal itself would also take NaN, 1e9 and underscores.
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def in_words(value: Decimal | None) -> str:
    """With the decimal mark of the active language; a dash where there is no value."""
    return "–" if value is None else number_format(value.normalize() if value % 1 else value.to_integral(), use_l10n=True, force_grouping=True)


def cells(text: str) -> list[list[str]]:
    """Rows of a pasted table: a spreadsheet gives tabs; who types uses semicolons."""
    mark = "\t" if "\t" in text else ";"
    return [[cell.strip() for cell in line.split(mark)] for line in text.splitlines() if line.strip(" \t;")]


def read_table(text: str) -> ValueTable:
    """Raises a ValidationError that names the row and the cell."""
    found = cells(text)
    if len(found) < 2 or len(found[0]) < 2:
        raise ValidationError(_("Paste at least two rows and two columns: the first row names the columns, the first column names the rows."))
    head = found[0]
    if len(head) > MOST_SERIES + 1:
        raise ValidationError(_("Four columns of values at most: more cannot be told apart in one picture."))
    if len(found) > MOST_ROWS + 1:
        raise ValidationError(_("Thirty rows at most. Choose those that the finding is about."))
    if not all(head[1:]):
        raise ValidationError(_("Each column of values needs a name in the first row."))
    table = ValueTable(head, [_row(number, line, len(head)) for number, line in enumerate(found[1:], 2)])
    if not table.values:
        raise ValidationError(_("There is no number in the table."))
    return table


def _row(place: int, line: list[str], width: int) -> tuple[str, list[Decimal | None]]:
    name, values = line[0], line[1:]
    about = {"row": place, "name": name}
    if not name:
        raise ValidationError(gettext("Row %(row)s has no name.") % about)
    if len(values) > width - 1:
        raise ValidationError(gettext("Row %(row)s, “%(name)s”, has more cells than the first row.") % about)
    return name, [*(_cell(cell, about) for cell in values), *[None] * (width - 1 - len(values))]


def _cell(text: str, about: dict[str, Any]) -> Decimal | None:
    try:
        return number(text)
    except ValueError:
        words = gettext("Row %(row)s, “%(name)s”: “%(cell)s” is not a number. Write 12,5 or 12.5, and the unit in its own field.")
        raise ValidationError(words % {**about, "cell": text}) from None


class ValuesBlock(blocks.TextBlock):
    """Translators get the names of rows and columns, one by one; the numbers stay."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text:
            read_table(text)
        return text

    def get_translatable_segments(self, value: str) -> list[StringSegmentValue]:
        return [StringSegmentValue(_place(name), name) for name in dict.fromkeys(_names(value or ""))]

    def restore_translated_segments(self, value: str, segments: list[StringSegmentValue]) -> str:
        words = {segment.path: segment.render_text() for segment in segments}
        rows = cells(value)
        for row_number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if (row_number == 0 or column == 0) and cell:
                    row[column] = words.get(_place(cell), cell)
        return "\n".join("\t".join(row) for row in rows)


def _names(text: str) -> list[str]:
    rows = cells(text)
    return [name for name in [*(rows[0] if rows else ()), *(row[0] for row in rows[1:])] if name]


def _place(name: str) -> str:
    """Of a name among the segments: a row that moves keeps its translation."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]
