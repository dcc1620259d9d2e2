"""The calendar's addresses, among those of the desk."""

from __future__ import annotations

from django.urls import path

from desk.calendar.views import ActView, CalendarView, MoveView, PlanView
from desk.calendar.writing import WritePlannedView, write

urlpatterns = [
    path("calendar/", CalendarView.as_view(), name="calendar"),
    path("calendar/plan/", PlanView.as_view(), name="calendar_plan"),
    path("calendar/<key:pk>/", ActView.as_view(), name="calendar_act"),
    path("calendar/<key:pk>/move/", MoveView.as_view(), name="calendar_move"),
    path("calendar/<key:pk>/write/", write, name="calendar_write"),
    path(
        "calendar/<int:act>/write/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
        WritePlannedView.as_view(),
        name="calendar_begin",
    ),
]
