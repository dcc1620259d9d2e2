"""The picture that stands beside a shared link: drawn of the page's title in the look of its theme, with the emblem of the European Union.

What it shows is in its address, so that a card is kept for a year and a page that changed has another one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont, ImageOps

from base.emblem import STATEMENTS, draw_emblem
from themes import colours
from themes.look import Face

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.models import SiteImage

# As the networks show it: 1.91 to 1.
SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN, PICTURE = 72, 440
# Another drawing of the same words is another card.
DRAWING = 1
LARGEST, SMALLEST, STEP = 84, 44, 4
# Where the title begins, and how high it may be above the emblem.
TOP, BODY = 128, 316
LEADING = 1.16
# The accent of `tokens.css`.
HOUSE = colours.to_hex((0.62, 0.13225, 62))
TITLES = {Face.NEWSREADER: "display", Face.LITERATA: "display-2", Face.SANS: "text"}
# What the first file of a family has not: see `frontend/fonts.mjs`.
LATIN_END, EXTENDED_END = 0xFF, 0x24F
ELLIPSIS = "…"


@dataclass(frozen=True)
class Card:
    """All that is drawn. `picture` is the key of an image of the library, 0 for none; `file` changes with its file and its focal point."""

    title: str
    name: str
    language: str
    accent: str
    face: str
    picture: int = 0
    file: str = ""

    @property
    def digest(self) -> str:
        return hashlib.blake2b(json.dumps([DRAWING, asdict(self)]).encode(), digest_size=10).hexdigest()


def card_of(page: Any) -> Card:
    """No query where the page came with its theme and its picture."""
    theme, image = page.theme, getattr(page, "picture", None)
    focus = (image.file_hash or image.file.name, str(image.get_focal_point() or "")) if image else ()
    return Card(
        page.seo_title or page.title,
        theme.name,
        page.locale.language_code,
        theme.accent,
        theme.face,
        image.pk if image else 0,
        "|".join(focus),
    )


def address(page: Any) -> str:
    # A preview of what nobody has saved has no number yet.
    return reverse("themes:card", args=[page.pk or 0, card_of(page).digest])


def draw(card: Card, image: SiteImage | None) -> bytes:
    """A JPEG."""
    tones = colours.tones(card.accent or HOUSE)["light"]
    paper, ink = colours.to_hex(colours.PAPERS["light"][0]), colours.to_hex(colours.INK["light"])
    canvas = Image.new("RGB", SIZE, paper)
    pen = ImageDraw.Draw(canvas)
    right = WIDTH - MARGIN
    photograph = _photograph(image) if image else None
    if photograph:
        canvas.paste(photograph, (WIDTH - PICTURE, 0))
        right = WIDTH - PICTURE - MARGIN
    else:
        _arcs(canvas, tones.wash)
    pen.rectangle((0, 0, WIDTH if not photograph else WIDTH - PICTURE, 11), fill=tones.accent)
    width = right - MARGIN
    _write(pen, (MARGIN, 64), _shortened(card.name, "text", 30, width), "text", 30, tones.text)
    size, lines = _fitted(card.title, TITLES[Face(card.face)], width)
    for number, line in enumerate(lines):
        _write(pen, (MARGIN, TOP + number * size * LEADING), line, TITLES[Face(card.face)], size, ink)
    draw_emblem(pen, MARGIN, HEIGHT - MARGIN - 84, 84)
    pen.text((MARGIN + 126 + 22, HEIGHT - MARGIN - 42), STATEMENTS[card.language], font=_font("emblem", 25), fill=ink, anchor="lm")
    made = BytesIO()
    # All of its colour: letters would have a rim.
    canvas.save(made, "JPEG", quality=88, subsampling=0, optimize=True)
    return made.getvalue()


# ---- words
def _fitted(title: str, family: str, width: int) -> tuple[int, list[str]]:
    """As large as there is room for; what is too long even small ends in an ellipsis."""
    for size in range(LARGEST, SMALLEST - 1, -STEP):
        lines = list(_lines(title, family, size, width))
        if len(lines) * size * LEADING <= BODY and all(_length(line, family, size) <= width for line in lines):
            return size, lines
    most = int(BODY / (SMALLEST * LEADING))
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] += ELLIPSIS
    return SMALLEST, [_shortened(line, family, SMALLEST, width) for line in kept]


def _lines(text: str, family: str, size: int, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _length(longer, family, size) > width:
            yield line
            line = word
        else:
            line = longer
    yield line


def _shortened(line: str, family: str, size: int, width: int) -> str:
    if _length(line, family, size) <= width:
        return line
    while line and _length(line.rstrip(f" {ELLIPSIS}") + ELLIPSIS, family, size) > width:
        line = line[:-1]
    return line.rstrip(f" {ELLIPSIS}") + ELLIPSIS


def _length(text: str, family: str, size: int) -> float:
    return sum(_font(file, size).getlength(run) for file, run in _runs(text, family))


def _write(pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, family: str, size: int, fill: str) -> None:
    left, top = place
    for file, run in _runs(text, family):
        # By the base line: the two files of a family need not be equally high.
        pen.text((left, top + size), run, font=_font(file, size), fill=fill, anchor="ls")
        left += _font(file, size).getlength(run)


def _runs(text: str, family: str) -> Iterator[tuple[str, str]]:
    """(file of the font, the letters that it has) in order."""
    run, of = "", ""
    for letter in text.replace("\u00ad", ""):
        file = f"{family}-latin-ext" if LATIN_END < ord(letter) <= EXTENDED_END else f"{family}-latin"
        if file != of and run:
            yield of, run
            run = ""
        run, of = run + letter, file
    if run:
        yield of, run


@lru_cache(maxsize=128)
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(finders.find(f"kantama/fonts/{file}.woff2")), size)


# ---- shapes


def _arcs(canvas: Image.Image, colour: str) -> None:
    """The arcs of the house, from beyond the right edge. Drawn large and made smaller, as Pillow's own arcs have steps."""
    scale = 2
    layer = Image.new("L", (WIDTH * scale, HEIGHT * scale))
    pen = ImageDraw.Draw(layer)
    centre = (WIDTH + 40) * scale, HEIGHT * scale // 2
    for number in range(3, 11):
        radius = number * 58 * scale
        pen.ellipse((centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius), outline=255, width=5 * scale)
    canvas.paste(Image.new("RGB", SIZE, colour), mask=layer.resize(SIZE, Image.Resampling.LANCZOS))


def _photograph(image: SiteImage) -> Image.Image | None:
    """Around the focal point. None where its file is gone or broken: the card is drawn without."""
    try:
        with image.file.open() as stored, Image.open(stored) as opened:
            opened.draft("RGB", (PICTURE * 2, HEIGHT * 2))
            scale = opened.width / image.width
            whole = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    focus = image.get_focal_point()
    middle = (0.5, 0.4)
    if focus:
        centre = focus.centroid
        middle = (centre.x * scale / whole.width, centre.y * scale / whole.height)
    return ImageOps.fit(whole, (PICTURE, HEIGHT), Image.Resampling.LANCZOS, centering=middle)
