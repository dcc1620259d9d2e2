from __future__ import annotations

from django.urls import path

from base.gate import views

app_name = "gate"
urlpatterns = [
    path("", views.GateReport.as_view(), name="report"),
    path("results/", views.GateReport.as_view(results_only=True), name="report_results"),
    path("<int:page_id>/panel/", views.panel_findings, name="panel"),
    path("<int:page_id>/", views.page_findings, name="page"),
]
