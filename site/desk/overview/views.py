"""The desk's screen, and its figures as files (`?as=csv`, `xlsx`, `svg`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from desk.overview import charts, exports, figures
from desk.overview.filters import FilterForm, shown_goals
from desk.views import DeskView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest

    from desk.overview.figures import Standing
    from desk.overview.filters import Narrowed


ON_THE_HOME_SCREEN = 5
# Of the results, at a glance; the rest is one link away, and in the files.
AT_A_GLANCE = 30
ALL = "all"


class OverviewView(DeskView):
    template_name = "desk/overview/overview.html"
    page_title = gettext_lazy("Desk")
    header_icon = "home"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.today = timezone.localdate()
        self.form = FilterForm(request.GET, self.today)
        self.narrowed = self.form.narrowed()
        self.goals = shown_goals(self.narrowed)
        self.found = figures.read(self.goals, self.narrowed, self.today)
        self.standings = self.found.standings
        if (kind := request.GET.get("as", "")) in FILES:
            return FILES[kind](self.standings, self.narrowed, self)
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        linked = self.request.user.has_perm("contacts.view_touch")
        source = _("Kantama: figures of the goals' measures, each with its source in the table to download")
        chart = charts.figure(self.standings, source=source, day=date_format(self.today, "SHORT_DATE_FORMAT"))
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "narrowed": self.narrowed,
            "standings": self.standings if ALL in self.request.GET else self.standings[:AT_A_GLANCE],
            "more": "" if ALL in self.request.GET or len(self.standings) <= AT_A_GLANCE else self.address(ALL, "1"),
            "number": len(self.standings),
            "counts": figures.counted(self.standings),
            "due": figures.due(self.standings, self.goals, self.narrowed, self.today, linked=linked),
            "unreached": figures.unreached(self.goals, self.found),
            "efforts": figures.efforts(self.goals, self.found),
            "best": figures.best(self.goals, self.narrowed, linked=linked),
            "chart": chart,
            "files": [{"kind": kind, "url": self.address("as", kind)} for kind in FILES],
        }

    def address(self, name: str, value: str) -> str:
        asked = self.request.GET.copy()
        asked[name] = value
        return f"?{asked.urlencode()}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


def _csv(found: list[Standing], _narrowed: Narrowed, view: OverviewView) -> HttpResponse:
    return exports.as_csv(_name(view), exports.rows(found, view.today))


def _xlsx(found: list[Standing], narrowed: Narrowed, view: OverviewView) -> HttpResponse:
    return exports.as_xlsx(_name(view), exports.rows(found, view.today), told=narrowed.sentence())


def _svg(found: list[Standing], narrowed: Narrowed, view: OverviewView) -> HttpResponse:
    """Shown rather than saved: the button that makes PNG of it draws it."""
    made = charts.picture(found, title=_("How much of each target is reached"), foot=narrowed.sentence())
    return HttpResponse(made, content_type="image/svg+xml; charset=utf-8", headers={"Content-Disposition": f'inline; filename="{_name(view)}.svg"'})


def _name(view: OverviewView) -> str:
    return f"kantama-{view.today.isoformat()}"


FILES = {"csv": _csv, "xlsx": _xlsx, "svg": _svg}


class CoursePanel(Component):
    """On the admin's home, of who sees goals: how many results are on course, those that are furthest from it, and the way to the desk.

    To communicators whom it has not reached yet, too."""

    order = 89
    template_name = "desk/overview/panel.html"

    def __init__(self, *, tells_unreached: bool = False) -> None:
        self.tells_unreached = tells_unreached

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        today = timezone.localdate()
        narrowed = FilterForm({}, today).narrowed()
        goals = shown_goals(narrowed)
        found = figures.read(goals, narrowed, today)
        missing = figures.unreached(goals, found)[:ON_THE_HOME_SCREEN] if self.tells_unreached else []
        return {"counts": figures.counted(found.standings), "rows": furthest(found.standings), "unreached": missing}


def furthest(found: Iterable[Standing]) -> list[Standing]:
    """Below the expected range, the largest gap first. Those without data come last, and say so."""
    short = [one for one in found if one.result.actual is None or one.result.actual < one.result.expected.low]
    return sorted(short, key=lambda one: (one.result.actual is None, (one.result.actual or 0) / max(one.result.expected.low, 1)))[:ON_THE_HOME_SCREEN]
