"""Whether a visitor sees an element, how large it is, and what it stands on: as far as styles tell without a layout."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from base.css.values import CLEAR, WHITE, Color, Scale, length, parts

if TYPE_CHECKING:
    from bs4 import Tag

    from base.css import Style, View

WIDTHS, SCHEMES = (360, 1280), ("light", "dark")
# An element of unknown size that begins this far outside is wholly outside.
FAR = 300.0
FAINT = 0.1
LEAST = 8.0
KEPT = 8192
CALL = re.compile(r"([\w-]+)\(([^()]*(?:\([^()]*\)[^()]*)*)\)")


def is_seen(view: View, element: Tag) -> bool:
    return _shows(view.style(element)) and not any(part.get("aria-hidden") == "true" for part in element.parents)


# Another page of the same theme has the same styles: what they come to is worked out once.
@lru_cache(maxsize=KEPT)
def _shows(style: Style) -> bool:
    return style["visibility"] == "visible" and _opacity(style) > FAINT and style.length("width") != 0 and style.length("height") != 0


@lru_cache(maxsize=KEPT)
def _opacity(style: Style) -> float:
    """With all that it stands in; 0 where something of it hides it."""
    if style.above is None:
        return 1.0
    around = _opacity(style.above)
    return 0.0 if not around or _hides(style) else around * style.number("opacity", 1.0)


def _hides(style: Style) -> bool:
    if style["display"] == "none" or style["content-visibility"] == "hidden":
        return True
    return _is_outside(style) or _is_squeezed(style) or _is_cut(style) or _is_shrunk(style)


def _is_outside(style: Style) -> bool:
    window = style.scale.width
    width, height = style.length("width", window) or FAR, style.length("height") or FAR
    if style["position"] in {"absolute", "fixed", "relative", "sticky"}:
        for near, span, room in (("left", width, window), ("right", width, window), ("top", height, None), ("bottom", height, None)):
            place = style.length(near, window)
            if place is not None and (place <= -span or (room is not None and place >= room)):
                return True
    return any((style.length(f"margin-{side}", window) or 0) <= -window for side in ("left", "top"))


def _is_squeezed(style: Style) -> bool:
    """What it holds is cut off at a size in which nothing can be seen."""
    for name, axis in (("height", "y"), ("width", "x")):
        if style[f"overflow-{axis}"] in {"hidden", "clip", "scroll", "auto"}:
            sizes = (style.length(name), style.length(f"max-{name}"))
            if any(size is not None and size < LEAST for size in sizes):
                return True
    return False


def _is_cut(style: Style) -> bool:
    if style["position"] in {"absolute", "fixed"} and re.match(r"rect\(\s*(?:0|1px)", style["clip"]):
        return True
    for name, inner in CALL.findall(style["clip-path"]):
        first = parts(inner)[:1]
        if name == "inset" and first and (length(first[0], Scale(whole=100)) or 0) >= 50:
            return True
        if name in {"circle", "ellipse"} and first and length(first[0], Scale(whole=100)) == 0:
            return True
    return False


def _is_shrunk(style: Style) -> bool:
    if any(length(part, style.scale) == 0 for part in parts(style["scale"])):
        return True
    for name, inner in CALL.findall(style["transform"]):
        values = [length(part.strip(","), Scale(width=style.scale.width, whole=FAR)) for part in parts(inner)]
        numbers = [value for value in values if value is not None]
        if name.startswith("scale") and any(abs(value) < 0.05 for value in numbers):
            return True
        if name.startswith("translate") and any(value <= -FAR or value >= style.scale.width for value in numbers):
            return True
    return any("opacity(0" in style[name] for name in ("filter",))


def size(view: View, element: Tag) -> tuple[float | None, float | None]:
    """(width, height) of a picture in px; one that is `auto` follows the other by the picture's own proportions."""
    style = view.style(element)
    width, height = style.length("width", view.width), style.length("height")
    most = style.length("max-width", view.width)
    width = min(width, most) if width is not None and most is not None else width
    ratio = proportions(element)
    if width is None and height is None:
        width, height = _attribute(element, "width"), None if ratio else _attribute(element, "height")
    if ratio and width is not None and height is None:
        height = width / ratio
    elif ratio and height is not None and width is None:
        width = height * ratio
    return width, height


def proportions(element: Tag) -> float | None:
    box = [float(part) for part in re.findall(r"-?[\d.]+", str(element.get("viewbox") or element.get("viewBox") or ""))]
    if len(box) == 4 and box[3]:
        return box[2] / box[3]
    width, height = _attribute(element, "width"), _attribute(element, "height")
    return width / height if width and height else None


def _attribute(element: Tag, name: str) -> float | None:
    text = str(element.get(name) or "")
    return float(text) if re.fullmatch(r"[\d.]+", text) else None


@lru_cache(maxsize=KEPT)
def ground(style: Style) -> Color | None:
    """The colour that what looks so stands on; None where that is a picture, or a colour that is not read."""
    over, part = CLEAR, style
    for part in style.lineage:
        if part["background-image"] != "none":
            return None
        color = part.color("background-color")
        if color is None:
            return None
        if color.alpha:
            over = color if not over.alpha else _stacked(over, color)
        if over.alpha >= 1:
            return over
    # The browser's own page.
    base = WHITE if style.scheme == "light" or "dark" not in part["color-scheme"] else Color(0.07, 0.07, 0.07)
    return over.over(base) if over.alpha else base


def _stacked(over: Color, under: Color) -> Color:
    mixed = over.over(under)
    alpha = over.alpha + under.alpha * (1 - over.alpha)
    return Color(mixed.red, mixed.green, mixed.blue, alpha)


def places(views: list[View]) -> str:
    """Which of the views: "" where all."""
    if len(views) == len(WIDTHS) * len(SCHEMES):
        return ""
    widths, schemes = sorted({view.width for view in views}), sorted({view.scheme for view in views})
    words = [] if len(widths) == len(WIDTHS) else [f"{width} px" for width in widths]
    return ", ".join([*words, *([] if len(schemes) == len(SCHEMES) else schemes)])
