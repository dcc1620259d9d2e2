"""The emblem's geometry, by Annex IX of Regulation (EU) 2021/1060: 3:2, and twelve upright stars of five points at the hours of a clock."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from base.css.values import Color
from base.gate.sight import proportions

if TYPE_CHECKING:
    from bs4 import Tag

    from base.css import View

BLUE, YELLOW = Color(0, 0.2, 0.6), Color(1, 0.8, 0)
# Hundredths of the emblem's height.
SLACK = 0.4
NUMBER = re.compile(r"-?(?:\d+\.\d+|\.\d+|\d+)")


def is_emblem(view: View, svg: Tag) -> bool:
    """Whether the drawing is the emblem with nothing added, left out or coloured otherwise."""
    if svg.name != "svg" or abs((proportions(svg) or 0) - 1.5) > 0.01:
        return False
    drawn = [part for part in svg.find_all(True) if part.name not in {"title", "desc"}]
    if [part.name for part in drawn] != ["path", "path"]:
        return False
    field, stars = drawn
    return (
        all(_is_plain(view, part) for part in drawn)
        and _is_drawn(str(svg.get("viewbox") or svg.get("viewBox") or ""), str(field.get("d") or ""), str(stars.get("d") or ""))
        and _has_fill(view, field, BLUE)
        and _has_fill(view, stars, YELLOW)
    )


@lru_cache(maxsize=64)
def _is_drawn(frame: str, field: str, stars: str) -> bool:
    box = [float(number) for number in NUMBER.findall(frame)]
    return len(box) == 4 and _is_rectangle(field, box) and _are_stars(stars, box)


def _is_plain(view: View, part: Tag) -> bool:
    style = view.style(part)
    return (
        style["stroke"] in {"", "none"}
        and style["display"] != "none"
        and style["visibility"] == "visible"
        and style.number("opacity", 1.0) == 1
        and all(style[name] in {"", "none"} for name in ("filter", "transform", "mask", "clip-path", "rotate", "scale", "translate"))
    )


def _has_fill(view: View, part: Tag, wanted: Color) -> bool:
    color = view.style(part).color("fill")
    return color is not None and color.alpha == 1 and color.is_near(wanted)


def _is_rectangle(path: str, box: list[float]) -> bool:
    """The whole of the box, as `M0 0h810v540H0z`."""
    numbers = [float(number) for number in NUMBER.findall(path)]
    return re.sub(r"[^A-Za-z]", "", path) == "MhvHz" and numbers == [box[0], box[1], box[2], box[3], box[0]]


def _are_stars(path: str, box: list[float]) -> bool:
    figures = [_points(figure) for figure in re.split(r"[Zz]", path) if figure.strip()]
    if len(figures) != 12 or any(len(figure) != 10 for figure in figures):
        return False
    width, height = box[2], box[3]
    radius, slack = height / 18, height * SLACK / 100
    middle = box[0] + width / 2, box[1] + height / 2
    wanted = [_clock(middle, height / 3, hour * 30) for hour in range(12)]
    for figure in figures:
        center = _center(figure)
        hour = next((place for place in wanted if math.dist(place, center) < slack), None)
        if hour is None or not _is_upright_star(figure, center, radius, slack):
            return False
        wanted.remove(hour)
    return True


def _points(figure: str) -> list[tuple[float, float]]:
    if not re.fullmatch(r"[ML\d\s.,-]*", figure.strip()):
        return []
    numbers = [float(number) for number in NUMBER.findall(figure)]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def _center(figure: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(x for x, _y in figure) / len(figure), sum(y for _x, y in figure) / len(figure)


def _is_upright_star(figure: list[tuple[float, float]], center: tuple[float, float], radius: float, slack: float) -> bool:
    tips = [_clock(center, radius, turn * 72) for turn in range(5)]
    # Where the lines from tip to tip cross.
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    notches = [_clock(center, inner, 36 + turn * 72) for turn in range(5)]
    return all(min(math.dist(point, other) for other in figure) < slack for point in (*tips, *notches))


def _clock(middle: tuple[float, float], radius: float, degrees: float) -> tuple[float, float]:
    turn = math.radians(degrees)
    return middle[0] + radius * math.sin(turn), middle[1] - radius * math.cos(turn)
