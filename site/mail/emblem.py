"""The EU emblem as a small PNG, for mails: clients block SVG, and a picture inside the mail asks no server."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from base.emblem import draw_emblem

CONTENT_ID = "eu-emblem"
URL = f"cid:{CONTENT_ID}"
# Shown at 84 x 56; twice as many pixels for sharp screens, drawn eight times larger than that and scaled down.
HEIGHT = 112
OVERSAMPLING = 8


@cache
def emblem_png() -> bytes:
    height = HEIGHT * OVERSAMPLING
    image = Image.new("RGB", (height * 3 // 2, height))
    draw_emblem(ImageDraw.Draw(image), 0, 0, height)
    small = image.resize((HEIGHT * 3 // 2, HEIGHT), Image.Resampling.LANCZOS).quantize(32)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()
