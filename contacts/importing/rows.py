"""The lines of a file as people to be. A line with an error says in which cell, and does not come; the others do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from base.importing.words import NAMED, language_of
from contacts.folding import fold
from contacts.models.organisations import business_id_of
from contacts.models.people import NO_PHONE, is_phone
from themes.models import Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from base.spreadsheets import Line
    from contacts.importing.columns import Columns

DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d", "%Y-%m-%dT%H:%M:%S", "%d.%m.%y")
# Excel counts days from here.
EXCEL = date(1899, 12, 30)
LONGEST = {"first_name": 100, "last_name": 100, "city": 100, "title": 150, "organisation": 250, "external_id": 64, "email": 254}
BETWEEN = re.compile(r"[;,\s]+(?=\S+@)")
LESS_ZERO = re.compile(r"[1-9]\d{6,9}")
SIGNED = re.compile(r"[+-]\s*[^\d\s(]")
UNREADABLE = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\ufffd]")


class Problem(NamedTuple):
    """Of one cell. `row` and `column` count from 1, as spreadsheets do; column 0 is the whole row."""

    row: int
    column: int
    heading: str
    value: str
    message: str
    can_be_mended: bool = True


@dataclass(slots=True)
class Row:
    """`units` are below the organisation, each a part of the one before it."""

    number: int
    external_id: str = ""
    first_name: str = ""
    last_name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    organisation: str = ""
    units: tuple[str, ...] = ()
    business_id: str = ""
    title: str = ""
    starts: date | None = None
    ends: date | None = None
    city: str = ""
    region: int | None = None
    language: str = ""
    tags: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Reader:
    """Reads lines with the columns that were chosen. `mended` has what was typed in place of cells: row -> place -> text, numbers as text."""

    def __init__(self, heading: Sequence[str], columns: Columns, mended: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self.heading, self.columns, self.mended = heading, columns, mended or {}
        self.regions = {_plain(word): row.pk for row in Region.objects.all() for word in (row.code, row.nuts, row.name_fi, row.name_sv, row.name_en)}
        self.readers = [(role, place, getattr(self, f"_{role}", self._text)) for role, places in columns.items() for place in places]

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        for line in lines:
            row = Row(line.number)
            if line.problem:
                shown = " · ".join(filter(None, line.cells))[:200]
                row.problems = (Problem(line.number, 0, "", shown, line.problem, can_be_mended=False),)
            else:
                self._read(line, row)
            yield row

    def _read(self, line: Line, row: Row) -> None:
        mended = self.mended.get(str(line.number), {}) if self.mended else {}
        cells, width = line.cells, len(line.cells)
        for role, place, read in self.readers:
            cell = mended[str(place)] if mended and str(place) in mended else cells[place] if place < width else ""
            if cell:
                try:
                    read(row, _text(cell), role)
                except ValidationError as wrong:
                    self._tell(row, place, cell[:200], " ".join(wrong.messages))
        self._look_over(row)

    def _look_over(self, row: Row) -> None:
        """What several cells say together."""
        if not row.problems and not (row.first_name or row.last_name or row.emails):
            row.problems = (Problem(row.number, 0, "", "", _("The row has neither a name nor an e-mail address.")),)
        if row.starts and row.ends and row.ends < row.starts:
            self._tell(row, self.columns["ends"][0], row.ends.isoformat(), _("The last day is before the first."))
        if row.units and not row.organisation and not row.business_id:
            self._tell(row, self.columns["units"][0], "; ".join(row.units), _("Name the organisation that the unit is part of."))

    def _tell(self, row: Row, place: int, value: str, message: str) -> None:
        row.problems = (*row.problems, Problem(row.number, place + 1, self.heading[place], value, message))

    def _text(self, row: Row, cell: str, role: str) -> None:
        if len(cell) > LONGEST[role]:
            raise ValidationError(_("Longer than %(most)d characters.") % {"most": LONGEST[role]})
        setattr(row, role, cell)

    def _name(self, row: Row, cell: str, role: str) -> None:
        """“Esimerkki, Aino” or “Aino Esimerkki”: the last word is the last name."""
        last, comma, first = cell.partition(",")
        if not comma:
            first, _space, last = cell.rpartition(" ")
        self._text(row, first.strip(), "first_name")
        self._text(row, last.strip(), "last_name")

    def _email(self, row: Row, cell: str, role: str) -> None:
        for one in BETWEEN.split(NAMED.sub(r"\1", cell)):
            address = one.removeprefix("mailto:").strip(" ;,")
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(_("This is no e-mail address.")) from None
            if len(address) > LONGEST["email"]:
                raise ValidationError(_("Longer than %(most)d characters.") % {"most": LONGEST["email"]})
            row.emails = (*row.emails, address)

    def _phone(self, row: Row, cell: str, role: str) -> None:
        # A spreadsheet takes the zero in front of a number that it reads as one.
        number = f"0{cell}" if LESS_ZERO.fullmatch(cell) else cell
        if not is_phone(number):
            raise ValidationError(NO_PHONE)
        row.phones = (*row.phones, number[:254])

    def _units(self, row: Row, cell: str, role: str) -> None:
        row.units = tuple(unit for part in cell.split(";") if fold(unit := part.strip()))
        if any(len(unit) > LONGEST["organisation"] for unit in row.units):
            raise ValidationError(_("Longer than %(most)d characters.") % {"most": LONGEST["organisation"]})

    def _business_id(self, row: Row, cell: str, role: str) -> None:
        row.business_id = business_id_of(cell)

    def _starts(self, row: Row, cell: str, role: str) -> None:
        setattr(row, role, date_of(cell))

    _ends = _starts

    def _region(self, row: Row, cell: str, role: str) -> None:
        row.region = self.regions.get(_plain(cell.zfill(2) if cell.isdigit() else cell))
        if row.region is None:
            raise ValidationError(_("This is no region of Finland: give its name or code."))

    def _language(self, row: Row, cell: str, role: str) -> None:
        found = language_of(cell)
        if found is None:
            raise ValidationError(_("Write the language as fi, sv or en."))
        row.language = found

    def _tags(self, row: Row, cell: str, role: str) -> None:
        row.tags = tuple(tag[:60] for word in re.split(r"[;,|]", cell) if (tag := word.strip()))


def _text(cell: str) -> str:
    """Raises ValidationError for what no cell of a register holds: formulas and broken letters. Our own exports mark text that looks like one."""
    text = " ".join(cell.split())
    if len(text) > 1 and text[0] == "'" and text[1] in "=+-@":
        text = text[1:]
    elif text.startswith(("=", "@")) or SIGNED.match(text):
        raise ValidationError(_("A formula stands here. Paste its value."))
    if UNREADABLE.search(text):
        raise ValidationError(_("Some letters cannot be read. Save the file as UTF-8."))
    return text


def _plain(word: str) -> str:
    return word.casefold().strip()


@lru_cache(maxsize=4096)
def date_of(cell: str) -> date:
    """Of 2026-05-31, 31.5.2026, 31/5/2026, 31-5-2026, 20260531 or Excel's number of days. Raises ValidationError."""
    for form in DATES:
        try:
            return datetime.strptime(cell, form).date()
        except ValueError:
            continue
    if cell.isdigit() and 10_000 < int(cell) < 80_000:
        return EXCEL + timedelta(days=int(cell))
    raise ValidationError(_("This is no day: write 31.5.2026."))
