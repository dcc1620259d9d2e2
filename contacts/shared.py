"""What follows from the bridges that stand: which pages a section, a theme and a site show of others, and which goals they count for, when."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from wagtail.models import Page

from base.remembered import remember
from contacts.models import Bridge, Outreach
from themes.models import Theme

if TYPE_CHECKING:
    from collections.abc import Collection

# The theme that each item is at home in, by the item's key.
Homes = dict[UUID, Theme]


def into(section: Any) -> Homes:
    """What the section shows of other themes; its translations show the same."""
    key = section.translation_key
    return remember(("shared into", key), lambda: _homes(Q(section__translation_key=key)))


def with_theme(theme: Theme) -> Homes:
    return remember(("shared with", theme.pk), lambda: _homes(Q(theme=theme)))


def below(home: Page) -> Homes:
    """What sections below the page show of other themes: for a site that is searched."""
    sections = Page.objects.filter(path__startswith=home.path).values("translation_key")
    return remember(("shared below", home.pk), lambda: _homes(Q(section__translation_key__in=sections)))


def _homes(where: Q) -> Homes:
    rows = Bridge.objects.standing().filter(where).select_related("outreach__theme")
    return {bridge.outreach.item_key: bridge.outreach.theme for bridge in rows if bridge.outreach.item_key}


def pages(homes: Homes) -> Q:
    """Their pages, in all languages: what the home theme takes down, or keeps from some, others do not show either."""
    return Q(pk__in=Page.objects.live().public().filter(translation_key__in=list(homes)).values("pk")) if homes else Q(pk__in=[])


def changed_at(section: Any) -> datetime | None:
    """When a bridge last began or ended in the section."""
    rows = Bridge.objects.filter(section__translation_key=section.translation_key)
    found = remember(("shared changed", section.translation_key), lambda: rows.aggregate(began=Max("accepted_at"), ended=Max("ended_at")))
    return max(filter(None, found.values()), default=None)


class Span(NamedTuple):
    """An act of another theme serves the goal on these days, the first and the last among them."""

    outreach: int
    kind: str
    goal: int
    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def spans(goal_ids: Collection[int]) -> list[Span]:
    """One query. What an act serves by itself is none of a bridge's. What was reached while a bridge stood stays reached."""
    links = Bridge.goals.through.objects.filter(goal__in=goal_ids, bridge__accepted_at__isnull=False)
    own = Outreach.goals.through.objects.filter(outreach=OuterRef("bridge__outreach"), goal=OuterRef("goal"))
    names = ("bridge__outreach", "bridge__outreach__kind", "goal", "bridge__accepted_at", "bridge__ended_at")
    return [
        Span(act, kind, goal, timezone.localdate(began), ended and timezone.localdate(ended))
        for act, kind, goal, began, ended in links.filter(~Exists(own)).values_list(*names)
    ]
