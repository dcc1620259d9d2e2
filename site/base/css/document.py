"""A page's elements with the rules that meet them, found once for all widths and schemes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Tree

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString
from cssselect2 import ElementWrapper

from base.css.sheet import Declaration, Rule, Sheet, inline
from base.css.view import View

if TYPE_CHECKING:
    pass


# What browsers do before a page says anything, as far as the checks ask for it.
BROWSER = Sheet.parse(
    """
    head, script, style, template, noscript, title, datalist, input[type=hidden], [hidden], [popover] { display: none }
    dialog:not([open]), details:not([open]) > :not(summary) { display: none }
    i, em, cite, dfn, var, address { font-style: italic }
    b, strong, h1, h2, h3, h4, h5, h6, th { font-weight: 700 }
    u, ins { text-decoration-line: underline }
    s, del { text-decoration-line: line-through }
    a:link { text-decoration-line: underline; color: #0000ee }
    h1 { font-size: 2em } h2 { font-size: 1.5em } h3 { font-size: 1.17em } small { font-size: smaller }
    mark { background-color: yellow; color: black }
    button, input, select, textarea { font-size: 13.333px; color: fieldtext; background-color: field }
    [popover], dialog { position: fixed }
    """
)


# Attributes of pictures and drawings that stand below every style.
HINTS = ("fill", "stroke", "opacity", "visibility", "display", "transform", "width", "height")
DRAWN = {"svg", "g", "path", "rect", "circle", "ellipse", "polygon", "use", "img", "video", "iframe", "canvas"}


class Matched:
    """A rule that meets an element, or one of its pseudo-elements."""

    __slots__ = ("pseudo", "rank", "rule")

    def __init__(self, rule: Rule, specificity: tuple[int, int, int], pseudo: str | None, origin: int) -> None:
        self.rule, self.pseudo = rule, pseudo
        self.rank = (origin, rule.layer, specificity, rule.order)


class Document:
    """`html` as Beautiful Soup read it; its elements are the keys of all that is asked here."""

    def __init__(self, html: BeautifulSoup, sheet: Sheet) -> None:
        self.html, self.sheet = html, sheet
        self._views: dict[tuple[int, str], View] = {}
        self._matched: dict[int, tuple[Matched, ...]] = {}
        self._inline: dict[int, tuple[Declaration, ...]] = {}
        self._having: dict[str, list[Tag]] = {}

    def at(self, width: int, scheme: str) -> View:
        key = (width, scheme)
        if key not in self._views:
            self._views[key] = View(self, width, scheme)
        return self._views[key]

    def matched(self, element: Tag) -> tuple[Matched, ...]:
        key = id(element)
        if key not in self._matched:
            wrapper = self._wrappers.get(key)
            rows = [
                Matched(rule, specificity, pseudo, origin)
                for origin, sheet in enumerate((BROWSER, self.sheet) if wrapper is not None else ())
                for specificity, _order, pseudo, rule in sheet.matcher.match(wrapper)
            ]
            self._matched[key] = tuple(sorted(rows, key=lambda row: row.rank))
        return self._matched[key]

    def inline(self, element: Tag) -> tuple[Declaration, ...]:
        key = id(element)
        if key not in self._inline:
            style = element.get("style")
            self._inline[key] = inline(str(style)) if style else ()
        return self._inline[key]

    def hints(self, element: Tag) -> tuple[Declaration, ...]:
        if element.name not in DRAWN:
            return ()
        found = {name: str(element.get(name)) for name in HINTS if element.get(name)}
        return tuple(Declaration(name, f"{value}px" if value.isdigit() else value, False) for name, value in found.items())

    def with_property(self, name: str) -> list[Tag]:
        """The elements for which some rule, of whatever medium, sets the property; those with such a pseudo-element too."""
        if name not in self._having:
            self._having[name] = [element for element in self.html.find_all(True) if self._has(element, name)]
        return self._having[name]

    def _has(self, element: Tag, name: str) -> bool:
        rules = (row.rule.declarations for row in self.matched(element))
        return any(declaration.name == name for declarations in (self.inline(element), *rules) for declaration in declarations)

    @cached_property
    def _wrappers(self) -> dict[int, Any]:
        root = self.html.find("html") or self.html.find(True)
        if not isinstance(root, Tag):
            return {}
        keys: dict[Any, int] = {}
        tree = _tree(root, keys)
        return {keys[wrapper.etree_element]: wrapper for wrapper in ElementWrapper.from_html_root(tree).iter_subtree()}


def _tree(element: Tag, keys: dict[Any, int]) -> Tree.Element:
    """The element as the selectors' library reads it."""
    attributes = {name: " ".join(value) if isinstance(value, list) else str(value) for name, value in element.attrs.items()}
    made, last = Tree.Element(element.name, attributes), None
    keys[made] = id(element)
    for child in element.children:
        if isinstance(child, Tag):
            last = _tree(child, keys)
            made.append(last)
        elif isinstance(child, NavigableString) and not isinstance(child, Comment):
            if last is None:
                made.text = (made.text or "") + str(child)
            else:
                last.tail = (last.tail or "") + str(child)
    return made
