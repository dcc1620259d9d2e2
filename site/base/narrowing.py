"""Narrowing a list by choices in the address: which rows stay, and for each choice how many it would leave. No query, no script."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.core.paginator import Page as Sheet

CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
LONGEST_CHOICE = 100


# So many choices of a facet stand open on a telephone.
FOLDED_FROM = 8


@dataclass(frozen=True)
class Facet:
    """`labels` are its choices in order, each with its words."""

    name: str
    title: str
    labels: list[tuple[str, str]]

    def shown(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        """What `base/facets.html` needs."""
        is_chosen = any(choice["is_chosen"] for choice in found)
        return {"title": self.title, "choices": found, "is_chosen": is_chosen, "is_long": len(found) > FOLDED_FROM}


@dataclass(frozen=True)
class Match:
    """A row by its number, with its values for each facet."""

    pk: int
    values: Mapping[str, frozenset[str]]

    def fits(self, chosen: Mapping[str, str], *, but: str = "") -> bool:
        return all(value in self.values[name] for name, value in chosen.items() if name != but)


def chosen_in(asked: Mapping[str, str], facets: Iterable[str]) -> dict[str, str]:
    """Takes anything that an address can hold."""
    return {name: value[:LONGEST_CHOICE] for name in facets if (value := CONTROL.sub("", asked.get(name, "")))}


def counts(matches: Collection[Match], chosen: Mapping[str, str], facets: Iterable[str]) -> dict[str, Counter[str]]:
    """For each facet, how many rows each choice would leave beside what is chosen in the others. Rows that share their values are looked at once."""
    numbers, shared = Counter(id(match.values) for match in matches), {id(match.values): match for match in matches}
    found: dict[str, Counter[str]] = {name: Counter() for name in facets}
    for name, counter in found.items():
        for key, match in shared.items():
            if match.fits(chosen, but=name):
                counter.update(dict.fromkeys(match.values[name], numbers[key]))
    return found


def address(kept: Mapping[str, str], **changes: Any) -> str:
    """A query of the same page; without any, the page's own address."""
    values = {name: value for name, value in {**kept, **changes}.items() if value}
    return f"?{urlencode(values)}" if values else "."


def choices(name: str, labels: Iterable[tuple[str, str]], found: Mapping[str, int], kept: Mapping[str, str]) -> list[dict[str, Any]]:
    """What `base/facets.html` shows of a facet, in the order of the labels. The link of the chosen one takes it away."""
    shown = []
    for value, label in labels:
        is_chosen = kept.get(name) == value
        if found.get(value) or is_chosen:
            link = address(kept, **{name: "" if is_chosen else value})
            shown.append({"label": label, "count": found.get(value, 0), "is_chosen": is_chosen, "url": link})
    return shown


def sheet_of(rows: Sequence[Any], number: str | None, size: int) -> Sheet[Any]:
    return Paginator(rows, size).get_page((number or "")[:4])


def pager(sheet: Sheet[Any], kept: Mapping[str, str]) -> dict[str, str]:
    """What `base/pagination.html` needs."""
    return {
        "previous_url": address(kept, page=sheet.previous_page_number()) if sheet.has_previous() else "",
        "next_url": address(kept, page=sheet.next_page_number()) if sheet.has_next() else "",
        "status": f"{sheet.start_index()}–{sheet.end_index()} / {sheet.paginator.count}",
    }
