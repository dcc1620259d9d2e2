"""What the screens read: roll-ups alone, in a number of queries that does not grow with readers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum
from django.utils import timezone
from wagtail.models import Page

from base.bounds import bound
from base.pages import ENDONYMS
from reach.models import Dropped, Seen, Total
from reach.places import places
from reach.rolling import LEAST_READERS
from reach.sources import Source
from reach.summing import day_starts
from reach.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from reach.filters import Narrowed

Grain, Scope, Facet = Total.Grain, Total.Scope, Total.Facet
SUMS = ("views", "readers", "visits", "reads", "seconds", "depth")
LIVE = timedelta(minutes=30)
ROWS = 50


@dataclass(frozen=True)
class Figures:
    """Sums of the days. `readers` are daily readers, summed. `other` is the compared period's views; None without one."""

    name: str
    views: int = 0
    readers: int = 0
    visits: int = 0
    reads: int = 0
    seconds: int = 0
    depth: int = 0
    other: int | None = None
    part: str = ""

    @property
    def mean_seconds(self) -> int | None:
        return round(self.seconds / self.reads) if self.reads else None

    @property
    def mean_depth(self) -> int | None:
        return round(self.depth / self.reads) if self.reads else None

    @property
    def change(self) -> int | None:
        """In per cent of the compared period."""
        return round(100 * (self.views - self.other) / self.other) if self.other else None


@dataclass(frozen=True)
class Found:
    whole: Figures
    # (day, views, readers), every day of the period; and the compared one's views, day by day.
    days: list[tuple[date, int, int]]
    other_days: list[int]
    pages: list[Figures]
    sections: list[Figures]
    languages: list[Figures]
    sources: list[Figures]
    campaigns: list[Figures]
    outbound: list[Figures]
    sought: list[Figures]
    dropped: list[tuple[str, int]]


def read(narrowed: Narrowed) -> Found:
    """Eleven queries, twelve where a page's names are read."""
    days, readers = _by_day(narrowed, narrowed.first, narrowed.last)
    other_days = list(_by_day(narrowed, narrowed.other, narrowed.other_last or narrowed.last)[0].values()) if narrowed.other else []
    is_site = narrowed.scope == Scope.SITE
    return Found(
        whole=_whole(narrowed, sum(other_days) if narrowed.other else None),
        days=[(day, number, readers[day]) for day, number in days.items()],
        other_days=other_days,
        pages=_pages(narrowed),
        sections=_parts(narrowed, Scope.SECTION) if is_site else [],
        languages=_parts(narrowed, Scope.LANGUAGE) if is_site else [],
        sources=_faceted(narrowed, Facet.SOURCE),
        campaigns=_faceted(narrowed, Facet.CAMPAIGN),
        outbound=_asked(narrowed, Facet.OUT) if is_site else [],
        sought=_asked(narrowed, Facet.SOUGHT) if is_site else [],
        dropped=dropped(narrowed),
    )


def of_days(first: date, last: date) -> QuerySet[Total]:
    return _days().filter(starts__gte=day_starts(first), starts__lte=day_starts(last))


def _of(narrowed: Narrowed, facet: str = "") -> Q:
    return Q(scope=narrowed.scope, key=narrowed.key, facet=facet)


def _by_day(narrowed: Narrowed, first: date, last: date) -> tuple[dict[date, int], dict[date, int]]:
    rows = of_days(first, last).filter(_of(narrowed)).values_list("starts").annotate(views=Sum("views"), readers=Sum("readers"))
    found = {timezone.localdate(starts): (views, readers) for starts, views, readers in rows}
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {day: found.get(day, (0, 0))[0] for day in days}, {day: found.get(day, (0, 0))[1] for day in days}


def sums_of(rows: QuerySet[Total]) -> dict[str, Any]:
    found: dict[str, int | None] = rows.aggregate(**{name: Sum(name) for name in SUMS})
    return {name: number or 0 for name, number in found.items()}


def _whole(narrowed: Narrowed, other: int | None) -> Figures:
    found = sums_of(of_days(narrowed.first, narrowed.last).filter(_of(narrowed)))
    return Figures(narrowed.label, **found, other=other)


def _grouped(rows: QuerySet[Total], by: str, narrowed: Narrowed, most: int = ROWS) -> dict[str, dict[str, Any]]:
    """The `most` with the most views, each with its sums; then those of the compared period."""
    now = rows.filter(starts__gte=day_starts(narrowed.first), starts__lte=day_starts(narrowed.last))
    found = {row[by]: row for row in now.values(by).annotate(**{name: Sum(name) for name in SUMS}).order_by("-views", by)[:most]}
    if narrowed.other and narrowed.other_last and found:
        before = rows.filter(starts__gte=day_starts(narrowed.other), starts__lte=day_starts(narrowed.other_last), **{f"{by}__in": list(found)})
        known = dict(before.values_list(by).annotate(number=Sum("views")))
        for name, row in found.items():
            row["other"] = known.get(name, 0)
    return {name: {key: value for key, value in row.items() if key != by} for name, row in found.items()}


