"""Staff screens: the goals, what serves each of them, and whom an act reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from contacts.coverage.counting import total_of
from contacts.coverage.views import sentence
from contacts.models import Outreach, Tally, Touch
from desk.bars import Bar, bar
from desk.bridging.figures import lines_from_others
from desk.lines import for_lines, lines
from desk.progress import GoalResult, results
from desk.proofs import in_words
from desk.writing import Beginning, beginnings
from newsletters.result_views import results_of_item
from themes.models import Goal, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.paginator import Page
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponseBase

ROWS = 20


class DeskView(WagtailAdminTemplateMixin, TemplateView):
    """A screen that needs `permission`. Others get 403: Wagtail would turn PermissionDenied into a redirect."""

    permission = "themes.view_goal"
    header_icon = "crosshairs"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            return render(request, "desk/refused.html", status=403)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [{"url": reverse("desk:goals"), "label": _("Goals")}] if not isinstance(self, GoalsView) else []
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]


class GoalsView(DeskView):
    template_name = "desk/goals.html"
    page_title = gettext_lazy("Goals")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        goals = list(Goal.objects.order_by("scope", "pk"))
        bars = bars_by_goal(results(goals, timezone.localdate()))
        groups = [
            {"label": scope.label, "goals": [{"goal": goal, "bars": bars.get(goal.pk, [])} for goal in goals if goal.scope == scope]}
            for scope in Scope
        ]
        unplanned = Outreach.objects.unplanned().count() if self.request.user.has_perm("contacts.view_outreach") else 0
        return super().get_context_data(**kwargs) | {"groups": groups, "any": bool(goals), "unplanned": unplanned}


class GoalView(DeskView):
    template_name = "desk/goal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.goal = get_object_or_404(Goal, pk=kwargs["pk"])
        today = timezone.localdate()
        rows = paged(self.request, for_lines(self.goal.outreaches.all()))
        shown = lines(list(rows), linked=self.request.user.has_perm("contacts.view_touch"), today=today, of=self.goal)
        bars = [bar(result) for result in results([self.goal], today)]
        found = list(beginnings(self.request.user))
        begun = [{"label": row.label, "url": row.url_for(self.goal)} for row in found]
        return (
            super().get_context_data(**kwargs)
            | {"goal": self.goal, "beginnings": begun, "bars": bars, "lines": shown, "pager": pager(rows)}
            | {"lines_from_others": lines_from_others(self.goal, today), "kept": kept_templates(self.goal, found)}
            | {"coverage_sentence": sentence(total_of(self.goal)), "evidence": evidence_of(self.goal, self.request.user)}
        )

    def get_page_title(self) -> str:
        return self.goal.name


def evidence_of(goal: Goal, user: Any) -> list[dict[str, Any]]:
    """What figures of surveys and media mentions are counted from, the newest first. Two queries."""
    found = [row for rows in (goal.surveys, goal.mentions) for row in rows.order_by("-day", "-pk")[:ROWS]]
    return [{"row": row, "url": url} for row in sorted(found, key=lambda row: row.day, reverse=True) if (url := url_of_evidence(row, goal, user))]


def url_of_evidence(row: Any, goal: Goal, user: Any) -> str:
    """Its own form, or for who only reads the goal's part of the list. "" for who may not see it."""
    name, place = row._meta.model_name, f"wagtailsnippets_themes_{row._meta.model_name}"
    if user.has_perm(f"themes.change_{name}"):
        return reverse(f"{place}:edit", args=[row.pk])
    return f"{reverse(f'{place}:list')}?goals={goal.pk}" if user.has_perm(f"themes.view_{name}") else ""


def kept_templates(goal: Goal, found: Iterable[Beginning]) -> list[dict[str, Any]]:
    """Of the kinds that can be begun."""
    by_kind = {beginning.model: beginning for beginning in found}
    rows = [(row, by_kind[row.model]) for row in goal.page_templates.select_related("kind").order_by("name") if row.model in by_kind]
    return [{"row": row, "label": kind.label, "url": f"{kind.url_for(goal)}?template={row.pk}"} for row, kind in rows]


class OutreachView(DeskView):
    """Names the contacts behind a number, so it asks for more than the other screens."""

    template_name = "desk/outreach.html"
    permission = "contacts.view_touch"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.outreach = get_object_or_404(Outreach.objects.select_related("channel", "responsible"), pk=kwargs["pk"])
        touches = paged(self.request, self.outreach.touches.select_related("person").order_by("-at", "-pk"))
        return super().get_context_data(**kwargs) | {
            "outreach": self.outreach,
            "goals": self.outreach.goals.all(),
            "core_messages": self.outreach.core_messages.all(),
            "person_url": "wagtailsnippets_contacts_person:edit",
            "rows": [{"touch": touch, "proof": in_words(touch.cause)} for touch in touches],
            "pager": pager(touches),
            "numbers": numbers(self.outreach),
            "is_logged": Outreach.objects.logged().filter(pk=self.outreach.pk).exists(),
            "results_url": results_of_item(self.outreach, self.request.user),
        }

    def get_page_title(self) -> str:
        return self.outreach.title


def bars_by_goal(found: Iterable[GoalResult]) -> dict[int, list[Bar]]:
    bars: dict[int, list[Bar]] = {}
    for result in found:
        bars.setdefault(result.goal.pk, []).append(bar(result))
    return bars


def numbers(outreach: Outreach) -> list[dict[str, Any]]:
    """Totals by kind of touch and of tally."""
    touches = outreach.touches.order_by().values_list("kind").annotate(number=Count("pk"))
    tallies = outreach.tallies.order_by().values_list("kind").annotate(number=Sum("count"))
    return [
        {"label": labels(kind).label, "number": number} for labels, rows in ((Touch.Kind, touches), (Tally.Kind, tallies)) for kind, number in rows
    ]


def paged(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, ROWS).get_page(request.GET.get("p"))


def pager(page: Page[Any]) -> dict[str, str]:
    """What `base/pagination.html` shows."""
    words = {"first": page.start_index(), "last": page.end_index(), "total": page.paginator.count}
    return {
        "previous_url": f"?p={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?p={page.next_page_number()}" if page.has_next() else "",
        "status": _("%(first)d–%(last)d of %(total)d") % words,
    }
