"""A style sheet as rules: layers, media queries and declarations, each read once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import tinycss2
from cssselect2 import Matcher, SelectorError

from base.css.media import Query
from base.css.selectors import compiled
from base.css.shorthands import expand

if TYPE_CHECKING:
    from collections.abc import Callable

    from cssselect2 import ElementWrapper
    from cssselect2.compiler import CompiledSelector

    from base.css.selectors import Kin

# What a visitor who does nothing never meets; the selector library has a name for that, but not for these.
AT_REST = re.compile(r":(?:popover-open|modal|fullscreen|autofill|open|picture-in-picture|-webkit-autofill|user-invalid|user-valid)\b")
SKIPPED = ("style", "charset", "font-face", "keyframes", "-webkit-keyframes", "property", "page", "counter-style", "namespace", "view-transition")


@dataclass(frozen=True)
class Declaration:
    name: str
    value: str
    important: bool


@dataclass(frozen=True, eq=False)
class Rule:
    """`layer` is its name, "" where it stands in none; `queries` must all hold. Compared by what it is, not by what it says."""

    selectors: tuple[tuple[CompiledSelector, bool], ...]
    plain: tuple[Declaration, ...]
    important: tuple[Declaration, ...]
    layer: str
    queries: tuple[Query, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(declaration.name for declaration in (*self.plain, *self.important))


class Row(NamedTuple):
    """A rule that meets an element, or its pseudo-element, by a selector of that weight."""

    specificity: tuple[int, int, int]
    place: int
    pseudo: str | None
    rule: Rule


NONE: tuple[list[Row], list[tuple[Row, Callable[[ElementWrapper], bool]]]] = ([], [])


class Met:
    """The rules that meet an element, the weightiest last: its own (None) and those of its pseudo-elements."""

    def __init__(self, rows: list[Row]) -> None:
        self.rules: dict[str | None, tuple[Rule, ...]] = {}
        for row in rows:
            self.rules[row.pseudo] = (*self.rules.get(row.pseudo, ()), row.rule)
        self.names = frozenset(name for row in rows for name in row.rule.names)
        # The same in every view.
        self.is_plain = not any(row.rule.queries for row in rows)


@dataclass(eq=False)
class Part:
    """One style sheet as it was written. `layers` are named in the order in which they are first spoken of, `unread` is what is not followed here."""

    rules: list[Rule] = field(default_factory=list)
    faces: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    layers: dict[str, None] = field(default_factory=dict)

    @classmethod
    @lru_cache(maxsize=64)
    def parse(cls, text: str) -> Part:
        """Kept for the next page: most pages have the same ones. 30 kB take some 100 ms."""
        part = cls()
        part._read(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), "", ())
        return part

    def match(self, kin: Kin, wrapper: Callable[[], ElementWrapper]) -> tuple[list[Row], bool]:
        """The rules that the element meets, in no order, and whether all its kin does."""
        if (known := kin.met.get(self)) is None:
            kin.keep(self, known := self._match_kin(wrapper()))
        found, others = known
        more = [row for row, test in others if test(wrapper())]
        return ([*found, *more] if more else found), not others

    def _match_kin(self, element: ElementWrapper) -> tuple[list[Row], list[tuple[Row, Callable[[ElementWrapper], bool]]]]:
        """What its kin meets as well; and what must be asked of each, with the question."""
        matcher, others = self._selectors
        met = [Row(specificity, place, pseudo, rule) for specificity, _order, pseudo, (place, rule) in matcher.match(element)]
        asked = [
            (row, selector.test)
            for row, selector in others
            if selector.class_name in {None, *element.classes} and selector.lower_local_name in {None, element.local_name}
        ]
        return (met, asked) if met or asked else NONE

    @cached_property
    def _selectors(self) -> tuple[Matcher, list[tuple[Row, CompiledSelector]]]:
        """Those that meet kin alike, and the others."""
        matcher, others = Matcher(), []
        for place, rule in enumerate(self.rules):
            for selector, is_of_kin in rule.selectors:
                if is_of_kin:
                    matcher.add_selector(selector, (place, rule))
                elif not selector.never_matches:
                    others.append((Row(selector.specificity, place, selector.pseudo_element, rule), selector))
        return matcher, others

    def _read(self, nodes: list[Any], layer: str, queries: tuple[Query, ...]) -> None:
        for node in nodes:
            if node.type == "qualified-rule":
                self._add(node, layer, queries)
            elif node.type == "at-rule":
                self._read_at(node, layer, queries)

    def _read_at(self, node: Any, layer: str, queries: tuple[Query, ...]) -> None:
        words = tinycss2.serialize(node.prelude).strip()
        inside = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True) if node.content is not None else None
        match node.lower_at_keyword:
            case "media" if inside is not None:
                self._read(inside, layer, (*queries, Query.parse(words)))
            case "supports" if inside is not None:
                # Today's browsers have what our styles ask for.
                if not words.startswith("not"):
                    self._read(inside, layer, queries)
            case "layer":
                # One without a name is this sheet's alone.
                words = words or f"anonymous {id(self)}:{node.source_line}:{node.source_column}"
                for name in words.split(","):
                    self.layers.setdefault(_below(layer, name.strip()))
                if inside is not None:
                    self._read(inside, _below(layer, words), queries)
            case "font-face":
                self._face(node)
            case name if name not in SKIPPED:
                self.unread.append(f"@{name} {words}".strip())

    def _add(self, node: Any, layer: str, queries: tuple[Query, ...]) -> None:
        selectors = []
        for part in _split(AT_REST.sub(":hover", tinycss2.serialize(node.prelude))):
            try:
                selectors += compiled(part)
            except SelectorError:
                # As in a browser that does not know it; but one that is unknown does not take its neighbours along, so no style is missed.
                continue
        declarations = tuple(_declarations(node.content))
        if selectors and declarations:
            plain, important = (tuple(one for one in declarations if one.important is weight) for weight in (False, True))
            self.rules.append(Rule(tuple(selectors), plain, important, layer, queries))
            if layer:
                self.layers.setdefault(layer)

    def _face(self, node: Any) -> None:
        for declaration in _declarations(node.content):
            if declaration.name == "font-family":
                self.faces.add(declaration.value.strip("\"' ").lower())


class Sheet:
    """The style sheets of a page, in their order. They share their layers; those rules that stand in none are above all layers."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.parts = [Part.parse(text) for text in texts]
        names = {name: None for part in self.parts for name in part.layers}
        self.ranks = {name: rank for rank, name in enumerate((*names, ""))}

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, *texts: str) -> Sheet:
        return cls(texts)

    def meet(self, kin: Kin, wrapper: Callable[[], ElementWrapper]) -> Met:
        known: Met | None = kin.met.get(self)
        if known is not None:
            return known
        ranked, is_alike = [], True
        for number, part in enumerate((BROWSER, *self.parts)):
            rows, of_kin = part.match(kin, wrapper)
            is_alike = is_alike and of_kin
            ranked += [((number > 0, self.ranks[row.rule.layer], row.specificity, number, row.place), row) for row in rows]
        ranked.sort(key=itemgetter(0))
        met = Met([row for _rank, row in ranked])
        if is_alike:
            kin.keep(self, met)
        return met

    @property
    def faces(self) -> set[str]:
        return {face for part in self.parts for face in part.faces}

    @property
    def unread(self) -> list[str]:
        return [words for part in self.parts for words in part.unread]


@lru_cache(maxsize=1024)
def inline(style: str) -> tuple[Declaration, ...]:
    """The declarations of a `style` attribute."""
    return tuple(_declarations(tinycss2.parse_component_value_list(style)))


def _declarations(content: Any) -> list[Declaration]:
    found: list[Declaration] = []
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if node.type == "declaration":
            name = node.name if node.name.startswith("--") else node.lower_name
            value = tinycss2.serialize(node.value).strip()
            found += [Declaration(part, text, node.important) for part, text in expand(name, value)]
    return found


def _split(prelude: str) -> list[str]:
    """By the commas that stand outside brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(prelude):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append(prelude[start:place])
            start = place + 1
    return [*parts, prelude[start:]]


def _below(layer: str, name: str) -> str:
    return f"{layer}.{name}" if layer else name


# What browsers do before a page says anything, as far as the checks ask for it.
BROWSER = Part.parse(
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
