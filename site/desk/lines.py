"""Outreach as lines for `base/outreach_line.html`: what each act reached, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import Outreach, Tally, Touch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from themes.models import Goal

WEEKS = 12
MOST_NAMES = 2
MARKS = {Outreach.Kind.ISSUE.value: "newsletter"}


@dataclass(frozen=True)
class Line:
    date: str
    date_iso: str
    channel: str
    channel_label: str
    title: str
    url: str
    audience: str
    goal: str
    reach: str
    spark_points: str


def for_lines(outreaches: QuerySet[Outreach]) -> QuerySet[Outreach]:
    """The rows with what their lines read. `lines` needs it, so that queries do not grow with the rows."""
    return outreaches.select_related("channel").prefetch_related("goals", "audiences")


def lines(outreaches: Sequence[Outreach], *, linked: bool, today: date, of: Goal | None = None) -> list[Line]:
    """`linked` is whether the reader may open the act, which names contacts. `of` is the goal whose page it is: it is not named again."""
    keys = [row.pk for row in outreaches]
    people = dict(Touch.objects.filter(outreach__in=keys).order_by().values_list("outreach").annotate(number=Count("person", distinct=True)))
    views = dict(Tally.objects.filter(outreach__in=keys).order_by().values_list("outreach").annotate(number=Sum("count")))
    weekly = _weekly(keys, today)
    return [_line(row, people.get(row.pk, 0), views.get(row.pk, 0), weekly.get(row.pk), linked, of) for row in outreaches]


def _line(row: Outreach, people: int, views: int, weekly: list[int] | None, linked: bool, of: Goal | None) -> Line:
    day = timezone.localdate(row.done_at) if row.done_at else row.planned_on
    return Line(
        date=date_format(day, "SHORT_DATE_FORMAT") if day else "",
        date_iso=day.isoformat() if day else "",
        channel=MARKS.get(row.kind, row.kind),
        channel_label=row.channel.name if row.channel else row.get_kind_display(),
        title=row.title,
        url=reverse("desk:outreach", args=[row.pk]) if linked else "",
        audience=_names(row.audiences.all()),
        goal=_names(goal for goal in row.goals.all() if goal != of),
        reach=reach(people, views),
        spark_points=spark(weekly) if weekly else "",
    )


def _names(rows: Iterable[object]) -> str:
    """The first two; of the others, how many."""
    words = [str(row) for row in rows]
    rest = len(words) - MOST_NAMES
    named = ", ".join(words[:MOST_NAMES])
    return (
        ngettext("%(named)s and %(number)d other", "%(named)s and %(number)d others", rest) % {"named": named, "number": rest} if rest > 0 else named
    )


def reach(people: int, views: int) -> str:
    """In words; "" where nobody is known to have been reached."""
    parts = []
    if people:
        parts.append(ngettext("%(number)d contact", "%(number)d contacts", people) % {"number": people})
    if views:
        parts.append(ngettext("%(number)d view", "%(number)d views", views) % {"number": views})
    return _(", ").join(parts)


def spark(weekly: Sequence[int]) -> str:
    """Points of a polyline in a box of 100 x 24, the newest week last."""
    top, last = max(*weekly, 1), len(weekly) - 1
    return " ".join(f"{100 * week / last:.0f},{22 - 20 * number / top:.1f}" for week, number in enumerate(weekly))


def _weekly(keys: Sequence[int], today: date) -> dict[int, list[int]]:
    """Touches and views of the last weeks by outreach; one without any is missing."""
    start = today - timedelta(weeks=WEEKS)
    touched = Touch.objects.filter(outreach__in=keys).order_by().annotate(day=TruncDate("at")).filter(day__gt=start, day__lte=today)
    viewed = Tally.objects.filter(outreach__in=keys, day__gt=start, day__lte=today).order_by()
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * WEEKS)
    for rows in (touched.values_list("outreach", "day").annotate(n=Count("pk")), viewed.values_list("outreach", "day").annotate(n=Sum("count"))):
        for key, day, number in rows:
            counts[key][WEEKS - 1 - (today - day).days // 7] += number
    return dict(counts)
