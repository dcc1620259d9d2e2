"""A composed report as a workbook: figures, what was done, and the observations' sums, from which each figure can be added up anew."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from base.emblem import STATEMENTS
from base.languages import active
from base.staff_lists import as_text
from desk.reports.telling import facts_of
from themes.plans.reading import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from desk.reports.composing import Composed

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(*, title: str, composed: Composed) -> bytes:
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator, book.properties.language = title, "Kantama", active()
    _sheet(book, _("About the report"), [[title], *([fact] for fact in facts_of(composed)), [STATEMENTS[active()]]], (90,), has_head=False)
    _sheet(book, _("Figures"), _figures(composed), (40, 34, 14, 14, 14, 14, 12, 12, 12, 12, 14, 18, 60, 34, 14))
    _sheet(book, _("Outreach"), _acts(composed), (50, 14, 22, 30, 16, 16, 50))
    _sheet(book, _("Observations"), _observations(composed), (40, 34, 14, 14, 14, 14))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _figures(composed: Composed) -> Iterator[list[Any]]:
    yield [
        _("Goal"), _("Measure"), _("Unit"), pgettext("figure", "So far"), _("In the period"), _("New in the period"), _("Baseline"),
        _("At least"), _("Target"), _("At most"), _("Due"), _("State"), _("Definition"), _("Source"), _("As of"),
    ]  # fmt: skip
    for figure in composed["figures"]:
        yield [
            said(figure["goal_words"]),
            said(figure["words"]),
            said(figure["unit"]),
            _number(figure["total"]),
            _number(figure["within"]),
            _number(figure["new"]) if figure["total"] is None or figure["new"] is not None else "–",
            *(figure[name] for name in ("baseline", "low", "target", "high")),
            date.fromisoformat(figure["due"]),
            said(figure["course"]),
            said(figure["definition"]),
            said(figure["source"]),
            date.fromisoformat(figure["ends"]),
        ]


def _acts(composed: Composed) -> Iterator[list[Any]]:
    names = {goal["id"]: said(goal["words"]) for goal in composed["goals"]}
    yield [_("Title"), _("Day"), _("Channel"), _("Audience"), _("Contacts reached"), _("Counted without names"), _("Goals")]
    for act in composed["acts"]:
        yield [
            act["title"],
            date.fromisoformat(act["day"]) if act["day"] else "",
            said(act["channel"]) if act["channel"] else said(act["kind"]),
            ", ".join(said(words) for words in act["audiences"]),
            act["people"],
            act["counted"],
            "; ".join(names[goal] for goal in act["goals"]),
        ]


def _observations(composed: Composed) -> Iterator[list[Any]]:
    """What came in each month or week of the period, and first what had come before it."""
    yield [_("Goal"), _("Measure"), _("From"), _("Until"), pgettext("figure", "Came"), pgettext("figure", "So far")]
    for figure in composed["figures"]:
        names = [said(figure["goal_words"]), said(figure["words"])]
        if figure["total"] is None:
            yield [*names, date.fromisoformat(figure["starts"]), date.fromisoformat(figure["ends"]), _number(None), _number(None)]
            continue
        if figure["new"] is not None:
            earlier = figure["total"] - figure["new"]
            yield [*names, _("before"), date.fromisoformat(figure["starts"]), earlier, earlier]
        for starts, ends, came, total in figure["steps"]:
            # What does not add up has no sum of its own: a word, which no sum takes in.
            yield [*names, date.fromisoformat(starts), date.fromisoformat(ends), "–" if came is None else came, _number(total)]


def _number(value: int | None) -> Any:
    """Never an empty cell, which a spreadsheet adds up as 0 without a word."""
    return _("no data") if value is None else value


def _sheet(book: Workbook, name: str, rows: Any, widths: Sequence[int], *, has_head: bool = True) -> None:
    sheet: WriteOnlyWorksheet = book.create_sheet(name[:31])
    for number, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    if has_head:
        sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, value, is_head=number == 0) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: Any, *, is_head: bool) -> WriteOnlyCell:
    told = as_text(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, value=told)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if is_head:
        cell.font = Font(bold=True)
    return cell
