"""The coverage of many goals in one question, whatever their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import TruncDate

from base.bounds import everywhere
from contacts.coverage.audience import DEPTHS
from contacts.coverage.counting import Coverage, everybody
from contacts.models import Touch
from contacts.own_measures import MEANT, members_of_networks
from contacts.shared import spans
from themes.models import Goal, Region, TargetGroup

if TYPE_CHECKING:
    from collections.abc import Collection

    from contacts.shared import Span

GOAL = "outreach__goals"
COVERAGES = """
WITH {everybody}, member (goal, someone) AS ({member}), touched (goal, person, depth) AS ({touched}),
deep (goal, person, depth) AS (SELECT goal, person, MAX(depth) FROM touched GROUP BY goal, person),
everyone (goal, person, place, grp) AS (
SELECT themes_goal.id, everybody.id, place, grp FROM themes_goal JOIN everybody ON theme = theme_id WHERE themes_goal.id IN ({goals})),
meant (goal, person, place, grp) AS (SELECT goal, person, place, grp FROM everyone WHERE {meant})
SELECT meant.goal, place, grp, COALESCE(depth, 0), COUNT(*) FROM meant LEFT JOIN deep ON deep.goal = meant.goal AND deep.person = meant.person
GROUP BY meant.goal, place, grp, COALESCE(depth, 0)
"""


def cover_many(goals: Collection[Goal]) -> dict[int, Coverage]:
    """By goal, as `counting.cover` has each, without its networks. Four queries; each goal's audience is who it means today."""
    found = {goal.pk: Coverage() for goal in goals}
    if not found:
        return found
    with everywhere():
        regions: dict[int | None, Region] = {region.pk: region for region in Region.objects.all()}
        groups: dict[int | None, TargetGroup] = {row.pk: row for row in TargetGroup.objects.filter(theme__in={goal.theme_id for goal in goals})}
        for goal, place, group, depth, number in _numbers(list(found)):
            found[goal].add(regions.get(place), groups.get(group), depth, number)
    return found


def _numbers(goal_ids: list[int]) -> list[tuple[int, int | None, int | None, int, int]]:
    """(goal, region, target group, depth, people)."""
    parts = (everybody(Goal.objects.filter(pk__in=goal_ids).values("theme")), members_of_networks(goal_ids), _touched(goal_ids))
    names = dict(zip(("everybody", "member", "touched"), (sql for sql, _values in parts), strict=True))
    question = COVERAGES.format(**names, goals=", ".join(["%s"] * len(goal_ids)), meant=MEANT)
    with connection.cursor() as cursor:
        cursor.execute(question, [*(value for _sql, values in parts for value in values), *goal_ids])
        rows: list[tuple[int, int | None, int | None, int, int]] = cursor.fetchall()
    return rows


def _touched(goal_ids: list[int]) -> tuple[str, tuple[Any, ...]]:
    """(goal, person, depth): of the goals' own acts, and of other themes' acts while a bridge brought them."""
    own = Touch.objects.filter(**{f"{GOAL}__in": goal_ids}).order_by().annotate(depth=_depth()).values_list(GOAL, "person", "depth")
    asked = [own.query.sql_with_params(), *(_bridged(span) for span in spans(goal_ids))]
    return " UNION ALL ".join(sql for sql, _values in asked), tuple(value for _sql, values in asked for value in values)


def _bridged(span: Span) -> tuple[str, tuple[Any, ...]]:
    days = Q(day__gte=span.first) & (Q(day__lte=span.last) if span.last else Q())
    rows = Touch.objects.filter(outreach=span.outreach).order_by().alias(day=TruncDate("at")).filter(days)
    goal = Value(span.goal, output_field=IntegerField())
    return rows.annotate(goal=goal, depth=_depth()).values_list("goal", "person", "depth").query.sql_with_params()


def _depth() -> Any:
    """Of a touch; the greatest of a contact's is taken once all of them are together."""
    return Case(*(When(kind=kind, then=Value(int(depth))) for kind, depth in DEPTHS.items()), default=Value(0), output_field=IntegerField())
