"""The lines of a file as subscribers to be, each checked for itself: a broken one says why, and the others come."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from base import spreadsheets
from base.importing.tables import Table, shortened, table_of
from base.importing.words import NAMED, language_of
from base.languages import CODES
from mail.addresses import BadAddress, on_the_wire
from newsletters.importing.columns import ADDRESS, guess
from themes.models import Region, SubTheme

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from base.spreadsheets import Line
    from themes.models import Theme

LONGEST_NAME, LONGEST_HOW = 100, 200
MOMENTS = ("%d.%m.%Y %H.%M", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S %z")
UNREADABLE = re.compile(r"[\0\ufffd]")


class Wrong(Exception):
    """Why a line does not come, in the active language."""


@dataclass
class Row:
    """`problem` is why it does not come; the rest is then empty."""

    line: int
    cells: list[str]
    problem: str = ""
    is_double: bool = False
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    given_at: datetime | None = None
    given_how: str = ""
    sub_themes: list[int] = field(default_factory=list)
    regions: list[int] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        return {"line": self.line, "reason": self.problem, "cells": [shortened(cell) for cell in self.cells]}


def read(content: bytes) -> Table:
    """Raises Unreadable."""
    return table_of(spreadsheets.read(content, most_lines=20), lambda cells: len(guess(cells, ())))


class Reader:
    """Reads lines for one theme, with the columns that were chosen (role -> place)."""

    def __init__(self, theme: Theme, columns: Mapping[str, int], language: str) -> None:
        self.columns, self.language = columns, language
        self.seen: dict[str, int] = {}
        self.topics = _topics_by_name(theme)

    def rows(self, table: Table) -> Iterator[Row]:
        for line in table.lines:
            yield self.row(line)

    def row(self, line: Line) -> Row:
        row = Row(line.number, line.cells, line.problem)
        if row.problem:
            return row
        try:
            self._fill(row)
        except Wrong as wrong:
            return Row(line.number, line.cells, str(wrong))
        if (first := self.seen.setdefault(row.email.lower(), row.line)) != row.line:
            return Row(line.number, line.cells, _("The address stands on line {line} already.").format(line=first), is_double=True)
        return row

    def _fill(self, row: Row) -> None:
        given = {role: row.cells[place] if place < len(row.cells) else "" for role, place in self.columns.items()}
        if any(UNREADABLE.search(value) for value in given.values()):
            raise Wrong(_("Some letters cannot be read. Save the file again as CSV in UTF-8."))
        row.email = clean_address(given.get(ADDRESS, ""))
        row.first_name, row.last_name = (_short(given.get(name, ""), LONGEST_NAME) for name in ("first_name", "last_name"))
        row.language = _language(given.get("language", "")) or self.language
        row.given_at = _moment(given.get("given_at", ""))
        row.given_how = _short(given.get("given_how", ""), LONGEST_HOW)
        for model, pk in self._topics(given.get("topics", "")):
            (row.sub_themes if model is SubTheme else row.regions).append(pk)

    def _topics(self, value: str) -> list[tuple[Any, int]]:
        """Names or keys with semicolons, bars or commas between; a name may hold a comma itself."""
        if not value:
            return []
        if known := self.topics.get(value.casefold()):
            return [known]
        found = []
        for part in filter(None, (part.strip() for part in re.split(r"[;|\n]", value))):
            names = [part] if part.casefold() in self.topics else [name.strip() for name in part.split(",") if name.strip()]
            for name in names:
                if name.casefold() not in self.topics:
                    raise Wrong(_("There is no topic “{name}”.").format(name=shortened(name)))
                found.append(self.topics[name.casefold()])
        return list(dict.fromkeys(found))


def clean_address(value: str) -> str:
    """As it is kept. Raises Wrong with what is wrong with it: what our mail engine cannot send is refused here."""
    text = value.removeprefix("'").removeprefix("mailto:").strip()
    if named := NAMED.fullmatch(text):
        text = named[1].strip()
    if not text:
        raise Wrong(_("There is no address."))
    if len(text) > 320:
        raise Wrong(_("The address is too long."))
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=True, allow_quoted_local=True)
    except EmailNotValidError:
        raise Wrong(_("“{address}” is no address.").format(address=text)) from None
    try:
        on_the_wire(found.normalized)
    except BadAddress:
        raise Wrong(_not_sendable(found.local_part, text)) from None
    return str(found.normalized)


def _not_sendable(local: str, address: str) -> str:
    if local.startswith('"'):
        return _("Our mail cannot be sent to “{address}”: it has quotation marks before the @.").format(address=address)
    return _("Our mail cannot be sent to “{address}”: it has letters beyond a to z before the @.").format(address=address)


def _short(value: str, most: int) -> str:
    if len(value) > most:
        raise Wrong(_("“{start}…” has more than {most} letters.").format(start=value[:30], most=most))
    return value


def _language(value: str) -> str:
    found = language_of(value)
    if found is None:
        raise Wrong(_("“{value}” is none of the languages {known}.").format(value=shortened(value), known=", ".join(CODES)))
    return found


def _moment(value: str) -> datetime | None:
    if not value:
        return None
    found = _parsed(value)
    if found is None or not datetime(1990, 1, 1, tzinfo=found.tzinfo) <= found <= timezone.now():
        raise Wrong(_("“{value}” is no time that has been, such as 31.5.2024 or 2024-05-31 12:00.").format(value=shortened(value)))
    return found


# The same days come again and again.
@lru_cache(maxsize=10_000)
def _parsed(value: str) -> datetime | None:
    try:
        found: datetime | None = datetime.fromisoformat(value)
    except ValueError:
        found = next((moment for form in MOMENTS if (moment := _by_form(value, form))), None)
    return found and (timezone.make_aware(found) if timezone.is_naive(found) else found)


def _by_form(value: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(value, form)
    except ValueError:
        return None


def _topics_by_name(theme: Theme) -> dict[str, tuple[Any, int]]:
    found: dict[str, tuple[Any, int]] = {}
    rows: list[Any] = [*Region.objects.all(), *SubTheme.objects.filter(theme=theme)]
    for row in rows:
        names = [getattr(row, f"name_{code}") for code in CODES] + [getattr(row, "key", "") or getattr(row, "code", "")]
        found |= {name.casefold(): (type(row), row.pk) for name in names if name}
    return found


def as_moment(day: date) -> datetime:
    """Noon of the day: what is known is the day."""
    return timezone.make_aware(datetime.combine(day, time(12)))
