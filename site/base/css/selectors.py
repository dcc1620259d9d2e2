"""Elements that look alike on every page of a theme, for all that most selectors ask: such kin is matched once, for all pages."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from bs4 import Tag
from cssselect2 import parser
from cssselect2.compiler import CompiledSelector

if TYPE_CHECKING:
    Look = tuple[Any, ...]

# What is kept of them: several times what the pages of the demo need.
MOST_KEPT = 100_000
# Attributes that differ from page to page, as those of `data-` do: of these only whether they are there.
FREE = frozenset([
    "action", "alt", "aria-describedby", "aria-label", "aria-labelledby", "content", "d", "datetime", "for", "height", "href", "hreflang", "id",
    "name", "sizes", "src", "srcset", "style", "title", "value", "viewbox", "width",
])  # fmt: skip
SIMPLE = (parser.LocalNameSelector, parser.NamespaceSelector, parser.ClassSelector)
# What the attributes tell, and what no page at rest has.
BY_LOOK = {
    "link", "any-link", "root", "scope", "checked", "disabled", "enabled", "hover", "active", "focus", "focus-within", "focus-visible", "visited",
    "target", "target-within",
}  # fmt: skip
BY_PLACE = {"first-child", "last-child", "only-child"}


def compiled(text: str) -> list[tuple[CompiledSelector, bool]]:
    """[(selector, whether it meets kin alike)]. Raises SelectorError."""
    return [(CompiledSelector(parsed), _is_of_kin(parsed.parsed_tree)) for parsed in parser.parse(text)]


def _is_of_kin(node: Any, is_beside: bool = False) -> bool:
    """`is_beside`: it is asked of the element before, of which kin knows the look alone."""
    match node:
        case parser.CombinedSelector(combinator=" " | ">"):
            return _is_of_kin(node.left) and _is_of_kin(node.right, is_beside)
        case parser.CombinedSelector(combinator="+"):
            return not is_beside and _is_of_kin(node.left, True) and _is_of_kin(node.right)
        case parser.CompoundSelector():
            return all(_is_of_kin(part, is_beside) for part in node.simple_selectors)
        case parser.NegationSelector() | parser.MatchesAnySelector() | parser.SpecificityAdjustmentSelector():
            return all(_is_of_kin(part.parsed_tree, is_beside) for part in node.selector_list)
        case parser.AttributeSelector():
            return node.operator is None or not _is_free(node.lower_name)
        case parser.PseudoClassSelector():
            return node.name in BY_LOOK or (node.name in BY_PLACE and not is_beside)
    return isinstance(node, SIMPLE)


def look_of(element: Tag) -> Look:
    return (
        element.name,
        *((name, None if _is_free(name) else " ".join(value) if isinstance(value, list) else value) for name, value in element.attrs.items()),
    )


def _is_free(attribute: str) -> bool:
    return attribute in FREE or attribute.startswith("data-")


class Kin:
    """All elements with the same look, after one of the same look, last or not, within elements that are kin.

    `met` is what sheets found of them: the parts of a page's sheet each for itself, and the sheet as a whole.
    """

    __slots__ = ("met", "within")

    def __init__(self) -> None:
        self.within: dict[Any, Kin] = {}
        self.met: dict[Any, Any] = {}

    def child(self, look: Look, before: Look | None, is_last: bool) -> Kin:
        key = (look, before, is_last)
        if (found := self.within.get(key)) is None:
            found = self.within[key] = Kin()
            _make_room()
        return found

    def keep(self, what: Any, found: Any) -> None:
        self.met[what] = found
        _make_room()


_root = Kin()
_made = count()


def kin_in(html: Tag) -> dict[int, Kin]:
    """That of each element, by its id."""
    found: dict[int, Kin] = {}
    _gather(html, _root, found)
    return found


def _gather(element: Tag, around: Kin, found: dict[int, Kin]) -> None:
    children = [child for child in element.contents if isinstance(child, Tag)]
    before, last = None, len(children) - 1
    for place, child in enumerate(children):
        look = look_of(child)
        found[id(child)] = kin = around.child(look, before, place == last)
        _gather(child, kin, found)
        before = look


def _make_room() -> None:
    global _root, _made
    if next(_made) > MOST_KEPT:
        _root, _made = Kin(), count()
