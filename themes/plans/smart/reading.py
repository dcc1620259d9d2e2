"""What stands in a goal's form, whether it could be saved or not, and in a goal that is saved."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from themes import measures
from themes.models import Plan
from themes.plans.smart.rules import Draft, TypedResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import QueryDict

    from themes.models import Goal

# A form that claims more rows than this is none of ours.
MOST_ROWS = 200
FIGURES = ("baseline", "low", "target", "high")


def of_goal(goal: Goal) -> Draft:
    """Of a new goal, an empty draft."""
    if not goal.pk:
        return Draft()
    results = [
        TypedResult(number, row.measure, _unit(row.measure), row.baseline, row.low, row.target, row.high, row.due)
        for number, row in enumerate(goal.expected_results.order_by("pk"))
    ]
    counts = {name: getattr(goal, name).count() for name in ("audiences", "regions", "messages", "strategies")}
    return Draft(**counts, results=tuple(results), due=goal.due, plan_starts=goal.plan.starts, plan_ends=goal.plan.ends)


def of_form(data: QueryDict) -> Draft:
    """`data` as the form sends it, nothing of it checked."""
    number = data.get("plan", "")
    plan = Plan.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    return Draft(
        **{name: len(data.getlist(name)) for name in ("audiences", "regions", "strategies")},
        messages=sum(bool(data.get(f"{row}-name_fi", "").strip()) for _number, row in _rows(data, "messages")),
        results=tuple(_result(data, number, row) for number, row in _rows(data, "expected_results")),
        due=_day(data.get("due", "")),
        plan_starts=plan.starts if plan else None,
        plan_ends=plan.ends if plan else None,
    )


def _rows(data: QueryDict, prefix: str) -> Iterator[tuple[int, str]]:
    """Those that are not taken away."""
    total = _figure(data.get(f"{prefix}-TOTAL_FORMS", "")) or 0
    for number in range(min(total, MOST_ROWS)):
        if not data.get(f"{prefix}-{number}-DELETE"):
            yield number, f"{prefix}-{number}"


def _result(data: QueryDict, number: int, row: str) -> TypedResult:
    measure = data.get(f"{row}-measure", "")
    figures = {name: _figure(data.get(f"{row}-{name}", "")) for name in FIGURES}
    return TypedResult(number=number, measure=measure, unit=_unit(measure), due=_day(data.get(f"{row}-due", "")), **figures)


def _unit(key: str) -> str:
    measure = measures.get(key)
    return str(measure.unit) if measure else ""


def _figure(text: str) -> int | None:
    found: int | None = _cleaned(forms.IntegerField(min_value=0, required=False), text)
    return found


def _day(text: str) -> date | None:
    found: date | None = _cleaned(forms.DateField(required=False), text)
    return found


def _cleaned(field: forms.Field, text: str) -> Any:
    """None of what cannot be read: the form says so when it is saved."""
    try:
        return field.clean(text)
    except ValidationError:
        return None
