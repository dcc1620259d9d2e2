"""Where a report's figures, acts and audiences lead: to what they were counted from, for who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from base.documents.parts import Linked, as_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from base.documents.parts import Part
    from desk.reports.composing import Composed

    Where = Callable[[str], str]


def nowhere(ref: str) -> str:
    return ""


def for_staff(composed: Composed, user: Any, base_url: str = "") -> Where:
    """A figure leads to its goal with all acts, and each of those to the contacts that it reached: two clicks. `user` None: whoever may see all."""
    goals = {figure["ref"]: figure["goal"] for figure in composed["figures"]}
    may_see = {name: user is None or user.has_perm(name) for name in ("themes.view_goal", "contacts.view_touch")}

    def where(ref: str) -> str:
        sort, _sign, number = ref.partition(":")
        if sort == "act":
            return base_url + reverse("desk:outreach", args=[number]) if may_see["contacts.view_touch"] else ""
        if not may_see["themes.view_goal"]:
            return ""
        if sort == "coverage":
            return base_url + reverse("contacts_coverage", args=[number])
        return base_url + reverse("desk:goal", args=[goals[ref]])

    return where


def shown(parts: Sequence[Part], where: Where) -> list[dict[str, Any]]:
    """For the templates: each word of a table or text with its address, "" where it leads nowhere."""
    return [_part(plain, where) for plain in as_plain(parts)]


def _part(part: Mapping[str, Any], where: Where) -> dict[str, Any]:
    found = dict(part)
    if part["kind"] == "text":
        found["runs"] = [_word(run, where) for run in part["runs"] or [part["text"]]]
    elif part["kind"] == "table":
        found["rows"] = [[_word(cell, where) for cell in row] for row in part["rows"]]
    return found


def _word(word: str, where: Where) -> dict[str, str]:
    return {"text": str(word), "url": where(word.ref) if isinstance(word, Linked) and word.ref else ""}
