"""The computed styles of a page at one width, in one colour scheme."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count, groupby
from typing import TYPE_CHECKING, Any

from bs4 import Tag

from base.css.shorthands import LATE, expand_whole
from base.css.values import BLACK, CLEAR, Color, Scale, color, length

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from base.css.document import Document
    from base.css.sheet import Declaration, Rule

INHERITED = frozenset([
    "color", "fill", "font-family", "font-size", "font-style", "font-variant", "font-weight", "letter-spacing", "line-height", "stroke", "text-align",
    "text-indent", "text-shadow", "text-transform", "visibility", "white-space", "word-spacing",
])  # fmt: skip
INITIAL = {
    "color": "black", "visibility": "visible", "opacity": "1", "font-size": "medium", "font-style": "normal", "font-variant": "normal",
    "font-weight": "400", "font-family": "serif", "text-decoration-line": "none", "text-shadow": "none", "text-transform": "none", "filter": "none",
    "transform": "none", "background-color": "transparent", "background-image": "none", "position": "static", "display": "inline",
    "content": "normal", "mask": "none", "clip-path": "none", "mix-blend-mode": "normal", "width": "auto", "height": "auto", "max-width": "none",
    "max-height": "none", "left": "auto", "right": "auto", "top": "auto", "bottom": "auto", "overflow-x": "visible", "overflow-y": "visible",
    "z-index": "auto", "text-indent": "0", "rotate": "none", "scale": "none", "translate": "none", "letter-spacing": "normal",
    "outline-style": "none", "border-style": "none", "clip": "auto", "border-radius": "0", "object-fit": "fill", "content-visibility": "visible",
    "backdrop-filter": "none", "-webkit-text-stroke": "0", "outline-width": "medium", "outline-color": "currentcolor", "border-width": "medium",
    "border-color": "currentcolor",
}  # fmt: skip
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*")
DEEPEST = 20


# Styles that are kept for the next page: another page of the same theme has all but a few of them.
MOST_KEPT = 6000


class Style:
    """`style["opacity"]` is the computed value's text; what nobody set has its initial value, "" where that is not known.

    Two elements that the same rules meet, below elements that look the same, have the same one; so what it stands in (`above`) belongs to it.
    """

    __slots__ = ("above", "below", "font_size", "scale", "scheme", "values", "variables")

    def __init__(self, values: dict[str, str], variables: Mapping[str, str], scale: Scale, scheme: str, above: Style | None) -> None:
        self.values, self.variables, self.scale, self.scheme, self.above = values, variables, scale, scheme, above
        self.font_size = scale.font
        self.below: dict[Any, Style] = {}

    @property
    def lineage(self) -> Iterator[Style]:
        """It and those around it, from the inside."""
        style = self
        while style.above is not None:
            yield style
            style = style.above

    def __getitem__(self, name: str) -> str:
        return self.values.get(name) or INITIAL.get(name, "")

    def length(self, name: str, whole: float | None = None) -> float | None:
        scale = self.scale if whole is None else Scale(self.scale.font, self.scale.root, self.scale.width, self.scale.height, whole)
        return length(self[name], scale)

    def number(self, name: str, default: float) -> float:
        text = self[name]
        value = length(text, Scale(whole=1.0)) if text else None
        return default if value is None else value

    def color(self, name: str) -> Color | None:
        """None where the colour is of a kind that is not read."""
        text = self[name]
        current = BLACK if name == "color" else (self.color("color") or BLACK)
        return CLEAR if text == "transparent" else color(text, current)


_windows: dict[tuple[int, str], Style] = {}
_kept = count()


def _window(width: int, scheme: str) -> Style:
    """What a page's first element stands in. Below it hang all styles that pages had there."""
    if (width, scheme) not in _windows:
        _windows[width, scheme] = Style({}, {}, Scale(width=width), scheme, None)
    return _windows[width, scheme]


def _make_room() -> None:
    """Whoever holds one of the styles has all that it stands in."""
    global _kept
    if next(_kept) > MOST_KEPT:
        _windows.clear()
        _kept = count()


