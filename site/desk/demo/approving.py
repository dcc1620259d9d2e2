"""The demo's plan as its coordinator approved it, and as the draft has gone on since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.models import User
from desk.demo.content import read, words
from themes.models import ExpectedResult, Goal, Practice, Proof, Responsibility
from themes.plans import snapshot
from themes.plans.actions import approve_plan, mark

if TYPE_CHECKING:
    from themes.models import Theme


def approve_demo_plan(theme: Theme) -> None:
    content, coordinator = read("approving"), User.objects.get(username="koordinaattori")
    for row in content["goals"]:
        goal = Goal.objects.get(theme=theme, key=row["key"])
        goal.budget_hours, goal.budget_eur = row["hours"], row.get("euros")
        goal.full_clean()
        goal.save()
        Responsibility.objects.create(goal=goal, staff=coordinator, **words("role", row["role"]))
        Proof.objects.create(message=goal.messages.order_by("pk")[0], practice=Practice.objects.get(theme=theme, key=row["practice"]))
    plan = theme.plans.get()
    approve_plan(plan=plan, note=content["note"], by=coordinator, seen=mark(snapshot.of_plan(plan)))
    later = content["later"]
    result = ExpectedResult.objects.get(goal__theme=theme, goal__key=later["goal"], measure=later["measure"])
    result.high = later["high"]
    result.full_clean()
    result.save()
