"""Whether a visitor sees an element, how large it is, and what it stands on: as far as styles tell without a layout."""

from __future__ import annotations

import re
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
CALL = re.compile(r"([\w-]+)\(([^()]*(?:\([^()]*\)[^()]*)*)\)")


def is_seen(view: View, element: Tag) -> bool:
    opacity = 1.0
    for part in view.lineage(element):
        style = view.style(part)
        opacity *= style.number("opacity", 1.0)
        if style["display"] == "none" or style["content-visibility"] == "hidden" or (part.get("aria-hidden") == "true" and part is not element):
            return False
        if _is_outside(style, view) or _is_squeezed(style) or _is_cut(style) or _is_shrunk(style, view):
            return False
    own = view.style(element)
    return own["visibility"] == "visible" and opacity > FAINT and own.length("width") != 0 and own.length("height") != 0


def _is_outside(style: Style, view: View) -> bool:
    width, height = style.length("width", view.width) or FAR, style.length("height") or FAR
    if style["position"] in {"absolute", "fixed", "relative", "sticky"}:
        for near, span, room in (("left", width, view.width), ("right", width, view.width), ("top", height, None), ("bottom", height, None)):
            place = style.length(near, view.width)
            if place is not None and (place <= -span or (room is not None and place >= room)):
                return True
    return any((style.length(f"margin-{side}", view.width) or 0) <= -view.width for side in ("left", "top"))


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


def _is_shrunk(style: Style, view: View) -> bool:
    if any(length(part, style.scale) == 0 for part in parts(style["scale"])):
        return True
    for name, inner in CALL.findall(style["transform"]):
        values = [length(part.strip(","), Scale(width=view.width, whole=FAR)) for part in parts(inner)]
        numbers = [value for value in values if value is not None]
        if name.startswith("scale") and any(abs(value) < 0.05 for value in numbers):
            return True
        if name.startswith("translate") and any(value <= -FAR or value >= view.width for value in numbers):
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


def ground(view: View, element: Tag) -> Color | None:
    """The colour that the element stands on; None where that is a picture, or a colour that is not read."""
    over = CLEAR
    for part in view.lineage(element):
        style = view.style(part)
        if style["background-image"] != "none":
            return None
        color = style.color("background-color")
        if color is None:
            return None
        if color.alpha:
            over = color if not over.alpha else _stacked(over, color)
        if over.alpha >= 1:
            return over
    # The browser's own page.
    base = WHITE if view.scheme == "light" or "dark" not in view.style(_root(view))["color-scheme"] else Color(0.07, 0.07, 0.07)
    return over.over(base) if over.alpha else base


def _stacked(over: Color, under: Color) -> Color:
    mixed = over.over(under)
    alpha = over.alpha + under.alpha * (1 - over.alpha)
    return Color(mixed.red, mixed.green, mixed.blue, alpha)


def _root(view: View) -> Tag:
    root = view.document.html.find("html")
    assert root is not None  # noqa: S101 — a page without an html element has no view
    return root


def places(views: list[View]) -> str:
    """Which of the views: "" where all."""
    if len(views) == len(WIDTHS) * len(SCHEMES):
        return ""
    widths, schemes = sorted({view.width for view in views}), sorted({view.scheme for view in views})
    words = [] if len(widths) == len(WIDTHS) else [f"{width} px" for width in widths]
    return ", ".join([*words, *([] if len(schemes) == len(SCHEMES) else schemes)])
