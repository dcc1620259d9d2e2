"""A draft plan with its first goals, begun from what the theme says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from base.languages import CODES
from themes.models import Change, Goal, Plan, SubTheme
from themes.named import free_key

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from base.models import User
    from themes.models import Region, Strategy, TargetGroup, Theme


@dataclass(frozen=True)
class Suggestion:
    """What a goal may begin from: a change that the theme seeks, or a sub-theme of it. `key` is lasting."""

    key: str
    names: dict[str, str]


@dataclass(frozen=True)
class Beginning:
    """A goal to be. Of the audiences it gets those of its own scope."""

    name: str
    kind: str
    scope: str
    suggestion: Suggestion | None = None


@dataclass(frozen=True)
class Facts:
    names: dict[str, str]
    starts: date
    ends: date
    audiences: Collection[TargetGroup] = ()
    regions: Collection[Region] = ()
    strategies: Collection[Strategy] = ()
    goals: Collection[Beginning] = field(default_factory=list)


def suggestions(theme: Theme) -> list[Suggestion]:
    """Changes first: they say what is to be different."""
    found = []
    for model in (Change, SubTheme):
        found += [
            Suggestion(f"{model._meta.model_name}-{row.pk}", {code: getattr(row, f"name_{code}") for code in CODES})
            for row in model.objects.filter(theme=theme).order_by("pk")
        ]
    return found


def begin_plan(*, theme: Theme, facts: Facts, by: User) -> Plan:
    """A suggestion that was taken as it stands brings its words in the other languages."""
    with transaction.atomic():
        key = free_key(Plan, theme, facts.names["fi"])
        plan = Plan.objects.create(theme=theme, key=key, starts=facts.starts, ends=facts.ends, **_fields(facts.names))
        log(instance=plan, action="wagtail.create", user=by)
        for beginning in facts.goals:
            _begin_goal(plan, beginning, facts, by)
    return plan


def _begin_goal(plan: Plan, beginning: Beginning, facts: Facts, by: User) -> None:
    taken = beginning.suggestion if beginning.suggestion and beginning.suggestion.names["fi"] == beginning.name else None
    names = taken.names if taken else {"fi": beginning.name, "sv": "", "en": ""}
    key = free_key(Goal, plan.theme, beginning.name)
    goal = Goal.objects.create(theme=plan.theme, plan=plan, key=key, kind=beginning.kind, scope=beginning.scope, **_fields(names))
    goal.audiences.set(group for group in facts.audiences if group.scope == beginning.scope)
    goal.regions.set(facts.regions)
    goal.strategies.set(facts.strategies)
    log(instance=goal, action="wagtail.create", user=by)


def _fields(names: dict[str, str]) -> dict[str, str]:
    return {f"name_{code}": names.get(code, "") for code in CODES}
