"""What differs between two frozen plans: what was added, taken away and changed, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from themes.models import Plan
from themes.plans.reading import label_of_kind, lines_of_goal, lines_of_plan, said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from themes.plans.reading import Frozen, Line


class How(models.TextChoices):
    ADDED = "added", _("Added")
    REMOVED = "removed", _("Taken away")
    CHANGED = "changed", _("Changed")


@dataclass(frozen=True)
class Change:
    how: How
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Section:
    """The plan itself, or one goal. `how` is that of the goal as a whole."""

    title: str
    how: How
    changes: tuple[Change, ...]


def differences(old: Frozen, new: Frozen) -> list[Section]:
    """The plan first, then goals in the order of the newer version, then those that were taken away. Empty where nothing differs."""
    found = [Section(label_of_kind(Plan), How.CHANGED, changes(lines_of_plan(old["plan"]), lines_of_plan(new["plan"])))]
    before, after = _by_id(old), _by_id(new)
    found += [_goal(before.get(key), goal) for key, goal in after.items()]
    found += [_goal(goal, None) for key, goal in before.items() if key not in after]
    return [section for section in found if section.changes]


def goal_changes(old: Frozen, new: Frozen) -> tuple[Change, ...]:
    return changes(lines_of_goal(old), lines_of_goal(new))


def plan_changes(old: Frozen, new: Frozen) -> tuple[Change, ...]:
    return changes(lines_of_plan(old), lines_of_plan(new))


def changes(old: Iterable[Line], new: Iterable[Line]) -> tuple[Change, ...]:
    """Where a line is in both, its place is that of the newer."""
    before, after = {line.path: line for line in old}, {line.path: line for line in new}
    found = [_change(before.get(path), line) for path, line in after.items()]
    found += [_change(line, None) for path, line in before.items() if path not in after]
    return tuple(change for change in found if change is not None)


def _change(old: Line | None, new: Line | None) -> Change | None:
    if old is None:
        return Change(How.ADDED, new.label, "", new.text) if new else None
    if new is None:
        return Change(How.REMOVED, old.label, old.text, "")
    return None if old.text == new.text else Change(How.CHANGED, new.label, old.text, new.text)


def _goal(old: Frozen | None, new: Frozen | None) -> Section:
    how = How.CHANGED if old and new else How.ADDED if new else How.REMOVED
    title = said((new or old or {})["name"])
    return Section(title, how, changes(lines_of_goal(old) if old else (), lines_of_goal(new) if new else ()))


def _by_id(frozen: Frozen) -> dict[int, Any]:
    return {goal["id"]: goal for goal in frozen["goals"]}
