"""Shorthands as the properties that they set. Directions are those of our languages: from left to right, from top to bottom."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import tinycss2

from base.css.values import is_color, parts

SIDES = ("top", "right", "bottom", "left")
LOGICAL = {
    "inline-size": "width",
    "block-size": "height",
    "min-inline-size": "min-width",
    "min-block-size": "min-height",
    "max-inline-size": "max-width",
    "max-block-size": "max-height",
    "inset-inline-start": "left",
    "inset-inline-end": "right",
    "inset-block-start": "top",
    "inset-block-end": "bottom",
    "word-wrap": "overflow-wrap",
    "-webkit-mask": "mask",
    "mask-image": "mask",
    "-webkit-mask-image": "mask",
    "-webkit-filter": "filter",
    "-webkit-clip-path": "clip-path",
    "overflow-inline": "overflow-x",
    "overflow-block": "overflow-y",
} | {
    f"{kind}-{axis}-{end}": f"{kind}-{side}"
    for kind in ("margin", "padding")
    for axis, end, side in (("inline", "start", "left"), ("inline", "end", "right"), ("block", "start", "top"), ("block", "end", "bottom"))
}
PAIRS = {
    "margin-inline": ("margin-left", "margin-right"),
    "margin-block": ("margin-top", "margin-bottom"),
    "padding-inline": ("padding-left", "padding-right"),
    "padding-block": ("padding-top", "padding-bottom"),
    "inset-inline": ("left", "right"),
    "inset-block": ("top", "bottom"),
    "overflow": ("overflow-x", "overflow-y"),
}
FOURS = {
    "margin": tuple(f"margin-{side}" for side in SIDES),
    "padding": tuple(f"padding-{side}" for side in SIDES),
    "inset": SIDES,
}
FONT = ("font-style", "font-variant", "font-weight", "font-size", "line-height", "font-family")
WHOLE = {"inherit", "initial", "unset", "revert", "revert-layer"}
LINES = {"none", "underline", "overline", "line-through", "blink"}
# What a shorthand with `var()` in it sets is known when the variable is: the view comes back with the text filled in.
LATE = ("background", "font", "text-decoration", "outline", "border", *PAIRS, *FOURS)


def expand(name: str, value: str) -> list[tuple[str, str]]:
    """[(property, value)]; a shorthand with a variable is left whole, for `View` to expand when it knows the variable."""
    name = LOGICAL.get(name, name)
    if name in LATE and "var(" not in value:
        return list(expand_whole(name, value))
    return [(name, value)]


@lru_cache(maxsize=4096)
def expand_whole(name: str, value: str) -> tuple[tuple[str, str], ...]:
    if value in WHOLE:
        return tuple((part, value) for part in _parts_of(name))
    if name in PAIRS:
        first, *rest = parts(value) or ["0"]
        return tuple(zip(PAIRS[name], (first, rest[0] if rest else first), strict=True))
    if name in FOURS:
        found = parts(value) or ["0"]
        top, right, bottom, left = (found + found[:1] * 4)[:1] * 4 if len(found) == 1 else _four(found)
        return tuple(zip(FOURS[name], (top, right, bottom, left), strict=True))
    return {"background": _background, "font": _font, "text-decoration": _decoration, "outline": _line, "border": _line}[name](name, value)


def _parts_of(name: str) -> tuple[str, ...]:
    known: dict[str, tuple[str, ...]] = {
        "background": ("background-color", "background-image"),
        "font": FONT,
        "text-decoration": ("text-decoration-line",),
        "outline": ("outline-width", "outline-color", "outline-style"),
        "border": ("border-width", "border-color", "border-style"),
    }
    return PAIRS.get(name) or FOURS.get(name) or known[name]


def _four(found: list[str]) -> tuple[str, str, str, str]:
    top, right = found[0], found[1]
    bottom = found[2] if len(found) > 2 else top
    return top, right, bottom, found[3] if len(found) > 3 else right


def _background(name: str, value: str) -> tuple[tuple[str, str], ...]:
    """The colour stands in the last layer."""
    color, image = "transparent", "none"
    for token in parts(value):
        if is_color(token):
            color = token
        elif re.match(r"(?:url|image-set|(?:repeating-)?(?:linear|radial|conic)-gradient)\(", token):
            image = token
    return ("background-color", color), ("background-image", image)


def _font(name: str, value: str) -> tuple[tuple[str, str], ...]:
    """`style weight size/line family`: the family is all that follows the size."""
    found = {
        "font-style": "normal",
        "font-variant": "normal",
        "font-weight": "400",
        "font-size": "medium",
        "line-height": "normal",
        "font-family": "",
    }
    tokens: list[Any] = [token for token in tinycss2.parse_component_value_list(value) if token.type != "comment"]
    texts = [token.serialize() for token in tokens]
    size = next((place for place, token in enumerate(tokens) if _is_size(token)), None)
    if size is None:
        return ()
    for text in (text.lower() for text in texts[:size] if text.strip()):
        if text in {"italic", "oblique"}:
            found["font-style"] = text
        elif text == "small-caps":
            found["font-variant"] = text
        elif text.isdigit() or text in {"bold", "bolder", "lighter"}:
            found["font-weight"] = text
    found["font-size"] = texts[size]
    rest = "".join(texts[size + 1 :]).strip()
    if rest.startswith("/"):
        line, *family = parts(rest[1:])
        found["line-height"], rest = line, rest[1:].strip()[len(line) :].strip() if family else ""
    found["font-family"] = rest
    return tuple(found.items())


def _is_size(token: Any) -> bool:
    words = {"medium", "small", "large", "smaller", "larger", "x-small", "x-large", "xx-small", "xx-large"}
    return (
        token.type in {"dimension", "percentage"}
        or (token.type == "function" and token.lower_name in {"calc", "clamp", "min", "max"})
        or (token.type == "ident" and token.lower_value in words)
    )


def _decoration(name: str, value: str) -> tuple[tuple[str, str], ...]:
    lines = [token for token in parts(value.lower()) if token in LINES]
    return (("text-decoration-line", " ".join(lines) or "none"),)


def _line(name: str, value: str) -> tuple[tuple[str, str], ...]:
    width, color, style = "medium", "currentcolor", "none"
    for token in parts(value):
        if is_color(token):
            color = token
        elif re.match(r"^(?:[\d.]|calc\(|clamp\(|min\(|max\(|thin$|medium$|thick$)", token):
            width = token
        else:
            style = token
    return (f"{name}-width", width), (f"{name}-color", color), (f"{name}-style", style)
