"""Runs beside the server (`Server.call`): what a goal's coverage holds."""

from __future__ import annotations

from typing import Any

from contacts.coverage.audience import audience, reached
from contacts.coverage.counting import total_of
from themes.models import Goal


def least_covered() -> dict[str, Any]:
    """The goal that misses most, two of those who are missing, and how many were reached."""
    goal = max(Goal.objects.order_by("pk"), key=lambda goal: total_of(goal).missing)
    people = audience(goal).filter(~reached(goal)).exclude(last_name="").order_by("pk")[:2]
    return {"goal": goal.pk, "reached": total_of(goal).reached, "people": [[person.pk, person.email] for person in people]}


def covered(goal: int) -> int:
    return total_of(Goal.objects.get(pk=goal)).reached
