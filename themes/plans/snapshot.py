"""A plan, frozen: everything it says, as JSON, with its words in three languages. The number of queries does not grow with the goals."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.utils import translation

from base.languages import CODES
from themes import measures
from themes.models import ExpectedResult, Goal, Message, Proof, Responsibility

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import Model

    from themes.models import Plan

# Of the shape below. What was frozen is never rewritten: a reader of an older shape asks for it.
FORMAT = 1
CHOSEN = ("audiences", "regions", "strategies", "means", "channels")


def of_plan(plan: Plan) -> dict[str, Any]:
    return {"format": FORMAT, "theme": _words(plan.theme), "plan": facts(plan), "goals": of_goals(plan.goals.order_by("scope", "pk"))}


def facts(plan: Plan) -> dict[str, Any]:
    """What the plan says before its goals."""
    return {
        "id": plan.pk,
        "name": _words(plan),
        "description": _words(plan, "description"),
        "starts": plan.starts.isoformat(),
        "ends": plan.ends.isoformat(),
    }


def of_goals(goals: Any) -> list[dict[str, Any]]:
    """`goals` is a queryset of them."""
    rows = list(goals.prefetch_related(*CHOSEN))
    ids = [goal.pk for goal in rows]
    messages = list(Message.objects.filter(goal__in=ids).order_by("pk"))
    proofs = Proof.objects.filter(message__in=[row.pk for row in messages]).select_related("practice", "page").order_by("pk")
    parts = {
        "messages": _grouped(messages, "goal_id"),
        "proofs": _grouped(proofs, "message_id"),
        "responsibilities": _grouped(Responsibility.objects.filter(goal__in=ids).select_related("staff").order_by("pk"), "goal_id"),
        "results": _grouped(ExpectedResult.objects.filter(goal__in=ids).order_by("pk"), "goal_id"),
    }
    return [_goal(goal, parts) for goal in rows]


def of_goal(goal: Goal) -> dict[str, Any]:
    """As it stands in the database."""
    (frozen,) = of_goals(Goal.objects.filter(pk=goal.pk))
    return frozen


def _goal(goal: Goal, parts: Mapping[str, Mapping[int, list[Any]]]) -> dict[str, Any]:
    return {
        "id": goal.pk,
        "name": _words(goal),
        "description": _words(goal, "description"),
        "scope": _choice(goal.scope, goal.get_scope_display),
        "kind": _choice(goal.kind, goal.get_kind_display),
        "starts": _day(goal.starts),
        "due": _day(goal.due),
        "hours": _amount(goal.budget_hours),
        "euros": _amount(goal.budget_eur),
        **{name: [_chosen(row) for row in sorted(getattr(goal, name).all(), key=lambda row: int(row.pk))] for name in CHOSEN},
        "messages": [_message(row, parts["proofs"].get(row.pk, ())) for row in parts["messages"].get(goal.pk, ())],
        "responsibilities": [_responsibility(row) for row in parts["responsibilities"].get(goal.pk, ())],
        "results": [result(row) for row in parts["results"].get(goal.pk, ())],
    }


def result(row: ExpectedResult) -> dict[str, Any]:
    measure = row.known_measure
    level = measures.LEVELS.get(row.level, row.level)
    return {
        "id": row.pk,
        "measure": row.measure,
        "words": in_languages(lambda: row.measure_label),
        "unit": in_languages(lambda: str(measure.unit) if measure else ""),
        "level": row.level,
        "level_words": in_languages(lambda: str(level)),
        "baseline": row.baseline,
        "low": row.low,
        "target": row.target,
        "high": row.high,
        "due": row.due.isoformat(),
    }


def _message(row: Message, proofs: Iterable[Proof]) -> dict[str, Any]:
    return {"id": row.pk, "words": _words(row), "proofs": [_proof(proof) for proof in proofs]}


def _proof(row: Proof) -> dict[str, Any]:
    if row.practice:
        return {"id": row.pk, "kind": "practice", "key": row.practice.pk, "words": _words(row.practice)}
    title = row.page.title if row.page else ""
    return {"id": row.pk, "kind": "page", "key": row.page_id, "words": dict.fromkeys(CODES, title)}


def _responsibility(row: Responsibility) -> dict[str, Any]:
    name = (row.staff.get_full_name() or row.staff.get_username()) if row.staff else ""
    return {"id": row.pk, "staff": name, "words": _words(row, "role")}


def _chosen(row: Any) -> dict[str, Any]:
    kind = {"kind": _choice(row.kind, row.get_kind_display)} if hasattr(row, "get_kind_display") else {}
    return {"key": row.pk, "words": _words(row)} | kind


def _words(row: Any, name: str = "name") -> dict[str, str]:
    return {code: getattr(row, f"{name}_{code}") for code in CODES}


def in_languages(say: Callable[[], str]) -> dict[str, str]:
    found = {}
    for code in CODES:
        with translation.override(code):
            found[code] = str(say())
    return found


def _choice(value: str, display: Callable[[], Any]) -> dict[str, Any]:
    return {"value": value, "words": in_languages(display)}


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _amount(value: Any) -> str | None:
    return None if value is None else f"{value:.2f}"


def _grouped(rows: Iterable[Model], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
