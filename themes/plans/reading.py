"""A frozen plan as lines of words, in the active language: what `comparing` compares and what is printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from base.amounts import written
from base.languages import CODES, FALLBACK, active
from themes.models import ExpectedResult, Goal, Message, Plan, Responsibility
from themes.plans.snapshot import CHOSEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    Frozen = dict[str, Any]

NUMBERS = ("baseline", "low", "target", "high")


@dataclass(frozen=True)
class Line:
    """`path` says what it is, whatever its words: it is the same in two versions."""

    path: tuple[str, ...]
    label: str
    text: str


def said(words: dict[str, str]) -> str:
    """In the active language; Finnish where that is empty."""
    return words.get(active()) or words.get(FALLBACK, "")


def day(text: str | None) -> str:
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT") if text else ""


def amount(text: str | None) -> str:
    return written(Decimal(text)) if text else ""


def number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


def lines_of_plan(plan: Frozen) -> list[Line]:
    found = [*_words(Plan, "name", plan["name"]), *_words(Plan, "description", plan["description"])]
    return [*found, *_plain(Plan, "starts", day(plan["starts"])), *_plain(Plan, "ends", day(plan["ends"]))]


def lines_of_goal(goal: Frozen) -> list[Line]:
    return [
        *_words(Goal, "name", goal["name"]),
        *_words(Goal, "description", goal["description"]),
        *_plain(Goal, "scope", said(goal["scope"]["words"])),
        *_plain(Goal, "kind", said(goal["kind"]["words"])),
        *_plain(Goal, "starts", day(goal["starts"])),
        *_plain(Goal, "due", day(goal["due"])),
        *_plain(Goal, "budget_hours", amount(goal["hours"])),
        *_plain(Goal, "budget_eur", amount(goal["euros"])),
        *(line for name in CHOSEN for line in _chosen(name, goal[name])),
        *(line for row in goal["messages"] for line in _message(row)),
        *(line for row in goal["responsibilities"] for line in _responsibility(row)),
        *(line for row in goal["results"] for line in _result(row)),
    ]


def _field(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def label(model: Any, name: str) -> str:
    return capfirst(_field(model, name))


def label_of_kind(model: Any) -> str:
    return capfirst(str(model._meta.verbose_name))


def _plain(model: Any, name: str, text: str) -> Iterator[Line]:
    if text:
        yield Line((name,), label(model, name), text)


def _words(model: Any, name: str, words: dict[str, str]) -> Iterator[Line]:
    for code in CODES:
        yield from _plain(model, f"{name}_{code}", words[code])


def _chosen(name: str, rows: list[Frozen]) -> Iterator[Line]:
    for row in rows:
        kind = f" ({said(row['kind']['words'])})" if name == "channels" else ""
        yield Line((name, str(row["key"])), label(Goal, name), f"{said(row['words'])}{kind}")


def _message(row: Frozen) -> Iterator[Line]:
    path = ("messages", str(row["id"]))
    for code in CODES:
        if row["words"][code]:
            named = f"{label_of_kind(Message)}, {_field(Message, f'name_{code}')}"
            yield Line((*path, code), named, row["words"][code])
    for proof in row["proofs"]:
        named = _("Proof of “%(message)s”") % {"message": said(row["words"])}
        yield Line((*path, proof["kind"], str(proof["key"])), named, said(proof["words"]))


def person_or_role(row: Frozen) -> str:
    return ", ".join(part for part in (row["staff"], said(row["words"])) if part) or _("Nobody any more")


def _responsibility(row: Frozen) -> Iterator[Line]:
    yield Line(("responsibilities", str(row["id"])), label_of_kind(Responsibility), person_or_role(row))


def _result(row: Frozen) -> Iterator[Line]:
    path, unit = ("results", str(row["id"])), said(row["unit"])
    yield Line((*path, "measure"), label(ExpectedResult, "measure"), said(row["words"]))
    for name, text in (*((name, f"{number(row[name])} {unit}".strip()) for name in NUMBERS), ("due", day(row["due"]))):
        named = f"{said(row['words'])}: {_field(ExpectedResult, name)}"
        yield Line((*path, name), named, text)
