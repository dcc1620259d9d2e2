"""What other themes' acts did for a goal, as lines: each from the day it was taken to the day it ended."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from base.bounds import everywhere
from base.languages import active
from contacts import shared
from contacts.bridges import pages_of
from contacts.models import Bridge, Tally
from desk.lines import MARKS, WEEKS, Line, reach, spark
from themes.pages import from_theme

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any
    from uuid import UUID

    from themes.models import Goal


def lines_from_others(goal: Goal, today: date) -> list[Line]:
    """The newest first. As many queries for any number of acts; those that the goal's own theme counts anyway are left out."""
    with everywhere():
        spans: dict[int, list[shared.Span]] = defaultdict(list)
        for span in shared.spans([goal.pk]):
            spans[span.outreach].append(span)
        rows = Bridge.objects.filter(goals=goal, outreach__in=spans, accepted_at__isnull=False).select_related("outreach__theme")
        # An act that was shared twice is one line, of the last time.
        newest = {row.outreach_id: row for row in rows.order_by("accepted_at")}
        counted: dict[int, Counter[date]] = defaultdict(Counter)
        for act, day, number in Tally.objects.filter(outreach__in=spans).order_by().values_list("outreach", "day").annotate(number=Sum("count")):
            if day <= today and any(span.holds(day) for span in spans[act]):
                counted[act][day] += number
        pages = pages_of(newest.values(), active())
    found = sorted(newest.values(), key=lambda row: row.accepted_at or row.offered_at, reverse=True)
    return [_line(row, counted[row.outreach_id], pages, today) for row in found]


def _line(row: Bridge, days: Counter[date], pages: Mapping[UUID | None, Any], today: date) -> Line:
    began, act = timezone.localdate(row.accepted_at), row.outreach
    page = pages.get(act.item_key)
    weekly = [0] * WEEKS
    for day, number in days.items():
        if (weeks := (today - day).days // 7) < WEEKS:
            weekly[WEEKS - 1 - weeks] += number
    return Line(
        date=date_format(began, "SHORT_DATE_FORMAT"),
        date_iso=began.isoformat(),
        channel=MARKS.get(act.kind, act.kind),
        channel_label=act.get_kind_display(),
        title=act.title,
        url=page.full_url if page else "",
        audience=from_theme(act.theme),
        goal=_("until %(day)s") % {"day": date_format(timezone.localdate(row.ended_at), "SHORT_DATE_FORMAT")} if row.ended_at else "",
        reach=reach(0, sum(days.values())),
        spark_points=spark(weekly) if any(weekly) else "",
    )
