"""What came of an item, from the ledger of outreach, the mailings that had a link to it, and the roll-ups of readers. The number of queries does
not grow with readers, contacts or mailings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from wagtail.models import Page

from base.models import SiteDocument
from base.pages import ENDONYMS
from contacts import outreach
from contacts.models import Outreach, Tally, Touch
from mail import summing
from mail.models import Click, Link
from newsletters.models import IssuePage
from reach import figures
from themes.models import TargetGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from themes.models import Goal

# A registration after a click on a link to the item: followed, not caused.
FOLLOWS_WITHIN = timedelta(days=14)
ROWS = 20
WAS_SENT = Q(kind__in=(Touch.Kind.DELIVERED, Touch.Kind.WRITTEN))


@dataclass(frozen=True)
class Mailed:
    """An issue that had a link to the item, or was the item: copies that left, and people who followed that link."""

    title: str
    sent: int
    clicked: int


@dataclass(frozen=True)
class Row:
    name: str
    number: int


@dataclass(frozen=True)
class Reached:
    act: Outreach
    goals: list[Goal]
    mailed: list[Mailed]
    # Of all days that are rolled up, in all languages; `views` are those that goals count, also from before there were roll-ups.
    read: figures.Figures
    views: list[Row]
    sources: list[tuple[str, int]]
    campaigns: list[tuple[str, int]]
    downloads: list[Row]
    tallies: list[Row]
    touches: list[Row]
    groups: list[Row]
    people: int
    acted: int
    registered_after: list[Row]

    @property
    def all_views(self) -> int:
        return sum(row.number for row in self.views)


def of_item(act: Outreach) -> Reached:
    assert act.item_key is not None  # noqa: S101 — for mypy: only acts of pages come here
    numbers = list(Page.objects.filter(translation_key=act.item_key).order_by("pk").values_list("pk", flat=True))
    read = figures.of_pages(numbers)
    touches = Touch.objects.filter(outreach=act).order_by()
    people = touches.aggregate(all=Count("person", distinct=True), acted=Count("person", filter=~WAS_SENT, distinct=True))
    return Reached(
        act=act,
        goals=list(act.goals.all()),
        mailed=_mailed(act),
        read=read["whole"],
        views=_views(act),
        sources=read["sources"],
        campaigns=read["campaigns"],
        downloads=_downloads(act),
        tallies=_tallies(act),
        touches=[Row(str(Touch.Kind(kind).label), number) for kind, number in _by(touches, "kind")],
        groups=_groups(touches),
        people=people["all"],
        acted=people["acted"],
        registered_after=_registered_after(act),
    )


def _by(touches: QuerySet[Touch], name: str) -> Sequence[tuple[Any, int]]:
    rows: Any = touches.values_list(name).annotate(number=Count("person", distinct=True)).order_by("-number", name)
    return list(rows)


def _mailed(act: Outreach) -> list[Mailed]:
    """The newest first."""
    if act.item_key is None:
        return []
    linked = Link.objects.filter(item_key=act.item_key).values("mailing")
    issues = list(IssuePage.objects.filter(mailing__in=linked).select_related("mailing").order_by("-mailing__frozen_at")[:ROWS])
    own = IssuePage.objects.filter(translation_key=act.item_key, mailing__isnull=False).select_related("mailing").first()
    if own and own.pk not in {issue.pk for issue in issues}:
        issues.insert(0, own)
    mailings = [issue.mailing for issue in issues if issue.mailing]
    sums = summing.summed_each(mailings)
    clicks = Click.objects.filter(is_human=True, link__mailing__in=mailings).order_by()
    mine = clicks if act.kind == Outreach.Kind.ISSUE else clicks.filter(link__item_key=act.item_key)
    clicked = dict(mine.values_list("link__mailing").annotate(number=Count("delivery", distinct=True)))
    return [Mailed(issue.title, sums[issue.mailing.pk].balance.sent, clicked.get(issue.mailing.pk, 0)) for issue in issues if issue.mailing]


def _views(act: Outreach) -> list[Row]:
    rows = Tally.objects.filter(outreach=act, kind=Tally.Kind.VIEW).order_by().values_list("language").annotate(number=Sum("count"))
    return [Row(ENDONYMS.get(code, code), number) for code, number in sorted(rows, key=lambda row: -row[1])]


def _downloads(act: Outreach) -> list[Row]:
    counts = outreach.downloads_of(act.item_key) if act.item_key else {}
    names = dict(SiteDocument.objects.filter(pk__in=counts).values_list("pk", "title"))
    return [Row(names.get(number, _("a file that is gone")), count) for number, count in sorted(counts.items(), key=lambda row: -row[1])][:ROWS]


def _tallies(act: Outreach) -> list[Row]:
    """What is counted beside views and downloads, whichever kinds there are: of social media posts, of rooms."""
    rows = Tally.objects.filter(outreach=act).exclude(kind__in=(Tally.Kind.VIEW, Tally.Kind.DOWNLOAD)).order_by()
    return [Row(str(Tally.Kind(kind).label), number) for kind, number in rows.values_list("kind").annotate(number=Sum("count")).order_by("-number")]


def _groups(touches: QuerySet[Touch]) -> list[Row]:
    rows = touches.values("person__target_group").annotate(number=Count("person", distinct=True)).order_by("-number")
    found = {row["person__target_group"]: row["number"] for row in rows}
    names = {group.pk: str(group) for group in TargetGroup.objects.filter(pk__in=[key for key in found if key])}
    return [Row(names.get(key) or _("without a target group"), number) for key, number in found.items()]


def _registered_after(act: Outreach) -> list[Row]:
    """People who followed a link to the item in a mail, and registered within two weeks: for which event."""
    before = Touch.objects.filter(
        outreach=act, kind=Touch.Kind.CLICKED, person=OuterRef("person"), at__lte=OuterRef("at"), at__gte=OuterRef("at") - FOLLOWS_WITHIN
    )
    rows = Touch.objects.filter(kind=Touch.Kind.REGISTERED).filter(Exists(before)).order_by()
    counted = rows.values(title=F("outreach__title")).annotate(number=Count("person", distinct=True)).order_by("-number", "title")
    return [Row(row["title"], row["number"]) for row in counted[:ROWS]]
