"""A goal's result as a goal bar: what `base/goal_bar.html` draws, and the sentence that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from themes.measures import Share

if TYPE_CHECKING:
    from desk.forecast import Forecast
    from desk.progress import GoalResult


@dataclass(frozen=True)
class Bar:
    """Numbers, and their places in 0..100. `actual_x` is None where there is no data."""

    actual: int | None
    expected: int
    low: int
    high: int
    unit: str
    sentence: str
    actual_x: float | None
    expected_x: float
    low_x: float
    high_x: float
    forecast_x: float | None = None
    forecast_low_x: float | None = None
    forecast_high_x: float | None = None


def bar(result: GoalResult, told: Forecast | None = None) -> Bar:
    """The scale ends at the larger of the actual and the highest expected value, with a little room after it. A forecast beyond it ends there."""
    row, actual = result.expected, result.actual
    end = max(row.high, actual or 0, told.middle if told else 0, 1) * 1.05

    def x(value: float) -> float:
        return round(min(100.0, 100 * value / end), 2)

    return Bar(
        actual,
        row.target,
        row.low,
        row.high,
        _unit(result),
        " ".join(filter(None, (sentence(result), foretold(result, told)))),
        None if actual is None else x(actual),
        x(row.target),
        x(row.low),
        x(row.high),
        *((x(told.middle), x(told.low), x(told.high)) if told else ()),
    )


def foretold(result: GoalResult, told: Forecast | None) -> str:
    """What is to be expected when it is due; of a share, where it lies. "" where nothing is foretold."""
    if isinstance(result.actual, Share):
        low, high = (number_format(value, 1) for value in result.actual.interval)
        words = {"of": number_format(result.actual.of, force_grouping=True), "low": low, "high": high}
        return _("Asked of %(of)s: of all, %(low)s–%(high)s %% in 19 samples of 20.") % words
    if told is None:
        return ""
    low, high = (number_format(round(value), force_grouping=True) for value in (told.low, told.high))
    return _("At the pace of the last 13 weeks %(low)s–%(high)s %(unit)s when it is due, 4 times of 5.") % {
        "low": low,
        "high": high,
        "unit": _unit(result),
    }


def sentence(result: GoalResult) -> str:
    """What the bar shows, in words: measure, actual, expected, due day and how the two compare."""
    row = result.expected
    words = {
        "measure": capfirst(str(result.measure.label)) if result.measure else row.measure,
        "actual": number_format(result.actual, force_grouping=True) if result.actual is not None else "",
        "target": number_format(row.target, force_grouping=True),
        "unit": _unit(result),
        "due": date_format(row.due, "SHORT_DATE_FORMAT"),
    }
    if result.actual is None:
        return _("%(measure)s: no data yet. Expected %(target)s %(unit)s by %(due)s.") % words
    compared = _("%(measure)s: %(actual)s %(unit)s of %(target)s expected by %(due)s.") % words
    return f"{compared} {standing(result)}"


def standing(result: GoalResult) -> str:
    """Where the actual stands in the expected range."""
    row, actual = result.expected, result.actual
    if actual is None:
        return _("No data yet.")
    if actual < row.low:
        return _("Below the expected range.")
    return _("Above the expected range.") if actual > row.high else _("Within the expected range.")


def _unit(result: GoalResult) -> str:
    return str(result.measure.unit) if result.measure else ""
