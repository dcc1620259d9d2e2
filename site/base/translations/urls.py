from __future__ import annotations

from django.urls import path

from base.translations import report, sheet_views

app_name = "translations"
urlpatterns = [
    path("", report.LanguagesReport.as_view(), name="report"),
    path("results/", report.LanguagesReport.as_view(results_only=True), name="report_results"),
    path("sheet/<int:pk>/", sheet_views.sheet, name="sheet"),
    path("start/", report.start, name="start"),
]
