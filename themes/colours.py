"""The tones of one colour: made in OKLCH for light and dark together, each with the contrast that the design promises.

Björn Ottosson's OKLab (2020); contrast is WCAG 2.2's. What stands beside `PAPERS` in `frontend/src/tokens.css` is held equal by a test.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

Lch = tuple[float, float, float]

HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)
# What text stands on, by scheme: paper and paper-2 of tokens.css.
PAPERS: dict[str, tuple[Lch, Lch]] = {
    "light": ((0.985, 0.004, 80), (0.957, 0.007, 80)),
    "dark": ((0.205, 0.016, 225), (0.245, 0.018, 225)),
}
INK: dict[str, Lch] = {"light": (0.25, 0.025, 225), "dark": (0.935, 0.008, 95)}
# WCAG asks 3 of graphics and controls, and 4.5 of text; the design asks more of text.
GRAPHIC, TEXT, ON_WASH = 3.0, 5.5, 7.0
STEP = 0.005


@dataclass(frozen=True)
class Tones:
    """In hexadecimal: for marks and lines, for text, and for what lies under text."""

    accent: str
    text: str
    wash: str


def is_colour(value: str) -> bool:
    return bool(HEX.fullmatch(value))


def contrast(one: Lch, other: Lch) -> float:
    """Of the colours as a screen shows them."""
    return contrast_of(to_hex(one), to_hex(other))


def contrast_of(one: str, other: str) -> float:
    """Of two colours in hexadecimal: 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def on_paper(colour: str) -> float:
    """The least contrast of the colour on light paper."""
    return min(contrast_of(colour, to_hex(paper)) for paper in PAPERS["light"])


def nearest(colour: str) -> str:
    """The same hue, as little darker as makes it stand out from light paper."""
    lightness, chroma, hue = from_hex(colour)
    while on_paper(found := to_hex((lightness, chroma, hue))) < GRAPHIC:
        lightness -= STEP
    return found


@lru_cache(maxsize=256)
def tones(colour: str) -> dict[str, Tones]:
    """By scheme. The colour itself is the accent on light paper; it must pass `on_paper`."""
    lightness, chroma, hue = from_hex(colour)
    light, dark = PAPERS["light"], PAPERS["dark"]
    return {
        "light": Tones(
            accent=colour,
            text=_until((min(lightness, 0.46), chroma * 0.85, hue), light, TEXT, -STEP),
            wash=to_hex((0.945, min(chroma, 0.15) * 0.17, hue)),
        ),
        "dark": Tones(
            accent=_until((max(lightness, 0.74), chroma, hue), dark, GRAPHIC, STEP),
            text=_until((max(lightness, 0.82), chroma * 0.75, hue), dark, TEXT, STEP),
            wash=to_hex((0.285, min(chroma, 0.15) * 0.28, hue)),
        ),
    }


def _until(lch: Lch, papers: tuple[Lch, ...], least: float, step: float) -> str:
    """Lighter or darker in steps until it has the contrast on each paper: white and black have it."""
    lightness, chroma, hue = lch
    grounds = [to_hex(paper) for paper in papers]
    while min(contrast_of(found := to_hex((lightness, chroma, hue)), ground) for ground in grounds) < least:
        lightness += step
    return found


def to_hex(lch: Lch) -> str:
    """A colour beyond what a screen shows keeps its lightness and hue, and loses chroma."""
    lightness, chroma, hue = max(0.0, min(1.0, lch[0])), lch[1], lch[2]
    linear = _linear((lightness, chroma, hue))
    while chroma > 0 and not all(-0.0005 <= part <= 1.0005 for part in linear):
        chroma = max(0.0, chroma - 0.002)
        linear = _linear((lightness, chroma, hue))
    return "#" + "".join(f"{round(255 * _encoded(part)):02x}" for part in linear)


def from_hex(colour: str) -> Lch:
    red, green, blue = _parts(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _linear(lch: Lch) -> tuple[float, float, float]:
    lightness, chroma, hue = lch
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _parts(colour: str) -> tuple[float, float, float]:
    """Red, green and blue, linear, 0 to 1."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    part = max(0.0, min(1.0, part))
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = _parts(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
