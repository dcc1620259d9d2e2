"""The desk's figures as files: each with its definition, unit, source and day, so that it can stand in somebody else's report."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from base.staff_lists import as_text
from themes.measures import LEVELS, Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from desk.overview.figures import Standing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def heading() -> list[str]:
    return [
        _("Goal"), _("Measure"), _("Level"), _("Unit"), _("Baseline"), _("Expected at least"), _("Target"), _("Expected at most"), _("Due"),
        _("Actual"), _("Sample size"), _("In the period"), _("Course"), _("Forecast, low"), _("Forecast, high"), _("How it is counted"), _("Source"),
        _("On the day"),
    ]  # fmt: skip


def rows(found: Iterable[Standing], today: date) -> list[list[Any]]:
    """None where there is no data: an empty cell, never 0."""
    return [_row(one, today) for one in found]


def _row(one: Standing, today: date) -> list[Any]:
    row, measure, told, actual = one.result.expected, one.result.measure, one.forecast, one.result.actual
    words = [str(text) for text in (measure.unit, measure.how.words, measure.source)] if measure else ["", "", ""]
    level = str(LEVELS.get(row.level, row.level))
    label = capfirst(str(measure.label)) if measure else row.measure
    ends: list[float | None] = [round(told.low), round(told.high)] if told else [None, None]
    if isinstance(actual, Share):
        ends = [round(value, 1) for value in actual.interval]
    sample = actual.of if isinstance(actual, Share) else None
    shown = None if actual is None else int(actual)
    numbers = [row.baseline, row.low, row.target, row.high, row.due.isoformat(), shown, sample, one.added]
    return [one.goal.name, label, level, words[0], *numbers, str(one.course.label), *ends, words[1], words[2], today.isoformat()]


def as_csv(name: str, lines: Sequence[Sequence[Any]]) -> HttpResponse:
    # The mark at the beginning tells Excel that it is UTF-8.
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=_file(f"{name}.csv"))
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(heading())
    writer.writerows(["" if cell is None else as_text(cell) if isinstance(cell, str) else cell for cell in line] for line in lines)
    return answer


def as_xlsx(name: str, lines: Sequence[Sequence[Any]], *, told: str) -> HttpResponse:
    """`told` says what is shown; it stands above the heading."""
    # Few requests ever write one, and importing it takes its time.
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    for line in ([told], [], heading(), *lines):
        sheet.append([as_text(cell) if isinstance(cell, str) else cell for cell in line])
    for cell in sheet[3]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B4"
    for column in "ABPQ":
        sheet.column_dimensions[column].width = 45
    file = io.BytesIO()
    book.save(file)
    return HttpResponse(file.getvalue(), content_type=XLSX, headers=_file(f"{name}.xlsx"))


def _file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
