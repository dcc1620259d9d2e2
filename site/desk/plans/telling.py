"""A frozen plan as a document: the same on the screen and on paper."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from base.documents.parts import Facts, Heading, Items, Table, Text, paragraphs
from themes.models import Goal, Scope
from themes.plans.reading import NUMBERS, amount, day, label, number, person_or_role, said
from themes.plans.snapshot import CHOSEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from base.documents.parts import Part
    from themes.plans.reading import Frozen

WIDTHS = (34, 17, 15, 15, 18, 14, 16)


def facts_of(frozen: Frozen) -> list[str]:
    plan = frozen["plan"]
    return [said(frozen["theme"]), f"{day(plan['starts'])}–{day(plan['ends'])}"]


def parts_of(frozen: Frozen, standings: Mapping[int, str] | None = None) -> list[Part]:
    """`standings`: which version each result of a draft belongs to; without them the document is one version."""
    return [*paragraphs(said(frozen["plan"]["description"])), *_sums(frozen), *_scopes(frozen, standings or {})]


def _sums(frozen: Frozen) -> Iterator[Part]:
    """What the goals take together, of those that say it."""
    rows = []
    for name, named in (("hours", _("Hours of work, all goals")), ("euros", _("Cost in euros, all goals"))):
        given = [goal[name] for goal in frozen["goals"] if goal[name] is not None]
        if given:
            of = _("%(sum)s (%(given)d of %(all)d goals say it)")
            rows.append((named, of % {"sum": amount(str(sum(map(Decimal, given)))), "given": len(given), "all": len(frozen["goals"])}))
    if rows:
        yield Facts(rows)


def _scopes(frozen: Frozen, standings: Mapping[int, str]) -> Iterator[Part]:
    for scope in Scope:
        goals = [goal for goal in frozen["goals"] if goal["scope"]["value"] == scope.value]
        if goals:
            yield Heading(2, said(goals[0]["scope"]["words"]))
        for goal in goals:
            yield from _goal(goal, standings)


def _goal(goal: Frozen, standings: Mapping[int, str]) -> Iterator[Part]:
    yield Heading(3, said(goal["name"]))
    yield from paragraphs(said(goal["description"]))
    yield Facts([row for row in _facts(goal) if row[1]])
    if goal["messages"]:
        yield Heading(4, _("Core messages"))
        yield Items([_message(row) for row in goal["messages"]])
    yield Heading(4, _("Expected results"))
    yield _results(goal, standings) if goal["results"] else Text(_("No expected results have been set."))


def _facts(goal: Frozen) -> list[tuple[str, str]]:
    chosen = [(label(Goal, name), "; ".join(_chosen(row) for row in goal[name])) for name in CHOSEN]
    return [
        (label(Goal, "kind"), said(goal["kind"]["words"])),
        (label(Goal, "starts"), day(goal["starts"])),
        (label(Goal, "due"), day(goal["due"])),
        *chosen,
        (_("Who answers for it"), "; ".join(person_or_role(row) for row in goal["responsibilities"])),
        (label(Goal, "budget_hours"), amount(goal["hours"])),
        (label(Goal, "budget_eur"), amount(goal["euros"])),
    ]


def _chosen(row: Frozen) -> str:
    return f"{said(row['words'])} ({said(row['kind']['words']).lower()})" if "kind" in row else said(row["words"])


def _message(row: Frozen) -> str:
    proofs = "; ".join(said(proof["words"]) for proof in row["proofs"])
    return _("%(message)s – proved by: %(proofs)s") % {"message": said(row["words"]), "proofs": proofs} if proofs else said(row["words"])


def _results(goal: Frozen, standings: Mapping[int, str]) -> Table:
    head = [_("Measure and unit"), _("Level"), _("Baseline"), _("At least"), _("Target"), _("At most"), _("Due")]
    more, widths = ([_("In which version")], (*WIDTHS, 20)) if standings else ([], WIDTHS)
    rows = [[*_result(row), *([standings[row["id"]]] if standings else [])] for row in goal["results"]]
    return Table(_("Expected results: %(goal)s") % {"goal": said(goal["name"])}, [*head, *more], rows, widths)


def _result(row: Frozen) -> list[str]:
    unit = said(row["unit"])
    name = f"{said(row['words'])} ({unit})" if unit else said(row["words"])
    return [name, said(row["level_words"]) or _("Not known"), *(number(row[figure]) for figure in NUMBERS), day(row["due"])]
