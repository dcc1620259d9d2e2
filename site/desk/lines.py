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

WEEKS = 12
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


def lines(outreaches: Sequence[Outreach], *, linked: bool, today: date) -> list[Line]:
    """`linked` is whether the reader may open the act, which names contacts."""
    keys = [row.pk for row in outreaches]
    people = dict(Touch.objects.filter(outreach__in=keys).order_by().values_list("outreach").annotate(number=Count("person", distinct=True)))
    views = dict(Tally.objects.filter(outreach__in=keys).order_by().values_list("outreach").annotate(number=Sum("count")))
    weekly = _weekly(keys, today)
    return [_line(row, people.get(row.pk, 0), views.get(row.pk, 0), weekly.get(row.pk), linked) for row in outreaches]


def _line(row: Outreach, people: int, views: int, weekly: list[int] | None, linked: bool) -> Line:
    day = timezone.localdate(row.done_at) if row.done_at else row.planned_on
    return Line(
        date=date_format(day, "SHORT_DATE_FORMAT") if day else "",
        date_iso=day.isoformat() if day else "",
        channel=MARKS.get(row.kind, row.kind),
        channel_label=row.channel.name if row.channel else row.get_kind_display(),
        title=row.title,
        url=reverse("desk:outreach", args=[row.pk]) if linked else "",
        audience=_names(row.audiences.all()),
        goal=_names(row.goals.all()),
        reach=reach(people, views),
        spark_points=spark(weekly) if weekly else "",
    )


def _names(rows: Iterable[object]) -> str:
    return ", ".join(str(row) for row in rows)


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
