"""What a plan must hold. Pure: levels of measures go in, reasons come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Any

OUTPUT = "output"
BEYOND = frozenset({"outtake", "outcome", "impact"})


def measures_output_only(levels: Collection[str]) -> bool:
    """Levels of the goal's expected results; "" is one that nobody knows any more, and gets the benefit of the doubt while the plan is a draft."""
    return bool(levels) and set(levels) == {OUTPUT}


def why_output_is_not_enough() -> str:
    return _(
        "All of these measure only what is put out. Add at least one result that tells what comes of it in the audience: "
        "a measure of the level out-take, outcome or impact."
    )


@dataclass(frozen=True)
class Refusal:
    """Why a plan cannot be approved: `goal` is a frozen goal of `themes.plans.snapshot`, or None for the plan as a whole."""

    goal: dict[str, Any] | None
    reason: str


def refusals(goals: Iterable[dict[str, Any]]) -> list[Refusal]:
    """Of a plan that is to be approved. `goals` as `themes.plans.snapshot` freezes them."""
    found = list(goals)
    if not found:
        return [Refusal(None, _("The plan has no goals yet."))]
    reasons = ((goal, _reason(goal)) for goal in found)
    return [Refusal(goal, reason) for goal, reason in reasons if reason]


def _reason(goal: dict[str, Any]) -> str:
    results = goal["results"]
    if not results:
        return _("The goal has no expected result.")
    if any(result["level"] in BEYOND for result in results):
        return ""
    if any(not result["level"] for result in results):
        return _("The goal's only result beyond output has a measure that is not installed any more. Choose another measure.")
    return why_output_is_not_enough()
