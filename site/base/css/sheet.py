"""A style sheet as rules: layers, media queries and declarations, each read once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import tinycss2
from cssselect2 import Matcher, SelectorError, compile_selector_list

from base.css.media import Query
from base.css.shorthands import expand

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
    """`layer` is its rank, that of no layer the highest; `queries` must all hold."""

    selectors: tuple[Any, ...]
    declarations: tuple[Declaration, ...]
    layer: int
    queries: tuple[Query, ...]
    order: int


@dataclass
class Sheet:
    """`unread` says what the sheet asks for that is not followed here. The sheets of a page share their layers: parse them as one text."""

    rules: list[Rule] = field(default_factory=list)
    faces: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    _layers: dict[str, int] = field(default_factory=dict)

    @classmethod
    @lru_cache(maxsize=16)
    def parse(cls, text: str) -> Sheet:
        """Kept for the next page: most pages have the same sheet. 30 kB take some 100 ms."""
        sheet = cls()
        sheet._read(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), "", ())
        # Those without a layer stand above all layers.
        highest = len(sheet._layers)
        sheet.rules = [rule if rule.layer >= 0 else _above(rule, highest) for rule in sheet.rules]
        return sheet

    @cached_property
    def matcher(self) -> Matcher:
        """Gives the rules that an element meets."""
        matcher = Matcher()
        for rule in self.rules:
            for selector in rule.selectors:
                matcher.add_selector(selector, rule)
        return matcher

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
                for name in words.split(",") if words else [f"anonymous {node.source_line}:{node.source_column}"]:
                    self._rank(_below(layer, name.strip()))
                if inside is not None:
                    self._read(inside, _below(layer, words or f"anonymous {node.source_line}:{node.source_column}"), queries)
            case "font-face":
                self._face(node)
            case name if name not in SKIPPED:
                self.unread.append(f"@{name} {words}".strip())

    def _add(self, node: Any, layer: str, queries: tuple[Query, ...]) -> None:
        selectors = []
        for part in _split(AT_REST.sub(":hover", tinycss2.serialize(node.prelude))):
            try:
                selectors += compile_selector_list(part)
            except SelectorError:
                # As in a browser that does not know it; but one that is unknown does not take its neighbours along, so no style is missed.
                continue
        declarations = tuple(_declarations(node.content))
        if selectors and declarations:
            rank = self._rank(layer) if layer else -1
            self.rules.append(Rule(tuple(selectors), declarations, rank, queries, len(self.rules)))

    def _rank(self, layer: str) -> int:
        return self._layers.setdefault(layer, len(self._layers))

    def _face(self, node: Any) -> None:
        for declaration in _declarations(node.content):
            if declaration.name == "font-family":
                self.faces.add(declaration.value.strip("\"' ").lower())


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


def _above(rule: Rule, rank: int) -> Rule:
    return Rule(rule.selectors, rule.declarations, rank, rule.queries, rule.order)
