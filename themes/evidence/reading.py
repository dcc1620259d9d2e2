"""A table of media mentions or of surveys, as somebody brings it. What is wrong is told of the cell: its line, its column and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from base.amounts import read_amount
from base.importing.tables import letters, shortened, table_of
from base.languages import CODES
from base.spreadsheets import Unreadable, read
from themes.models import Goal, Mention, Survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from themes.models import Theme

DATES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d")
MOST_ROWS, MOST_ERRORS = 5_000, 200

# Names of columns, as people and media monitors write them; letters alone count.
SHARED = {
    "day": ("day", "date", "paiva", "päivä", "päivämäärä", "pvm", "datum", "dag", "published", "julkaistu", "publicerad"),
    "source": ("source", "lähde", "källa"),
    "goals": ("goal", "goals", "tavoite", "tavoitteet", "mål"),
}
MENTION = SHARED | {
    "outlet": ("outlet", "medium", "media", "media outlet", "väline", "tiedotusväline", "julkaisu", "lehti", "mediebolag", "tidning"),
    "title": ("title", "headline", "otsikko", "rubrik"),
    "address": ("address", "url", "link", "linkki", "osoite", "verkkoosoite", "webbadress", "länk"),
    "audience": ("audience", "reach", "readers", "yleisö", "tavoittavuus", "lukijat", "lukijamäärä", "räckvidd", "publik", "läsare"),
    "quality": ("quality", "laatu", "kvalitet"),
}
SURVEY = SHARED | {
    "question": ("question", "kysymys", "fråga"),
    "sample": ("sample", "n", "answered", "respondents", "otos", "vastaajat", "vastaajia", "vastanneet", "sampel", "svarande"),
    "aware": ("aware", "awareness", "tuntee", "tuntevat", "tietoiset", "känner till", "medvetna"),
    "quality": ("quality", "method", "laatu", "menetelmä", "otanta", "kvalitet", "metod", "urval"),
}
COLUMNS: dict[type[Any], dict[str, tuple[str, ...]]] = {Mention: MENTION, Survey: SURVEY}
NEEDED: dict[type[Any], tuple[str, ...]] = {Mention: ("day", "outlet", "title"), Survey: ("day", "question", "sample", "aware", "quality")}


@dataclass(frozen=True)
class Wrong:
    """`column` as the file has it; "" for the line as a whole."""

    line: int
    column: str
    cell: str
    reason: str


@dataclass
class Brought:
    """`rows` are unsaved, each with its goals. With anything `wrong`, nothing is to come."""

    rows: list[tuple[Any, list[Goal]]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    left_off: int = 0

    def tell(self, wrong: Wrong) -> None:
        if len(self.wrong) < MOST_ERRORS:
            self.wrong.append(wrong)
        else:
            self.left_off += 1


def look(content: bytes, model: type[Any], theme: Theme, *, source: str = "", goals: Sequence[Goal] = ()) -> Brought:
    """`source` and `goals` are for lines that say none. Raises Unreadable."""
    known = {letters(word): name for name, words in COLUMNS[model].items() for word in words}
    table = table_of(read(content), lambda cells: sum(letters(cell) in known for cell in cells))
    columns = {known[letters(cell)]: place for place, cell in reversed(list(enumerate(table.heading))) if letters(cell) in known}
    if missing := [name for name in NEEDED[model] if name not in columns]:
        told = ", ".join(label(model, name) for name in missing)
        raise Unreadable(_("These columns are not in the file's heading: %(columns)s.") % {"columns": told})
    return _Reader(model, theme, columns, table.heading, source, list(goals)).read(table.lines)


def label(model: type[Any], name: str) -> str:
    try:
        return capfirst(str(model._meta.get_field(name).verbose_name))
    except FieldDoesNotExist:
        return name


class _Reader:
    def __init__(self, model: type[Any], theme: Theme, columns: dict[str, int], heading: list[str], source: str, goals: list[Goal]) -> None:
        self.model, self.theme, self.columns, self.heading, self.source, self.goals = model, theme, columns, heading, source, goals
        self.by_name = {
            word.casefold(): goal
            for goal in Goal.objects.filter(theme=theme)
            for word in (goal.key, *(getattr(goal, f"name_{code}") for code in CODES))
        }
        self.qualities = _qualities(model)

    def read(self, lines: Iterable[Any]) -> Brought:
        found = Brought()
        first_lines: dict[tuple[Any, ...], int] = {}
        for number, line in enumerate(lines):
            if number >= MOST_ROWS:
                raise Unreadable(_("The file has more than %(most)d lines. Divide it.") % {"most": MOST_ROWS})
            if line.problem:
                found.tell(Wrong(line.number, "", shortened(" ".join(line.cells)), line.problem))
                continue
            row, goals, wrong = self.row(line.cells)
            for name, reason in wrong.items():
                place = self.columns.get(name)
                cell = line.cells[place] if place is not None and place < len(line.cells) else ""
                found.tell(Wrong(line.number, self.heading[place] if place is not None else "", shortened(cell), reason))
            key = tuple(getattr(row, name) for name in self.model.same)
            if not wrong and key in first_lines:
                found.tell(Wrong(line.number, "", "", _("The same stands on line %(line)d already.") % {"line": first_lines[key]}))
            elif not wrong:
                first_lines[key] = line.number
                found.rows.append((row, goals))
        if not found.rows and not found.wrong:
            raise Unreadable(_("The file has a heading and no lines."))
        return found

    def row(self, cells: Sequence[str]) -> tuple[Any, list[Goal], dict[str, str]]:
        wrong: dict[str, str] = {}
        values: dict[str, Any] = {"theme": self.theme, "source": self.source}
        for name, place in self.columns.items():
            cell = cells[place].strip() if place < len(cells) else ""
            if not cell:
                continue
            try:
                values[name] = READERS.get(name, _text)(self, cell)
            except ValidationError as refused:
                wrong[name] = " ".join(refused.messages)
        goals = values.pop("goals", self.goals)
        row = self.model(**values)
        if not goals and "goals" not in wrong:
            wrong["goals"] = _("Name a goal of the plan, here or for the whole file.")
        try:
            row.full_clean(exclude={"theme", *wrong}, validate_unique=False, validate_constraints=False)
        except ValidationError as refused:
            wrong |= {name: " ".join(told) for name, told in refused.message_dict.items() if name not in wrong}
        return row, goals, wrong

    def goal(self, cell: str) -> list[Goal]:
        names = [name.strip() for name in re.split(r"[;|\n]", cell) if name.strip()]
        unknown = [name for name in names if name.casefold() not in self.by_name]
        if unknown:
            raise ValidationError(_("There is no goal “%(name)s” in this theme's plan.") % {"name": unknown[0]})
        return [self.by_name[name.casefold()] for name in names]

    def quality(self, cell: str) -> str:
        value = self.qualities.get(cell.casefold()) or self.qualities.get(letters(cell))
        if value is None:
            words = ", ".join(str(name) for _value, name in self.model.Quality.choices)
            raise ValidationError(_("Write one of these: %(words)s.") % {"words": words})
        return str(value)


def _qualities(model: type[Any]) -> dict[str, str]:
    """By their values, and by their words in all languages: a monitor writes in its own."""
    found = {str(value): str(value) for value, _name in model.Quality.choices}
    for code in CODES:
        with translation.override(code):
            found |= {letters(str(name)): str(value) for value, name in model.Quality.choices}
    return found


def _text(_reader: _Reader, cell: str) -> str:
    return cell


def _day(_reader: _Reader, cell: str) -> date:
    for form in DATES:
        try:
            return datetime.strptime(cell, form).date()
        except ValueError:
            continue
    raise ValidationError(_("This is no day: write 31.5.2026."))


def _number(_reader: _Reader, cell: str) -> int:
    value = read_amount(cell)
    if value < 0 or value % 1:
        raise ValidationError(_("Write a whole number, from 0 up."))
    return int(value)


READERS: dict[str, Callable[[_Reader, str], Any]] = {
    "day": _day,
    "audience": _number,
    "sample": _number,
    "aware": _number,
    "goals": _Reader.goal,
    "quality": _Reader.quality,
}
