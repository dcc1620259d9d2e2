"""The demo's reports: one to the steering group, approved and shared, the next as a draft; and what the group recommends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from base.languages import CODES
from base.models import User
from desk.demo.content import read, words
from desk.reports import composing, periods
from desk.reports.actions import approve_report, share_report
from desk.reports.beginning import begin_report
from desk.reports.records import Kind, Recommendation, Report, ReportSchedule

if TYPE_CHECKING:
    from themes.models import Theme

HALF_A_YEAR = timedelta(days=182)


def make_reports(theme: Theme) -> None:
    content, today, coordinator = read("reporting"), timezone.localdate(), User.objects.get(username="koordinaattori")
    goals = list(theme.goals.order_by("scope", "pk"))
    recommend(theme, coordinator)
    quarter = periods.before(today, ReportSchedule.Pace.QUARTER)
    facts: dict[str, Any] = {"theme": theme, "goals": goals, "languages": CODES, "responsible": coordinator, "by": coordinator}
    report = begin_report(kind=Kind.STEERING_GROUP, period=periods.Period(quarter.ends - HALF_A_YEAR, quarter.ends), **facts)
    report.sections.filter(key="summary").update(**words("text", content["summary"]))
    version = approve_report(report=Report.objects.get(pk=report.pk), note=content["note"], by=coordinator, seen=composing.mark(report))
    for_whom = content["for_whom"]
    share_report(version=version, language=CODES[0], ends_on=today + timedelta(days=for_whom["days"]), note=for_whom["approved"], by=coordinator)
    begin_report(kind=Kind.STEERING_GROUP, period=periods.Period(quarter.ends + timedelta(days=1), today), **facts)
    later = periods.after(today, ReportSchedule.Pace.QUARTER)
    ReportSchedule.objects.create(
        theme=theme, kind=Kind.STEERING_GROUP, pace=ReportSchedule.Pace.QUARTER, languages=list(CODES), responsible=coordinator, next_on=later
    )


def recommend(theme: Theme, coordinator: User) -> None:
    today = timezone.localdate()
    for row in read("reporting")["recommendations"]:
        due = today + timedelta(days=row["due"])
        told = Recommendation(goal=theme.goals.get(key=row["goal"]), text=row["text"], responsible=coordinator, due=due)
        told.given_on = min(today, due) - timedelta(days=30)
        told.full_clean()
        told.save()