def _days() -> QuerySet[Total]:
    return Total.objects.filter(grain=Grain.DAY).order_by()


def _pages(narrowed: Narrowed) -> list[Figures]:
    rows = _days().filter(scope=Scope.PAGE, facet="")
    if narrowed.scope == Scope.PAGE:
        return []
    if narrowed.scope != Scope.SITE:
        rows = rows.filter(key__in=_pages_of(narrowed))
    return _named(_grouped(rows, "key", narrowed), Scope.PAGE)


def _pages_of(narrowed: Narrowed) -> list[str]:
    place_key = "language" if narrowed.scope == Scope.LANGUAGE else "section"
    return [str(number) for number, place in places().items() if str(getattr(place, place_key)) == narrowed.key]


def _parts(narrowed: Narrowed, scope: Total.Scope) -> list[Figures]:
    return _named(_grouped(_days().filter(scope=scope, facet=""), "key", narrowed), scope)


def _named(found: dict[str, dict[str, Any]], scope: Total.Scope) -> list[Figures]:
    names: dict[str, str] = ENDONYMS if scope == Scope.LANGUAGE else titles(found)
    return [Figures(names.get(key, f"({key})"), **row, part=f"{scope}:{key}") for key, row in found.items()]


def titles(keys: Iterable[str]) -> dict[str, str]:
    """Of pages that are gone: none."""
    return {str(pk): title for pk, title in Page.objects.filter(pk__in=[int(key) for key in keys]).order_by().values_list("pk", "title")}


def _faceted(narrowed: Narrowed, facet: Total.Facet) -> list[Figures]:
    found = _grouped(_days().filter(_of(narrowed, facet)), "value", narrowed)
    names = {source.value: str(source.label) for source in Source} if facet == Facet.SOURCE else {}
    return [Figures(names.get(value, value), **row) for value, row in found.items()]


def _asked(narrowed: Narrowed, facet: Total.Facet) -> list[Figures]:
    """What at least three different readers have asked: of one alone it could say who they are."""
    rows = of_days(narrowed.first, narrowed.last).filter(_of(narrowed, facet))
    summed: Any = rows.values("value").annotate(**{name: Sum(name) for name in SUMS})
    found = summed.filter(readers__gte=LEAST_READERS).order_by("-readers", "value")[:ROWS]
    return [Figures(row["value"], **{name: row[name] for name in SUMS}) for row in found]


def dropped(narrowed: Narrowed) -> list[tuple[str, int]]:
    rows = Dropped.objects.filter(day__gte=narrowed.first, day__lte=narrowed.last).order_by().values_list("reason")
    found = rows.annotate(number=Sum("count")).order_by("-number", "reason")
    return [(str(Verdict(reason).label), number) for reason, number in found]


@dataclass(frozen=True)
class Live:
    """Of the last 30 minutes: views, different readers, views by five minutes (the beginning of each), and pages."""

    views: int
    readers: int
    fives: list[tuple[Any, int]]
    pages: list[Figures]


def live() -> Live:
    """Four queries. As late as the last roll-up: a minute or two."""
    now = timezone.now()
    minutes = Total.objects.filter(grain=Grain.MINUTE, starts__gt=now - LIVE, facet="").order_by()
    fives: defaultdict[int, int] = defaultdict(int)
    for starts, number in minutes.filter(scope=Scope.SITE).values_list("starts").annotate(number=Sum("views")):
        fives[int((now - starts).total_seconds()) // 300] += number
    seen = Seen.objects.filter(day=timezone.localdate(now), scope=Scope.SITE, last__gte=int((now - LIVE).timestamp()))
    theme = bound()
    readers = (seen if theme is None else seen.filter(theme=theme)).count()
    pages = dict(minutes.filter(scope=Scope.PAGE).values_list("key").annotate(number=Sum("views")).order_by("-number", "key")[:10])
    names = titles(pages)
    shown = [Figures(names.get(key, f"({key})"), views=number, part=f"{Scope.PAGE}:{key}") for key, number in pages.items()]
    steps = [(timezone.localtime(now - timedelta(minutes=5 * (step + 1))), fives[step]) for step in range(5, -1, -1)]
    return Live(sum(fives.values()), readers, steps, shown)


def of_pages(numbers: Collection[int]) -> dict[str, Any]:
    """All days of some pages together, such as a page and its translations; sources and campaigns with them. Two queries."""
    keys = [str(number) for number in numbers]
    rows = _days().filter(scope=Scope.PAGE, key__in=keys)
    facets = rows.exclude(facet="").values_list("facet", "value").annotate(number=Sum("views")).order_by("-number", "value")
    found: dict[str, list[tuple[str, int]]] = {Facet.SOURCE.value: [], Facet.CAMPAIGN.value: []}
    for facet, value, number in facets:
        found[facet].append((str(Source(value).label) if facet == Facet.SOURCE else value, number))
    return {"whole": Figures("", **sums_of(rows.filter(facet=""))), "sources": found["source"], "campaigns": found["campaign"][:ROWS]}
