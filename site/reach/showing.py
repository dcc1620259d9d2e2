"""The figures as they are shown and taken along: the same tables, each number with what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from base import charts
from base.blocks.values import ValueTable, in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reach.figures import Figures, Found, Live
    from reach.filters import Narrowed

# Days of which each has a place in the chart; more are summed by week, and by month.
BY_DAY, BY_WEEK = 31, 200


class Number(NamedTuple):
    label: str
    meaning: str
    value: str


class Line(NamedTuple):
    """Of the file."""

    table: str
    of: str
    views: int
    other: int | None
    readers: int
    visits: int
    seconds: int | None
    depth: int | None


@dataclass(frozen=True)
class Table:
    key: str
    title: str
    of: str
    note: str
    rows: list[Figures]
    # Whether rows have readers and readings; those of sources and campaigns have neither.
    is_full: bool
    has_visits: bool = False


def headline(found: Found) -> list[Number]:
    whole, days = found.whole, len(found.days)
    summed = _("Of one day: different readers. Two people with the same browser in the same network are one.")
    if days > 1:
        summed = _("Not different people over the period: whoever comes on five days is five. Within a day each is one.")
    numbers = [
        Number(_("Page views"), _("Pages in view for at least a second, of people who let themselves be counted."), _count(whole.views)),
        Number(_("Daily readers, summed") if days > 1 else _("Readers of the day"), summed, _count(whole.readers)),
    ]
    if whole.visits:
        numbers.append(Number(_("Visits"), _("They end after 30 minutes without a page, and at midnight."), _count(whole.visits)))
    share = _("Measured of %(reads)s of %(views)s views: not every browser says when a page is left.") % {
        "reads": _count(whole.reads), "views": _count(whole.views),
    }  # fmt: skip
    if whole.mean_seconds is not None:
        numbers.append(Number(_("Time on a page, on average"), share, duration(whole.mean_seconds)))
        numbers.append(Number(_("Read so far, on average"), _("How far down the page was scrolled, in quarters."), f"{whole.mean_depth} %"))
    if whole.other is not None:
        change = _("no views then") if whole.change is None else f"{whole.change:+d} %"
        numbers.append(Number(_("Compared period"), _("Page views then, and the change since."), f"{_count(whole.other)} ({change})"))
    return numbers


def _count(number: int) -> str:
    return in_words(Decimal(number))


def duration(seconds: int | None) -> str:
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def tables(found: Found) -> list[Table]:
    rows = [
        Table("pages", _("Pages"), _("Page"), _("The fifty that were opened most."), found.pages, is_full=True),
        Table("sections", _("Sections"), _("Section"), _("A reader of two sections is a reader of each."), found.sections, is_full=True),
        Table("languages", _("Languages"), _("Language"), _("Of the page, not of the reader."), found.languages, is_full=True),
        Table(
            "sources", _("Where readers came from"), _("Source"),
            _("By the page before, or by what the link says of itself. Many programs do not tell: their readers stand as direct."),
            found.sources, is_full=False, has_visits=True,
        ),
        Table(
            "campaigns", _("Campaigns"), _("Campaign"), _("By the link's utm_campaign. A link that is passed on brings its campaign along."),
            found.campaigns, is_full=False, has_visits=True,
        ),
        Table("outbound", _("Links to other sites"), _("Site"), _("Followed by at least three different readers."), found.outbound, is_full=False),
        Table("sought", _("Sought and not found"), _("Search words"), _("Asked by at least three different readers."), found.sought, is_full=False),
    ]  # fmt: skip
    return [table for table in rows if table.rows]


def lines(found: Found) -> Iterator[Line]:
    for day, views, readers in found.days:
        yield Line(_("Days"), day.isoformat(), views, None, readers, 0, None, None)
    for table in tables(found):
        for row in table.rows:
            yield Line(table.title, row.name, row.views, row.other, row.readers, row.visits, row.mean_seconds, row.mean_depth)
    for reason, number in found.dropped:
        yield Line(_("Not counted"), reason, number, None, 0, 0, None, None)


def trend(found: Found, narrowed: Narrowed) -> dict[str, Any] | None:
    """As `base/figure_source.html` has it; None where nothing was read in either period."""
    if not found.whole.views and not found.whole.other:
        return None
    rows = _steps(found, narrowed)
    head = [_("Days"), _("Page views"), *([_("Compared period")] if found.other_days else [])]
    table = ValueTable(head, rows)
    legend = [{"name": name, "number": number, "is_line": True} for number, name in enumerate(head[1:], 1)] if found.other_days else []
    return {
        "title": _("Page views"),
        "unit": narrowed.sentence(),
        "svg": charts.lines(table),
        "legend": legend,
        "source": _("Kantama: readers counted without cookies"),
        "date": date_format(timezone.localdate(), "SHORT_DATE_FORMAT"),
        "table": table.shown(),
    }


def _steps(found: Found, narrowed: Narrowed) -> list[tuple[str, list[Decimal | None]]]:
    width = 1 if narrowed.days <= BY_DAY else 7 if narrowed.days <= BY_WEEK else 30
    steps = []
    for start in range(0, narrowed.days, width):
        values: list[Decimal | None] = [Decimal(sum(views for _day, views, _readers in found.days[start : start + width]))]
        if found.other_days:
            values.append(Decimal(sum(found.other_days[start : start + width])))
        steps.append((date_format(narrowed.first + timedelta(days=start), "j.n."), values))
    return steps


def live_chart(live: Live) -> dict[str, Any] | None:
    if not live.views:
        return None
    table = ValueTable([_("From"), _("Page views")], [(date_format(at, "G.i"), [Decimal(number)]) for at, number in live.fives])
    return {"svg": charts.columns(table), "table": table.shown()}
