"""Whether a figure is on course: beside an even way from its baseline to the least that is expected on its due day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from desk.reports.figures import Figure


class Course(StrEnum):
    NO_DATA = "no_data"
    BEHIND = "behind"
    ON_COURSE = "on_course"
    REACHED = "reached"
    MISSED = "missed"

    @property
    def label(self) -> _StrPromise:
        return LABELS[self]


LABELS: dict[Course, _StrPromise] = {
    Course.NO_DATA: _("No data"),
    Course.BEHIND: _("Behind"),
    Course.ON_COURSE: _("On course"),
    Course.REACHED: _("Reached"),
    Course.MISSED: _("Not reached in time"),
}


def course_of(figure: Figure) -> Course:
    """As on the last day of the report's period, or on the day it was made."""
    actual: int | None = figure["total"]
    if actual is None:
        return Course.NO_DATA
    if actual >= figure["target"]:
        return Course.REACHED
    day, begins, due = (date.fromisoformat(figure[name]) for name in ("ends", "begins", "due"))
    if day >= due:
        return Course.REACHED if actual >= figure["low"] else Course.MISSED
    share = max((day - begins).days, 0) / max((due - begins).days, 1)
    return Course.ON_COURSE if actual >= figure["baseline"] + share * (figure["low"] - figure["baseline"]) else Course.BEHIND