class View:
    def __init__(self, document: Document, width: int, scheme: str) -> None:
        self.document, self.width, self.scheme = document, width, scheme
        self._styles: dict[int, Style] = {}
        self._root = _window(width, scheme)

    def style(self, element: Tag) -> Style:
        key = id(element)
        if (found := self._styles.get(key)) is None:
            found = self._styles[key] = self._compute(element, None)
        return found

    def pseudo(self, element: Tag, name: str) -> Style | None:
        """`before` or `after`; None where there is none."""
        if name not in self.document.met(element).rules:
            return None
        style = self._compute(element, name)
        return style if style["content"] not in {"normal", "none"} and style["display"] != "none" else None

    def lineage(self, element: Tag) -> Iterator[Tag]:
        """The element and those around it, from the inside."""
        yield element
        for parent in element.parents:
            if isinstance(parent, Tag) and parent.name != "[document]":
                yield parent

    def _compute(self, element: Tag, pseudo: str | None) -> Style:
        parent = element if pseudo else element.parent
        above = self.style(parent) if isinstance(parent, Tag) and parent.name != "[document]" else self._root
        met = self.document.met(element)
        rules = met.rules.get(pseudo, ())
        if not met.is_plain:
            rules = tuple(rule for rule in rules if _holds(rule, self.width, self.scheme))
        hints, own = ((), ()) if pseudo else (self.document.hints(element), self.document.inline(element))
        key = (rules, pseudo, hints, own)
        if (found := above.below.get(key)) is None:
            found = above.below[key] = self._cascade(rules, hints, own, above)
            _make_room()
        return found

    def _cascade(self, rules: tuple[Rule, ...], hints: tuple[Declaration, ...], own: tuple[Declaration, ...], above: Style) -> Style:
        plain = [declaration for rule in rules for declaration in rule.plain]
        # Among what is important, the lower layer wins.
        layers = [list(group) for _layer, group in groupby(rules, key=lambda rule: rule.layer)]
        heavy = [declaration for group in reversed(layers) for rule in group for declaration in rule.important]
        ordered = [*hints, *plain, *(one for one in own if not one.important), *heavy, *(one for one in own if one.important)]
        set_here = {one.name: one.value for one in ordered if one.name.startswith("--")}
        variables = {**above.variables, **set_here} if set_here else above.variables
        found: dict[str, str] = {}
        for declaration in ordered:
            for name, value in _filled(declaration, variables):
                found.pop(name, None)
                found[name] = value
        return self._inherit(found, variables, above)

    def _inherit(self, found: dict[str, str], variables: Mapping[str, str], above: Style) -> Style:
        values: dict[str, str] = {}
        for name in {*found, *(name for name in INHERITED if name in above.values)}:
            value = found.get(name)
            takes = value in {"inherit", "unset", "revert"} and (name in INHERITED or value == "inherit")
            if value is None or takes:
                value = above.values.get(name, "")
            elif value in {"initial", "unset", "revert", "revert-layer"}:
                value = INITIAL.get(name, "")
            values[name] = value
        size = _font_size(found.get("font-size", ""), above)
        root = size if above.above is None else above.scale.root
        if "font-size" in values:
            values["font-size"] = f"{size}px"
        if "color" in found and values["color"].lower() == "currentcolor":
            values["color"] = above["color"]
        return Style(values, variables, Scale(size, root, self.width), self.scheme, above)


@lru_cache(maxsize=8192)
def _holds(rule: Rule, width: int, scheme: str) -> bool:
    return all(query.holds(width, scheme) for query in rule.queries)


def _font_size(text: str, above: Style) -> float:
    if not text or text in {"inherit", "unset", "revert"}:
        return above.font_size
    if text in {"smaller", "larger"}:
        return above.font_size * (0.8333 if text == "smaller" else 1.2)
    scale = Scale(above.font_size, above.scale.root, above.scale.width, above.scale.height, above.font_size)
    value = length(text, scale)
    return above.font_size if value is None else value


def _filled(declaration: Any, variables: Mapping[str, str]) -> list[tuple[str, str]]:
    """The declaration with its variables filled in; nothing where one is missing: it is then invalid, and what was below holds."""
    if declaration.name.startswith("--"):
        return []
    if "var(" not in declaration.value:
        return [(declaration.name, declaration.value)]
    value = fill(declaration.value, variables)
    if value is None:
        return []
    return list(expand_whole(declaration.name, value)) if declaration.name in LATE else [(declaration.name, value)]


def fill(text: str, variables: Mapping[str, str], depth: int = 0) -> str | None:
    """The text without `var()`; None where a variable is missing, or goes in a circle."""
    while match := VARIABLE.search(text):
        end = _closing(text, match.start() + 3)
        if end < 0 or depth > DEEPEST:
            return None
        value = variables.get(match[1])
        fallback = text[match.end() : end].lstrip(", ") if text[match.end() : end].startswith(",") else None
        value = fill(value, variables, depth + 1) if value is not None else None
        if value is None:
            value = fill(fallback, variables, depth + 1) if fallback is not None else None
        if value is None:
            return None
        text = f"{text[: match.start()]}{value}{text[end + 1 :]}"
    return text


def _closing(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return place
    return -1
