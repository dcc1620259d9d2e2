"""Media mentions and surveys of the demo, as a coordinator types them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from desk.demo.content import read
from themes.evidence import actions
from themes.models import Goal, Mention, Survey

if TYPE_CHECKING:
    from collections.abc import Callable

    from themes.models import Theme


def evidence_acts(theme: Theme) -> list[tuple[float, Callable[[], Any]]]:
    """(days before today, what to do then). Written down the day after."""
    content = read("evidence")
    rows = [(Mention, row) for row in content["mentions"]] + [(Survey, row) for row in content["surveys"]]
    return [(row["days"] - 1, partial(write_down, theme, model, row)) for model, row in rows]


def write_down(theme: Theme, model: type[Any], told: dict[str, Any]) -> None:
    values = {name: value for name, value in told.items() if name not in ("days", "goals")}
    row = model(theme=theme, day=timezone.localdate() - timedelta(days=1), **values)
    row.full_clean(exclude=["goals"])
    actions.bring([(row, list(Goal.objects.filter(theme=theme, key__in=told["goals"])))], by=None)
