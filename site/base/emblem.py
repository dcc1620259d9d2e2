"""The emblem of the European Union as we draw it, and the statement beside it: Annex IX of Regulation (EU) 2021/1060."""

from __future__ import annotations

import math
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image
from PIL import ImageDraw as Drawing

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

BLUE, YELLOW = "#003399", "#FFCC00"
# Drawn so many times larger, and scaled down.
OVERSAMPLING = 8
INNER = math.cos(math.radians(72)) / math.cos(math.radians(36))
# A legal text in each language, so not a msgid.
STATEMENTS = {
    "fi": "Euroopan unionin osarahoittama",
    "sv": "Medfinansieras av Europeiska unionen",
    "en": "Co-funded by the European Union",
}


def draw_emblem(pen: ImageDraw, left: float, top: float, height: float) -> None:
    """Half as wide again as high. Never traced, never restyled."""
    pen.rectangle((left, top, left + height * 3 / 2, top + height), fill=BLUE)
    for hour in range(12):
        angle = math.radians(30 * hour)
        x, y = left + height * 3 / 4 + height / 3 * math.sin(angle), top + height / 2 - height / 3 * math.cos(angle)
        pen.polygon(_star(x, y, height / 18), fill=YELLOW)


@cache
def emblem_png(height: int) -> bytes:
    """So many pixels high."""
    large = height * OVERSAMPLING
    image = Image.new("RGB", (large * 3 // 2, large))
    draw_emblem(Drawing.Draw(image), 0, 0, large)
    small = image.resize((height * 3 // 2, height), Image.Resampling.LANCZOS).quantize(32)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """Ten points, the first straight up: every star stands upright."""
    reach = [(radius if point % 2 == 0 else radius * INNER, math.radians(36 * point)) for point in range(10)]
    return [(x + r * math.sin(angle), y - r * math.cos(angle)) for r, angle in reach]
