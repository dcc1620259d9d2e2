"""Of those who have a link and no login."""

from __future__ import annotations

from django.urls import path

from desk.reports.public import shared_report

urlpatterns = [
    # A token takes all that follows.
    path("as/<slug:form>/<token:token>", shared_report, name="shared_report_file"),
    path("<token:token>", shared_report, name="shared_report"),
]
