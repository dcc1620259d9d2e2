"""Screens of what goes on after a report: decisions and recommendations, and the schedules by which the next is begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from base.staff import staff_of
from desk.reports.decided import end_recommendation
from desk.reports.forms import RecommendationForm, ScheduleForm
from desk.reports.outreach import name_of
from desk.reports.records import Recommendation, ReportSchedule
from desk.reports.screens import ReportsScreen
from events.models import Decision, MeetingPage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

ROWS = 50
OPEN, DONE = "open", "done"


class FormScreen(ReportsScreen):
    """A list with a form below it, of the theme that one works in."""

    form_class: type[Any]
    done: Any

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(self.adds):
            return self.answer(status=403, form=None)
        if self.theme is None:
            raise Http404
        form = self.form_class(request.POST, theme=self.theme)
        if not form.is_valid():
            return self.answer(status=422, form=form)
        form.save()
        messages.success(request, self.done)
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context.get("form")
        if form is None and self.theme and self.request.user.has_perm(self.adds):
            form = self.form_class(theme=self.theme)
        return context | {"form": form, "media": form.media if form else "", "themes": self.themes, "theme": self.theme}

    @property
    def adds(self) -> str:
        return f"desk.add_{self.form_class._meta.model._meta.model_name}"


class DecisionsView(FormScreen):
    """What is open, the most urgent first; or what is done."""

    template_name = "desk/reports/decisions.html"
    page_title = gettext_lazy("Decisions and recommendations")
    permission = "desk.view_recommendation"
    header_icon = "tasks"
    form_class = RecommendationForm
    done = gettext_lazy("The recommendation is written down.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        which = DONE if self.request.GET.get("which") == DONE else OPEN
        decisions, recommended = Decision.objects.select_related("responsible"), Recommendation.objects.select_related("responsible", "goal")
        if which == OPEN:
            decisions, recommended = decisions.filter(done_at=None), recommended.filter(done_at=None)
        else:
            decisions, recommended = decisions.exclude(done_at=None).order_by("-done_at"), recommended.exclude(done_at=None).order_by("-done_at")
        decided = Paginator(decisions, ROWS).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {
            "which": which,
            "decided": decided,
            "decisions": self.of_meetings(list(decided)),
            "recommendations": [self.row(row) for row in recommended[:ROWS]],
            "may_end": self.request.user.has_perm("desk.change_recommendation"),
        }

    def of_meetings(self, rows: list[Decision]) -> list[dict[str, Any]]:
        """One query for the pages of all."""
        pages = {page.translation_key: page for page in MeetingPage.objects.filter(translation_key__in={row.meeting_key for row in rows})}
        return [self.row(row) | {"page": pages.get(row.meeting_key)} for row in rows]

    def row(self, row: Any) -> dict[str, Any]:
        today = timezone.localdate()
        is_late = row.done_at is None and row.due is not None and row.due < today
        return {"row": row, "responsible": name_of(row.responsible), "is_late": is_late, "is_mine": row.responsible_id == self.request.user.pk}


class EndView(ReportsScreen):
    """Who follows it up, and who may change recommendations."""

    permission = "desk.view_recommendation"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(Recommendation, pk=pk)
        if found.responsible_id != request.user.pk and not request.user.has_perm("desk.change_recommendation"):
            raise Http404
        if end_recommendation(recommendation=found, by=staff_of(request)):
            messages.success(request, _("The recommendation is done."))
        return redirect("reports:decisions")


class SchedulesView(FormScreen):
    template_name = "desk/reports/schedules.html"
    page_title = gettext_lazy("Schedules of reports")
    permission = "desk.view_reportschedule"
    header_icon = "date"
    form_class = ScheduleForm
    done = gettext_lazy("The schedule is kept: the day after each period a draft is begun, and whoever is responsible is told by mail.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows: Iterable[ReportSchedule] = ReportSchedule.objects.select_related("responsible", "theme")
        found = [{"schedule": row, "responsible": name_of(row.responsible)} for row in rows]
        return super().get_context_data(**kwargs) | {"schedules": found, "may_delete": self.request.user.has_perm("desk.delete_reportschedule")}


class EndScheduleView(ReportsScreen):
    permission = "desk.delete_reportschedule"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        get_object_or_404(ReportSchedule, pk=pk).delete()
        messages.success(request, _("The schedule is ended. Reports that it has begun stay."))
        return redirect(reverse("reports:schedules"))
