"""What may come to lie over the emblem (V5). Without a layout: what leaves the flow, is moved, or is pulled over its neighbour.

What only a layout shows, such as text that does not fit its box, is not found here. What may cover is held to cover.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.css.document import elements_in, has_class
from base.css.values import CLEAR
from base.gate.sight import is_seen, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag

    from base.css import Style, View

OUT_OF_FLOW = {"absolute", "fixed"}
SIDES = ("left", "right", "top", "bottom")
# A thing at the upper edge of the window reaches the foot of the page when it is this high.
HIGH = 600
# The emblem stands at the beginning of its line, within this many px.
BEGINNING = 160
TINY = 2


def is_covered(view: View, line: Tag, emblem: Tag) -> bool:
    return any((*_in_line(view, line, emblem), *_around(view, emblem), *_elsewhere(view, emblem)))


def _in_line(view: View, line: Tag, emblem: Tag) -> Iterator[bool]:
    """What stands beside it, and itself."""
    gap, parts = _gap(view.style(line)), elements_in(line)
    drawn = {id(part) for other in parts if has_class(other, "eu-emblem") for part in elements_in(other)}
    for part in parts:
        if part is not emblem and id(part) not in drawn and is_seen(view, part):
            yield _is_moved(view.style(part), gap)
    own = view.style(emblem)
    yield own["position"] in OUT_OF_FLOW or any((own.length(f"margin-{side}") or 0) < 0 for side in ("right", "bottom"))
    for part in (line, *parts):
        for name in ("before", "after"):
            style = view.pseudo(part, name)
            yield style is not None and style["position"] not in OUT_OF_FLOW and _is_moved(style, gap)


def _gap(style: Style) -> float:
    return style.number("column-gap", 0) or style.number("gap", 0)


def _is_moved(style: Style, gap: float) -> bool:
    """Pulled over its neighbour by more than the gap between them."""
    if style["position"] in OUT_OF_FLOW:
        return not _is_behind(style)
    pulled = any((style.length(f"margin-{side}", 1000) or 0) < -gap for side in ("left", "top"))
    shifted = style["position"] == "relative" and any((style.length(side, 1000) or 0) != 0 for side in SIDES)
    turned = any(style[name] not in {"", "none"} for name in ("transform", "translate", "rotate", "scale"))
    return pulled or shifted or turned


def _around(view: View, emblem: Tag) -> Iterator[bool]:
    """Something painted over the whole of an element that it stands in."""
    for part in view.lineage(emblem):
        for name in ("before", "after"):
            style = view.pseudo(part, name)
            if style is not None and style["position"] in OUT_OF_FLOW:
                yield _is_painted(style) and not _is_behind(style) and _reaches(style, view)


def _elsewhere(view: View, emblem: Tag) -> Iterator[bool]:
    """Elements that stay at the window's lower edge, and those laid over what the emblem stands in."""
    around = {id(part) for part in view.lineage(emblem)}
    for part in view.document.with_property("position"):
        style = view.style(part)
        if style["position"] not in OUT_OF_FLOW or id(part) in around or any(has_class(other, "eu-line") for other in part.parents):
            continue
        if style["position"] == "absolute" and id(_holder(view, part)) not in around:
            continue
        width, height = size(view, part)
        is_tiny = (width is not None and width <= TINY) or (height is not None and height <= TINY)
        if not is_tiny and not _is_behind(style) and _reaches(style, view) and is_seen(view, part):
            yield True


def _holder(view: View, part: Tag) -> Any:
    """What an absolute element is placed in."""
    for parent in part.parents:
        if parent.name == "html" or parent.name == "[document]":
            return parent
        style = view.style(parent)
        if style["position"] != "static" or style["transform"] != "none":
            return parent
    return None


def _reaches(style: Style, view: View) -> bool:
    """Whether it may lie where the emblem does: at the foot of the page, at the beginning of the line."""
    left, right, top, bottom = (style.length(side, view.width) for side in SIDES)
    width, height = style.length("width", view.width), style.length("height")
    if left is None and right is None and top is None and bottom is None:
        # Where it stands is where the flow has it.
        return False
    if left is None and right is not None and width is not None and view.width - right - width > BEGINNING:
        return False
    if left is not None and left > BEGINNING:
        return False
    if bottom is not None:
        return bottom < HIGH
    return (height is not None and (top or 0) + height >= HIGH) or (style["position"] == "absolute" and top is not None and top > HIGH)


def _is_behind(style: Style) -> bool:
    return style["z-index"].startswith("-")


def _is_painted(style: Style) -> bool:
    color = style.color("background-color")
    is_written = style["content"] not in {"''", '""', "none", "normal"}
    return is_written or style["background-image"] != "none" or color is None or (color != CLEAR and color.alpha > 0)
