"""What the API gives of each kind of page: what everybody may read, and nothing else. As many queries whatever the number of rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, F, Q
from django.db.models.functions import Greatest

from base.fallbacks import borrowed
from base.pages import site_address, web_address
from desk.api import schemas
from events.models import Event, EventPage
from pages.models import PracticePage, ProjectPage, ResultPage, ServicePage, StoryPage
from pages.texts import html_of
from themes.facets import keys_by_row
from themes.models import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Facts = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """`tell` gives each page's own facts; `through` is what the sub-themes and regions hang on, by the page's field `row`."""

    name: str
    label: str
    model: Any
    schema: type[schemas.Item]
    tell: Callable[[list[Any]], Iterable[Facts]]
    related: tuple[str, ...] = ()
    sorted_by: Any = None
    row: str = "pk"

    @property
    def through(self) -> tuple[Any, Any, str]:
        of = self.sorted_by or self.model
        return of.sub_themes.through, of.regions.through, f"{of._meta.model_name}_id"


# ---- which
def public(kind: Kind, language: str) -> Any:
    """Live, for everybody, in no list of what is hidden, and in its own language."""
    pages = kind.model.objects.live().public().exclude(borrowed()).filter(locale__language_code=language, last_published_at__isnull=False)
    if (hidden := kind.model.unlisted()) is not None:
        pages = pages.exclude(pk__in=hidden.values("pk"))
    pages = pages.filter(first_published_at__isnull=False).select_related("locale", "theme", *kind.related)
    changed = Greatest("last_published_at", "project__changed_at", output_field=DateTimeField()) if kind.sorted_by else F("last_published_at")
    return pages.annotate(changed=changed)


def narrowed(kind: Kind, asked: schemas.Asked) -> Any:
    pages = public(kind, asked.language)
    topics, places, row = kind.through
    if asked.theme:
        pages = pages.filter(theme__key=asked.theme)
    if asked.sub_theme:
        pages = pages.filter(**{f"{kind.row}__in": topics.objects.filter(subtheme__key=asked.sub_theme).values(row)})
    if asked.region:
        there = Q(**{f"{kind.row}__in": places.objects.filter(region__code=asked.region).values(row)})
        pages = pages.filter(there | ~Q(**{f"{kind.row}__in": places.objects.values(row)}))
    if asked.changed_since:
        pages = pages.filter(changed__gte=asked.changed_since)
    if asked.after:
        moment, pk = asked.after.split("-")
        at = EPOCH + timedelta(microseconds=int(moment))
        pages = pages.filter(Q(changed__gt=at) | Q(changed=at, pk__gt=int(pk)))
    return pages.order_by("changed", "pk")


def mark_of(page: Any) -> str:
    """Where a list ends, for the next: by what changes, so that a list taken bit by bit misses nothing that changes meanwhile."""
    return f"{(page.changed - EPOCH) // timedelta(microseconds=1)}-{page.pk}"


# ---- what
def told(kind: Kind, pages: list[Any]) -> list[Facts]:
    topics, places, row = kind.through
    numbers = {page.pk: (page.project_id if kind.sorted_by else page.pk) for page in pages}
    sub_themes = keys_by_row(topics, row, "subtheme__key", numbers.values())
    regions = keys_by_row(places, row, "region__code", numbers.values())
    return [
        {
            "id": page.translation_key,
            "language": page.locale.language_code,
            "url": web_address(page),
            "title": page.title,
            "lead": page.lead,
            "theme": page.theme.key,
            "sub_themes": sorted(sub_themes.get(numbers[page.pk], ())),
            "regions": sorted(regions.get(numbers[page.pk], ())),
            "published": page.first_published_at,
            "changed": page.changed,
            **own,
        }
        for page, own in zip(pages, kind.tell(pages), strict=True)
    ]


def whole(kind: Kind, page: Any) -> Facts:
    return told(kind, [page])[0] | {"html": str(html_of(page, site_address(page)))}


def _code(page: Any) -> str | None:
    return page.project.code if page.project_id else None


def _stories(pages: list[Any]) -> Iterable[Facts]:
    return ({"project": _code(page)} for page in pages)


def _results(pages: list[Any]) -> Iterable[Facts]:
    names = ("finding", "evidence", "material", "licence")
    return ({"project": _code(page)} | {name: getattr(page, name) for name in names} for page in pages)


def _practices(pages: list[Any]) -> Iterable[Facts]:
    return ({"project": _code(page), "practice": page.practice.key, "stage": page.practice.stage} for page in pages)


def _projects(pages: list[Any]) -> Iterable[Facts]:
    for page in pages:
        project = page.project
        names = ("code", "kind", "starts", "ends", "total_cost_eur", "website")
        yield {name: getattr(project, name) for name in names} | {"union_cofinancing_rate": project.cofinancing_rate}


def _services(pages: list[Any]) -> Iterable[Facts]:
    groups = keys_by_row(ServicePage.target_groups.through, "servicepage_id", "targetgroup__key", [page.pk for page in pages])
    for page in pages:
        names = ("mode", "is_free", "price", "link")
        words = {"organisation": str(page.organisation), "target_groups": sorted(groups.get(page.pk, ())), "spoken": list(page.languages)}
        yield words | {name: getattr(page, name) for name in names}


def _events(pages: list[Any]) -> Iterable[Facts]:
    dates: dict[Any, list[Facts]] = defaultdict(list)
    rows = Event.objects.public().filter(item_key__in=[page.translation_key for page in pages]).select_related("region")
    for event in rows.order_by("starts_at", "pk"):
        region = event.region.code if event.region else None
        facts = {"starts": event.starts_at, "ends": event.ends_at, "mode": event.mode, "region": region, "is_cancelled": event.is_cancelled}
        dates[event.item_key].append(facts)
    for page in pages:
        yield {"place": page.place, "spoken": list(page.languages), "dates": dates[page.translation_key], "project": _code(page)}


KINDS = (
    Kind("stories", "Stories", StoryPage, schemas.Story, _stories, ("project",)),
    Kind("results", "Results of projects", ResultPage, schemas.Result, _results, ("project",)),
    Kind("practices", "Good practices", PracticePage, schemas.Practice, _practices, ("project", "practice")),
    Kind("projects", "Projects", ProjectPage, schemas.Project, _projects, ("project",), Project, "project"),
    Kind("services", "Services", ServicePage, schemas.Service, _services, ("organisation",)),
    Kind("events", "Events", EventPage, schemas.Event, _events, ("project",)),
)
