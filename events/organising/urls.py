from __future__ import annotations

from django.urls import URLPattern, path

from events.organising import retention_views

urlpatterns: list[URLPattern] = [
    path("events/retention/", retention_views.report, name="events_retention"),
]
