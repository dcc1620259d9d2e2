"""A page's elements with the rules that meet them, found once for all widths and schemes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString
from cssselect2 import ElementWrapper

from base.css.selectors import kin_in
from base.css.sheet import Declaration, Met, inline
from base.css.view import View

if TYPE_CHECKING:
    from base.css.selectors import Kin
    from base.css.sheet import Sheet


# Attributes of pictures and drawings that stand below every style.
HINTS = ("fill", "stroke", "opacity", "visibility", "display", "transform", "width", "height")
NOTHING = Met([])
DRAWN = {"svg", "g", "path", "rect", "circle", "ellipse", "polygon", "use", "img", "video", "iframe", "canvas"}


class Document:
    """`html` as Beautiful Soup read it; its elements are the keys of all that is asked here."""

    def __init__(self, html: BeautifulSoup, sheet: Sheet) -> None:
        self.html, self.sheet = html, sheet
        self._views: dict[tuple[int, str], View] = {}
        self._met: dict[int, Met] = {}
        self._having: dict[str, list[Tag]] = {}

    def at(self, width: int, scheme: str) -> View:
        key = (width, scheme)
        if key not in self._views:
            self._views[key] = View(self, width, scheme)
        return self._views[key]

    @cached_property
    def elements(self) -> list[Tag]:
        return elements_in(self.html)

    def met(self, element: Tag) -> Met:
        key = id(element)
        if (found := self._met.get(key)) is None:
            kin = self._kin.get(key)
            found = self._met[key] = NOTHING if kin is None else self.sheet.meet(kin, lambda: self._wrappers[key])
        return found

    def inline(self, element: Tag) -> tuple[Declaration, ...]:
        style = element.get("style")
        return inline(str(style)) if style else ()

    def hints(self, element: Tag) -> tuple[Declaration, ...]:
        if element.name not in DRAWN:
            return ()
        found = {name: str(element.get(name)) for name in HINTS if element.get(name)}
        return tuple(Declaration(name, f"{value}px" if value.isdigit() else value, False) for name, value in found.items())

    def with_property(self, name: str) -> list[Tag]:
        """The elements for which some rule, of whatever medium, sets the property; those with such a pseudo-element too."""
        if name not in self._having:
            self._having[name] = [element for element in self.elements if self._has(element, name)]
        return self._having[name]

    def _has(self, element: Tag, name: str) -> bool:
        return name in self.met(element).names or any(declaration.name == name for declaration in self.inline(element))

    @cached_property
    def _kin(self) -> dict[int, Kin]:
        return kin_in(self.html)

    @cached_property
    def _wrappers(self) -> dict[int, ElementWrapper]:
        """The elements as the selectors' library reads them."""
        keys: dict[Tree.Element, int] = {}
        trees = [_tree(child, keys) for child in self.html.contents if isinstance(child, Tag)]
        return {keys[one.etree_element]: one for tree in trees for one in ElementWrapper.from_html_root(tree).iter_subtree()}


def elements_in(element: Tag) -> list[Tag]:
    """What the element holds, in its order."""
    return [part for part in element.descendants if isinstance(part, Tag)]


def has_class(element: Tag, name: str) -> bool:
    return name in (element.get("class") or ())


def _tree(element: Tag, keys: dict[Tree.Element, int]) -> Tree.Element:
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
