"""What the steering group decided in its meetings and recommended for goals, and who follows it up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from desk.reports.outreach import moment, name_of
from desk.reports.records import Recommendation
from events.models import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from base.models import User
    from desk.reports.periods import Period
    from themes.models import Goal, Theme


def of(theme: Theme, goals: Sequence[Goal], period: Period) -> list[dict[str, Any]]:
    """The open ones, and those that were done in the period."""
    ends = moment(period.ends + timedelta(days=1))
    told = Q(done_at=None) | Q(done_at__gte=moment(period.starts), done_at__lt=ends)
    decisions = Decision.objects.filter(told, theme=theme).select_related("responsible")
    recommended = Recommendation.objects.filter(told, goal__in=[goal.pk for goal in goals]).select_related("responsible")
    return [_row(row, None) for row in decisions] + [_row(row, row.goal_id) for row in recommended]


def _row(row: Any, goal: int | None) -> dict[str, Any]:
    """`goal` None: a decision of a meeting."""
    done = timezone.localdate(row.done_at).isoformat() if row.done_at else None
    return {"text": row.text, "goal": goal, "responsible": name_of(row.responsible), "due": row.due.isoformat() if row.due else None, "done": done}


@transaction.atomic
def end_recommendation(*, recommendation: Recommendation, by: User) -> bool:
    """Once: of two at once, one."""
    made = Recommendation.objects.filter(pk=recommendation.pk, done_at=None).update(done_at=timezone.now(), done_by=by)
    if made:
        log(recommendation.goal, "desk.end_recommendation", user=by, data={"recommendation": recommendation.text[:200]})
    return bool(made)
