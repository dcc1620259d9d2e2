"""The demo's pictures, drawn here: what a story is about, in the site's own shapes and colours. No photograph, and nobody in it."""

from __future__ import annotations

import csv
import math
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

import themes

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (1200, 800)
# Drawn so many times larger, and made smaller: edges come out smooth.
FINE = 2
# Of the file: as wide as the widest place on a page. The files for browsers are most of what the demo takes its time for.
STORED = (960, 640)
PAPER, PANEL, INK, MUTED, LINE = "#fbfaf7", "#f3ece1", "#14242b", "#46555c", "#d6d4cd"
ACCENT, DEEP, WATER, MIST = "#be711d", "#00566b", "#7fb4c0", "#dcebee"


class Canvas:
    """Places and lengths are within SIZE."""

    def __init__(self, ground: str = PANEL) -> None:
        self.image = Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), ground)
        self.pen = ImageDraw.Draw(self.image)

    def disc(self, x: float, y: float, radius: float, fill: str | None, outline: str | None = None, width: float = 0) -> None:
        box = [(x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE]
        self.pen.ellipse(box, fill, outline, round(width * FINE))

    def wedge(self, x: float, y: float, radius: float, start: float, end: float, fill: str) -> None:
        self.pen.pieslice([(x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE], start, end, fill)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, fill: str, width: float) -> None:
        self.pen.arc([(x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE], start, end, fill, round(width * FINE))

    def box(self, x: float, y: float, width: float, height: float, fill: str | None, outline: str | None = None, line: float = 0) -> None:
        self.pen.rounded_rectangle(
            [x * FINE, y * FINE, (x + width) * FINE, (y + height) * FINE], 10 * FINE, fill, outline, max(round(line * FINE), 1) if outline else 0
        )

    def line(self, points: list[tuple[float, float]], fill: str, width: float) -> None:
        self.pen.line([(x * FINE, y * FINE) for x, y in points], fill, round(width * FINE), "curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def range_from(self, x: float, y: float, color: str, *, step: float = 60, number: int = 5, width: float = 9) -> None:
        """The mark's motif: a point, and how far it reaches."""
        self.disc(x, y, step * 0.35, color)
        for count in range(1, number + 1):
            self.arc(x, y, step * (count + 0.3), -70, 70, color, width)

    def png(self) -> bytes:
        made = BytesIO()
        self.image.resize(STORED, Image.Resampling.LANCZOS).save(made, "PNG", optimize=True)
        return made.getvalue()


def quarter() -> Canvas:
    """Fifteen minutes, and seven people round the table."""
    canvas = Canvas()
    canvas.disc(600, 400, 250, PAPER, INK, 8)
    canvas.wedge(600, 400, 232, -90, 0, ACCENT)
    for hour in range(12):
        angle = math.radians(hour * 30)
        canvas.line([(600 + 205 * math.sin(angle), 400 - 205 * math.cos(angle)), (600 + 228 * math.sin(angle), 400 - 228 * math.cos(angle))], INK, 8)
    canvas.disc(600, 400, 16, INK)
    for seat in range(7):
        angle = math.radians(seat * 360 / 7 + 26)
        canvas.disc(600 + 345 * math.sin(angle), 400 - 345 * math.cos(angle), 38, DEEP if seat else ACCENT)
    return canvas


def first_hire() -> Canvas:
    """One is there, and one will come; nobody stands behind them."""
    canvas = Canvas(MIST)
    canvas.box(0, 640, 1200, 200, PANEL)
    canvas.disc(430, 380, 70, DEEP)
    canvas.wedge(430, 640, 150, 180, 360, DEEP)
    for count in range(24):
        canvas.arc(770, 380, 70, count * 15, count * 15 + 9, ACCENT, 9)
    for count in range(18):
        canvas.arc(770, 640, 150, 180 + count * 10, 186 + count * 10, ACCENT, 9)
    canvas.line([(520, 250), (680, 250)], INK, 9)
    canvas.line([(650, 225), (682, 250), (650, 275)], INK, 9)
    return canvas


def night_shift() -> Canvas:
    """Three shifts of a week; the learning stands in each, in the night's as well."""
    canvas = Canvas(INK)
    canvas.disc(1010, 150, 75, "#f0dfb8")
    canvas.disc(1045, 128, 66, INK)
    for row, color in enumerate((WATER, DEEP, "#2b4652")):
        for day in range(7):
            canvas.box(110 + day * 142, 270 + row * 160, 126, 140, ACCENT if (row, day) in {(0, 1), (1, 3), (2, 4)} else color)
    return canvas


def two_regions() -> Canvas:
    return _regions({"19", "17"})


def turn() -> Canvas:
    """Orders fall and come back; what was told each day stays level."""
    canvas = Canvas(PAPER)
    for step in range(5):
        canvas.line([(110, 170 + step * 120), (1090, 170 + step * 120)], LINE, 3)
    fall = [(110 + x * 9.8, 400 - 190 * math.cos(x / 100 * 2 * math.pi) * (1 - x / 320)) for x in range(101)]
    canvas.line(fall, ACCENT, 14)
    canvas.line([(110, 470), (1090, 450)], DEEP, 14)
    for point in (0, 25, 50, 75, 100):
        canvas.disc(*fall[point], 18, PAPER, ACCENT, 9)
    return canvas


def fourteen_of_twenty_four() -> Canvas:
    """A tile for each workplace; filled where both figures rose."""
    canvas = Canvas(PAPER)
    for number in range(24):
        x, y = 135 + number % 6 * 160, 130 + number // 6 * 140
        canvas.box(x, y, 130, 112, DEEP if number < 14 else None, DEEP, 6)
        if number < 14:
            canvas.line([(x + 38, y + 58), (x + 58, y + 78), (x + 94, y + 36)], PAPER, 11)
    return canvas


def pair() -> Canvas:
    """Two who teach each other: what both know grows where they meet."""
    canvas = Canvas()
    canvas.disc(470, 400, 235, WATER)
    canvas.disc(730, 400, 235, "#e0ad72")
    both = Image.new("L", canvas.image.size, 0)
    other = Image.new("L", canvas.image.size, 0)
    for mask, x in ((both, 470), (other, 730)):
        ImageDraw.Draw(mask).ellipse([(x - 235) * FINE, 165 * FINE, (x + 235) * FINE, 635 * FINE], 255)
    canvas.image.paste(DEEP, (0, 0), Image.composite(both, Image.new("L", both.size, 0), other))
    canvas.range_from(590, 400, PAPER, step=26, number=3, width=7)
    return canvas


def _regions(chosen: set[str]) -> Canvas:
    """Finland's regions as tiles."""
    canvas = Canvas(MIST)
    for row in _rows():
        x, y = 290 + int(row["tile_column"]) * 104, 82 + int(row["tile_row"]) * 108
        canvas.box(x, y, 94, 98, ACCENT if row["code"] in chosen else PAPER)
        if row["code"] in chosen:
            canvas.disc(x + 47, y + 49, 12, PAPER)
    return canvas


@cache
def _rows() -> list[dict[str, str]]:
    with (Path(themes.__file__).parent / "data" / "regions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DRAWINGS: dict[str, Callable[[], Canvas]] = {
    drawing.__name__: drawing for drawing in (quarter, first_hire, night_shift, two_regions, turn, fourteen_of_twenty_four, pair)
}
