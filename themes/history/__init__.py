"""The figures of goals by day: `rolling` settles them each night, `reading` gives them, and `forget` says that settled days have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.bounds import everywhere
from themes.models import Series

if TYPE_CHECKING:
    from collections.abc import Iterable


def forget(goal_ids: Iterable[int]) -> None:
    """Until the next night the figures of these goals are counted anew whenever somebody looks."""
    with everywhere():
        Series.objects.filter(goal__in=list(goal_ids), is_stale=False).update(is_stale=True)
