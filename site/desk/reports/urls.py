"""Below Wagtail's admin."""

from __future__ import annotations

from django.urls import path

from desk.reports.following import DecisionsView, EndScheduleView, EndView, SchedulesView
from desk.reports.screens import FileView, ListView, NewView, ReportView, RevokeView, VersionView
from desk.reports.writing import WriteView

app_name = "reports"
urlpatterns = [
    path("", ListView.as_view(), name="list"),
    path("new/", NewView.as_view(), name="new"),
    path("decisions/", DecisionsView.as_view(), name="decisions"),
    path("decisions/<key:pk>/done/", EndView.as_view(), name="end"),
    path("schedules/", SchedulesView.as_view(), name="schedules"),
    path("schedules/<key:pk>/end/", EndScheduleView.as_view(), name="end_schedule"),
    path("<key:pk>/", ReportView.as_view(), name="report"),
    path("<key:pk>/write/", WriteView.as_view(), name="write"),
    path("<key:pk>/file/", FileView.as_view(), name="file"),
    path("<key:pk>/versions/<int:number>/", VersionView.as_view(), name="version"),
    path("<key:pk>/links/<key:link>/revoke/", RevokeView.as_view(), name="revoke"),
]
