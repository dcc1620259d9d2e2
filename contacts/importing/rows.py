"""The lines of a file as people to be. A line with an error says in which cell, and does not come; the others do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from base.importing.words import NAMED, language_of
from contacts.models import ContactPoint
from contacts.models.organisations import business_id_of
from themes.models import Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from base.spreadsheets import Line
    from contacts.importing.columns import Columns

DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d", "%Y-%m-%dT%H:%M:%S", "%d.%m.%y")
# Excel counts days from here.
EXCEL = date(1899, 12, 30)
LONGEST = {"first_name": 100, "last_name": 100, "city": 100, "title": 150, "organisation": 250, "external_id": 64, "email": 254}
UNREADABLE = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\ufffd]")


class Problem(NamedTuple):
    """Of one cell. `row` and `column` count from 1, as spreadsheets do; column 0 is the whole row."""

    row: int
    column: int
    heading: str
    value: str
    message: str
    can_be_mended: bool = True


@dataclass
class Row:
    number: int
    external_id: str = ""
    first_name: str = ""
    last_name: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    organisation: str = ""
    business_id: str = ""
    title: str = ""
    starts: date | None = None
    ends: date | None = None
    city: str = ""
    region: int | None = None
    language: str = ""
    tags: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Reader:
    """Reads lines with the columns that were chosen. `mended` has what was typed in place of cells: row -> place -> text, numbers as text."""

    def __init__(self, heading: Sequence[str], columns: Columns, mended: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self.heading, self.columns, self.mended = heading, columns, mended or {}
        self.regions = {_plain(word): row.pk for row in Region.objects.all() for word in (row.code, row.nuts, row.name_fi, row.name_sv, row.name_en)}

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        for line in lines:
            row = Row(line.number)
            if line.problem:
                row.problems.append(Problem(line.number, 0, "", " · ".join(filter(None, line.cells))[:200], line.problem, can_be_mended=False))
            else:
                self._read(line, row)
            yield row

    def _read(self, line: Line, row: Row) -> None:
        mended = self.mended.get(str(line.number), {})
        for role, places in self.columns.items():
            for place in places:
                cell = mended.get(str(place), line.cells[place] if place < len(line.cells) else "")
                if cell:
                    try:
                        getattr(self, f"_{role}", self._text)(row, _text(cell), role)
                    except ValidationError as wrong:
                        row.problems.append(Problem(line.number, place + 1, self.heading[place], cell[:200], " ".join(wrong.messages)))
        if not row.problems and not (row.first_name or row.last_name or row.emails):
            row.problems.append(Problem(line.number, 0, "", "", _("The row has neither a name nor an e-mail address.")))
        if row.starts and row.ends and row.ends < row.starts:
            place = self.columns["ends"][0]
            told = _("The last day is before the first.")
            row.problems.append(Problem(line.number, place + 1, self.heading[place], row.ends.isoformat(), told))

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
        for one in re.split(r"[;,\s]+(?=\S+@)", NAMED.sub(r"\1", cell)):
            address = one.removeprefix("mailto:").strip(" ;,")
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(_("This is no e-mail address.")) from None
            if len(address) > LONGEST["email"]:
                raise ValidationError(_("Longer than %(most)d characters.") % {"most": LONGEST["email"]})
            row.emails.append(address)

    def _phone(self, row: Row, cell: str, role: str) -> None:
        # A spreadsheet takes the zero in front of a number that it reads as one.
        number = f"0{cell}" if re.fullmatch(r"[1-9]\d{6,9}", cell) else cell
        ContactPoint(medium=ContactPoint.Medium.PHONE, value=number).clean()
        row.phones.append(number[:254])

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
        row.tags = [tag[:60] for word in re.split(r"[;,|]", cell) if (tag := word.strip())]


def _text(cell: str) -> str:
    """Raises ValidationError for what no cell of a register holds: formulas and broken letters. Our own exports mark text that looks like one."""
    text = " ".join(cell.split())
    if len(text) > 1 and text[0] == "'" and text[1] in "=+-@":
        text = text[1:]
    elif text.startswith(("=", "@")) or re.match(r"[+-]\s*[^\d\s(]", text):
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
