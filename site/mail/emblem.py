"""The EU emblem as a small PNG, for mails: clients block SVG, and a picture inside the mail asks no server.

Drawn from the geometry of Annex IX, Regulation (EU) 2021/1060; never traced, never restyled.
"""

from __future__ import annotations

import math
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

CONTENT_ID = "eu-emblem"
URL = f"cid:{CONTENT_ID}"
BLUE, YELLOW = "#003399", "#FFCC00"
# Shown at 84 x 56; twice as many pixels for sharp screens, drawn eight times larger than that and scaled down.
HEIGHT = 112
OVERSAMPLING = 8
INNER = math.cos(math.radians(72)) / math.cos(math.radians(36))


@cache
def emblem_png() -> bytes:
    height = HEIGHT * OVERSAMPLING
    image = Image.new("RGB", (height * 3 // 2, height), BLUE)
    draw = ImageDraw.Draw(image)
    for hour in range(12):
        angle = math.radians(30 * hour)
        draw.polygon(_star(height * 3 / 4 + height / 3 * math.sin(angle), height / 2 - height / 3 * math.cos(angle), height / 18), fill=YELLOW)
    small = image.resize((HEIGHT * 3 // 2, HEIGHT), Image.Resampling.LANCZOS).quantize(32)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """Ten points, the first straight up: every star stands upright."""
    reach = [(radius if point % 2 == 0 else radius * INNER, math.radians(36 * point)) for point in range(10)]
    return [(x + r * math.sin(angle), y - r * math.cos(angle)) for r, angle in reach]
