"""A figure's way through the period as SVG with a size of its own, for paper: what was reached, as a line, beside what is expected, as a band."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.translation import gettext as _

from base.charts import scale
from themes.plans.reading import day, number, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk.reports.figures import Figure

WIDTH, HEIGHT = 640, 210
LEFT, RIGHT, TOP, FOOT = 56, 12, 14, 30
INK, QUIET, HAIR, BAND, LINE, TARGET = "#1a1a1a", "#4a4a4a", "#d0d0d0", "#dcebe4", "#14506b", "#8a4b00"
# Names of steps that fit side by side.
MOST_NAMES = 6


def chart(figure: Figure) -> str:
    """Its words are said by `in_words` and the table beside it. Raises ValueError for a figure without data."""
    totals = [total for _starts, _ends, _came, total in figure["steps"]]
    known = [total for total in totals if total is not None]
    if not known:
        raise ValueError("a figure without data has no chart")
    ticks = scale(Decimal(value) for value in (*known, figure["high"]))
    parts = "".join([*_frame(figure, ticks), *_way(totals, ticks), *_names(figure)])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Source Sans 3" font-size="13">{parts}</svg>'


def in_words(figure: Figure) -> str:
    known = [total for _starts, _ends, _came, total in figure["steps"] if total is not None]
    words = {
        "measure": said(figure["words"]),
        "first": number(figure["total"] - figure["new"] if figure["new"] is not None else known[0]),
        "last": number(figure["total"]),
        "unit": said(figure["unit"]),
        "starts": day(figure["starts"]),
        "ends": day(figure["ends"]),
        **{name: number(figure[name]) for name in ("low", "high", "target")},
        "due": day(figure["due"]),
    }
    came = _("%(measure)s: from %(first)s to %(last)s %(unit)s between %(starts)s and %(ends)s.") % words
    return " ".join([came, _("Expected %(low)s–%(high)s, and aimed at %(target)s, by %(due)s.") % words])


def _frame(figure: Figure, ticks: list[float]) -> Iterator[str]:
    low, high = _y(figure["low"], ticks), _y(figure["high"], ticks)
    yield f'<rect x="{LEFT}" y="{high:.1f}" width="{WIDTH - LEFT - RIGHT}" height="{low - high:.1f}" fill="{BAND}"/>'
    for tick in ticks:
        y = _y(tick, ticks)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{HAIR}" stroke-width="1"/>'
        # A scale of a few may have halves.
        words = number(int(tick)) if tick == int(tick) else str(tick).replace(".", ",")
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{QUIET}">{words}</text>'
    y = _y(figure["target"], ticks)
    yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{TARGET}" stroke-width="1.5" stroke-dasharray="6 4"/>'


def _way(totals: list[int | None], ticks: list[float]) -> Iterator[str]:
    """What nobody knew yet has no point."""
    points = [(_x(place, len(totals)), _y(total, ticks)) for place, total in enumerate(totals) if total is not None]
    yield f'<polyline fill="none" stroke="{LINE}" stroke-width="2.5" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
    yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{LINE}"/>' for x, y in points)


def _names(figure: Figure) -> Iterator[str]:
    ends = [step[1] for step in figure["steps"]]
    every = -(-len(ends) // MOST_NAMES)
    for place, name in enumerate(ends):
        if (len(ends) - 1 - place) % every == 0:
            anchor = "end" if place == len(ends) - 1 and len(ends) > 1 else "middle"
            yield f'<text x="{_x(place, len(ends)):.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}" fill="{INK}">{escape(day(name))}</text>'


def _x(place: int, number: int) -> float:
    left, right = LEFT + 24, WIDTH - RIGHT - 12
    return left + (right - left) * (place / (number - 1) if number > 1 else 0.5)


def _y(value: float, ticks: list[float]) -> float:
    return TOP + (HEIGHT - TOP - FOOT) * (1 - (value - ticks[0]) / (ticks[-1] - ticks[0]))
