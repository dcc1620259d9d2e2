"""A goal's coverage on one screen, and whom it reached, one by one."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count as DatabaseCount
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base import narrowing
from base.bounds import everywhere
from contacts.coverage.audience import DEPTHS, Depth, audience, meant, reached, touches_for
from contacts.coverage.counting import cover
from contacts.details import url_of
from contacts.models import Outreach, Person
from contacts.screens import Screen
from themes import tiles
from themes.models import Goal, Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from contacts.coverage.counting import Count, Coverage

ACTS, PEOPLE = 20, 50
QUARTERS = [(Decimal(0), Decimal(24)), (Decimal(25), Decimal(49)), (Decimal(50), Decimal(74)), (Decimal(75), Decimal(100))]


class CoverageScreen(Screen):
    header_icon = "crosshairs"
    permission = "themes.view_goal"
    goal: Goal

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.has_perm(self.permission):
            self.goal = get_object_or_404(Goal, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [
            {"url": reverse("desk:goals"), "label": _("Goals")},
            {"url": reverse("desk:goal", args=[self.goal.pk]), "label": self.goal.name},
            *self.between(),
        ]
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]

    def between(self) -> list[dict[str, Any]]:
        return []


class CoverageView(CoverageScreen):
    """Numbers alone for who may see the goal; names behind them for who may see people."""

    template_name = "contacts/staff/coverage.html"
    page_title = gettext_lazy("Coverage")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = cover(self.goal)
        links = Links(self.goal) if self.request.user.has_perm("contacts.view_person") else None
        return super().get_context_data(**kwargs) | {
            "goal": self.goal,
            "sentence": sentence(found.total),
            "meant_sentence": meant_in_words(self.goal),
            "depths": [{"label": depth.label, "number": number} for depth, number in found.total.by_depth.items()],
            "total": found.total,
            "missing_url": links.missing() if links else "",
            "reached_url": reverse("contacts_coverage_reached", args=[self.goal.pk]) if links and found.total.reached else "",
            "figure": figure(found) if found.total.all else None,
            "tables": tables(found, links),
            "grid": grid(found),
            "acts": acts(self.goal, self.request.user),
            "unplanned": Outreach.objects.unplanned().count() if links else 0,
        }


class ReachedView(CoverageScreen):
    """Whom the goal has reached: how deep, when, by what and by whom."""

    template_name = "contacts/staff/coverage_reached.html"
    page_title = gettext_lazy("Reached")
    permission = "contacts.view_touch"

    def between(self) -> list[dict[str, Any]]:
        return [{"url": reverse("contacts_coverage", args=[self.goal.pk]), "label": _("Coverage")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = Person.objects.filter(meant(self.goal), reached(self.goal)).order_by(*Person.by_name)
        sheet = Paginator(people, PEOPLE).get_page((self.request.GET.get("page") or "")[:9])
        return super().get_context_data(**kwargs) | {"goal": self.goal, "rows": touched(self.goal, list(sheet)), "pager": narrowing.pager(sheet, {})}


class Links:
    """To the list of people who are meant and were not reached."""

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self.list_url = reverse("wagtailsnippets_contacts_person:list")

    def missing(self, **narrowed: Any) -> str:
        given = {"not_reached": self.goal.pk} | {name: row.pk if row else "null" for name, row in narrowed.items()}
        return f"{self.list_url}?{urlencode(given)}"


def sentence(count: Count) -> str:
    if not count.all:
        return _("Nobody in the register is of this goal's audience yet.")
    words = {"reached": count.reached, "all": count.all, "percent": count.percent, "missing": count.missing}
    return _("%(reached)d of %(all)d contacts reached (%(percent)d %%), %(missing)d not yet.") % words


def meant_in_words(goal: Goal) -> str:
    """Whom the goal means."""
    names = [*goal.audiences.all(), *goal.networks.all()]
    who = ", ".join(map(str, names)) or _("everybody in the register")
    where = ", ".join(map(str, goal.regions.all())) or _("the whole country")
    return _("Audience: %(who)s. Where: %(where)s.") % {"who": who, "where": where}


def figure(found: Coverage) -> dict[str, Any]:
    """The tile map; the table of regions beside it is its equal."""
    values = {region.code: Decimal(percent) for region, count in found.by_region.items() if region and (percent := count.percent) is not None}
    return {
        "title": _("How much of the audience was reached, by region"),
        "unit": _("Per cent of the contacts who are meant"),
        "svg": tiles.draw(values, Region.objects.all(), QUARTERS),
        "scale": tiles.scale_in_words(QUARTERS),
        "source": _("the register and its touches"),
        "date": date_format(timezone.localdate(), "SHORT_DATE_FORMAT"),
    }


def tables(found: Coverage, links: Links | None) -> list[dict[str, Any]]:
    """Most missing first."""
    kinds: tuple[tuple[str, str, str, str, Mapping[Any, Count]], ...] = (
        ("region", _("By region"), _("Region"), _("No region known"), found.by_region),
        ("target_group", _("By target group"), _("Target group"), _("No target group known"), found.by_group),
        ("network", _("By network"), _("Network"), "", found.by_network),
    )
    return [
        {
            "key": key,
            "title": title,
            "head": head,
            "rows": [
                {"label": row or none, "count": count, "depths": list(count.by_depth.values())[1:], "url": _missing_url(links, key, row, count)}
                for row, count in sorted(counts.items(), key=lambda item: (-item[1].missing, str(item[0] or "")))
            ],
        }
        for key, title, head, none, counts in kinds
    ]


def _missing_url(links: Links | None, key: str, row: Any, count: Count) -> str:
    return links.missing(**{key: row}) if links and count.missing else ""


def grid(found: Coverage) -> dict[str, Any]:
    """Regions by target groups: the share that was reached, filled by its quarter."""
    groups = sorted(found.by_group, key=lambda group: (group is None, group.pk if group else 0))
    regions = sorted(found.by_region, key=lambda region: (region is None, region.code if region else ""))
    return {
        "heads": [group or _("Not known") for group in groups],
        "rows": [{"label": region or _("Not known"), "cells": [_cell(found.cells.get((region, group))) for group in groups]} for region in regions],
    }


def _cell(count: Count | None) -> dict[str, Any] | None:
    if count is None or count.percent is None:
        return None
    return {"percent": count.percent, "count": count, "depth": tiles.depth(Decimal(count.percent), QUARTERS)}


def acts(goal: Goal, user: Any) -> list[dict[str, Any]]:
    """The newest acts that serve the goal, each with how many different contacts of the audience it touched."""
    rows = list(Outreach.objects.filter(goals=goal).exclude(done_at=None).select_related("channel", "responsible").order_by("-done_at", "-pk")[:ACTS])
    with everywhere():
        touched = touches_for(goal).filter(person__in=audience(goal).values("pk"), outreach__in=[row.pk for row in rows])
        numbers = dict(touched.values_list("outreach").annotate(number=DatabaseCount("person", distinct=True)))
    may_open = user.has_perm("contacts.view_touch")
    return [{"act": row, "number": numbers.get(row.pk, 0), "url": reverse("desk:outreach", args=[row.pk]) if may_open else ""} for row in rows]


def touched(goal: Goal, people: Sequence[Person]) -> Iterable[dict[str, Any]]:
    """Of each the deepest touch, and the newest of those as deep. One query."""
    best: dict[int, Any] = {}
    for touch in touches_for(goal).filter(person__in=[person.pk for person in people]).select_related("outreach__responsible").order_by("at", "pk"):
        if touch.person_id not in best or DEPTHS[touch.kind] >= DEPTHS[best[touch.person_id].kind]:
            best[touch.person_id] = touch
    return [
        {"person": person, "url": url_of(person), "touch": best[person.pk], "depth": Depth(DEPTHS[best[person.pk].kind]).label}
        for person in people
        if person.pk in best
    ]
