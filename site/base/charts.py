"""Charts as SVG, made on the server of a table of values. Lengths are in per cent without a viewBox, so that text keeps its size on a telephone."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from base.blocks.values import ValueTable, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

BAR, BAR_GAP, ROW_GAP, LABEL = 18, 4, 16, 22
HEIGHT, TOP, FOOT = 240, 24, 26
# What of the width is left for the value at the end of the longest bar, and for the scale's numbers.
FOR_VALUE, FOR_SCALE = 18, 9
# Letters that fit across a telephone.
ROOM = 44


def scale(values: Iterable[Decimal]) -> list[float]:
    """Round numbers from below the least to above the greatest, four to seven; nought is always among them."""
    numbers = [0.0, *(float(value) for value in values)]
    low, high = min(numbers), max(numbers)
    span = (high - low) or 1.0
    rough = span / 4
    power = 10 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    last = max(ceil(high / step), floor(low / step) + 1)
    return [round(number * step, 10) for number in range(floor(low / step), last + 1)]


def bars(table: ValueTable) -> SafeString:
    """Lying bars: the name above, the value at the end."""
    ticks = scale(table.values)
    low, span = ticks[0], ticks[-1] - ticks[0]

    def x(value: float) -> float:
        return (value - low) / span * (100 - FOR_VALUE)

    parts, top = [], 0
    for name, values in table.rows:
        parts.append(format_html('<text class="chart-label" x="0" y="{}">{}</text>', top + 15, name))
        top += LABEL
        for series, value in enumerate(values, 1):
            start, end = sorted((x(0), x(float(value or 0))))
            if value is not None:
                parts.append(_rect(series, start, top, end - start, BAR))
            parts.append(
                format_html('<text class="chart-label" x="{}" dx="6" y="{}">{}</text>', _percent(end if value else x(0)), top + 14, in_words(value))
            )
            top += BAR + BAR_GAP
        top += ROW_GAP
    axis = format_html('<line class="chart-axis" x1="{0}" x2="{0}" y1="0" y2="{1}"/>', _percent(x(0)), top - ROW_GAP)
    return _svg(table, top, [*parts, axis])


def columns(table: ValueTable) -> SafeString:
    """Standing columns, for few and short names: years above all."""
    ticks = scale(table.values)
    parts = _grid(ticks)
    share = (100 - FOR_SCALE) / len(table.rows)
    width = share * 0.72 / len(table.rows[0][1])
    has_room = len(table.rows) * len(table.rows[0][1]) <= 8
    for place, (name, values) in enumerate(table.rows):
        left = FOR_SCALE + place * share + share * 0.14
        for series, value in enumerate(values, 1):
            if value is None:
                continue
            top, foot = sorted((_y(float(value), ticks), _y(0, ticks)))
            at = left + (series - 1) * width
            parts.append(_rect(series, at, top, width * 0.92, foot - top))
            if has_room:
                label = '<text class="chart-label" text-anchor="middle" x="{}" y="{}">{}</text>'
                parts.append(format_html(label, _percent(at + width * 0.46), f"{top - 6:.1f}", in_words(value)))
        parts.append(_name(FOR_SCALE + (place + 0.5) * share, name))
    return _svg(table, HEIGHT + FOOT, parts)


def lines(table: ValueTable) -> SafeString:
    """One line a series, broken where there is no value. Each has its own dashes: colour alone tells nothing."""
    ticks = scale(table.values)
    parts = _grid(ticks)
    number = len(table.rows)
    left, right = FOR_SCALE + 3, 96.0

    def x(place: int) -> float:
        return left + (right - left) * (place / (number - 1) if number > 1 else 0.5)

    for series in range(1, len(table.head)):
        points = [
            None if values[series - 1] is None else (x(place), _y(float(values[series - 1] or 0), ticks))
            for place, (_row, values) in enumerate(table.rows)
        ]
        for one, other in pairwise(points):
            if one and other:
                line = '<line class="chart-line chart-line--{0} data-line-{0}" x1="{1}" y1="{2:.1f}" x2="{3}" y2="{4:.1f}"/>'
                parts.append(mark_safe(line.format(series, _percent(one[0]), one[1], _percent(other[0]), other[1])))
        parts += [mark_safe(f'<circle class="data-{series}" cx="{_percent(point[0])}" cy="{point[1]:.1f}" r="4"/>') for point in points if point]
    longest = max(len(name) for name, _values in table.rows)
    every = max(1, ceil(number * (longest + 2) / ROOM))
    parts += [_name(x(place), name) for place, (name, _values) in enumerate(table.rows) if place % every == 0]
    return _svg(table, HEIGHT + FOOT, parts)


DRAW = {"bar": bars, "column": columns, "line": lines}


def fits(kind: str, table: ValueTable) -> bool:
    """Whether the names fit under columns on a telephone; bars and lines find room for theirs."""
    return kind != "column" or len(table.rows) * (max(len(name) for name, _values in table.rows) + 1) <= ROOM


def _y(value: float, ticks: list[float]) -> float:
    return TOP + (HEIGHT - TOP) * (1 - (value - ticks[0]) / (ticks[-1] - ticks[0]))


def _grid(ticks: list[float]) -> list[SafeString]:
    found = []
    for tick in ticks:
        y = _y(tick, ticks)
        name = "chart-axis" if tick == 0 else "chart-grid"
        found.append(mark_safe(f'<line class="{name}" x1="{FOR_SCALE}%" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'))
        label = '<text class="chart-label chart-label--muted" x="0" y="{}">{}</text>'
        found.append(format_html(label, f"{y + 5:.1f}", in_words(Decimal(str(tick)))))
    return found


def _name(x: float, name: str) -> SafeString:
    return format_html('<text class="chart-label" text-anchor="middle" x="{}" y="{}">{}</text>', _percent(x), HEIGHT + FOOT - 6, name)


def _rect(series: int, x: float, y: float, width: float, height: float) -> SafeString:
    # Numbers of ours alone.
    return mark_safe(f'<rect class="data-{series}" x="{_percent(x)}" y="{y:.1f}" width="{_percent(width)}" height="{height:.1f}"/>')


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _svg(table: ValueTable, height: int, parts: Iterable[SafeString]) -> SafeString:
    """Hidden from who hears the page: the sentence and the table beside it say the same."""
    inside = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<svg class="chart" height="{}" aria-hidden="true" focusable="false">{}</svg>', height, inside)
