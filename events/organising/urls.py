from __future__ import annotations

from functools import partial

from django.urls import URLPattern, path

from events.organising import attendance_views, letter_views, names, registration_views, retention_views, views

urlpatterns: list[URLPattern] = [
    path("events/retention/", retention_views.report, name="events_retention"),
    path("events/<int:pk>/desk/", views.desk, name="events_desk"),
    path("events/<int:pk>/desk/results/", partial(views.desk, results_only=True), name="events_desk_results"),
    path("events/<int:pk>/desk/link/", views.renew_link, name="events_desk_link"),
    path("events/<int:pk>/desk/figures/", views.figures_screen, name="events_desk_figures"),
    path("events/<int:pk>/desk/attendance/", attendance_views.screen, name="events_desk_attendance"),
    path("events/<int:pk>/desk/messages/", letter_views.letters, name="events_desk_letters"),
    path("events/<int:pk>/desk/add/", registration_views.add, name="events_desk_add"),
    path("events/<int:pk>/desk/names/", names.names, name="events_desk_names"),
    path("events/registrations/<int:pk>/", registration_views.registration, name="events_desk_registration"),
    path("events/registrations/<int:pk>/act/", registration_views.act, name="events_desk_act"),
    path("events/answers/<int:pk>/file/", registration_views.answer_file, name="events_answer_file"),
]
