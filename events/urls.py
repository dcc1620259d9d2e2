from __future__ import annotations

from django.urls import URLPattern, path

from events import inside_views, meeting_views, own_views, registrant, suggesting, views

app_name = "events"
urlpatterns: list[URLPattern] = [
    path("calendar.ics", views.calendar_feed, name="feed"),
    path("events.atom", views.atom_feed, name="atom"),
    path("<key:pk>/event.ics", views.calendar_file, name="file"),
    path("<key:pk>/<key:date>/event.ics", views.calendar_file, name="date_file"),
    path("<key:pk>/moments.ics", views.moments_file, name="moments"),
    path("<key:pk>/organisations/", suggesting.organisations, name="organisations"),
    path("<key:pk>/register/", views.register, name="register"),
    path("inside/<str:token>/", inside_views.event, name="inside"),
    path("inside/<str:token>/event.ics", inside_views.calendar_file, name="inside_file"),
    path("inside/<str:token>/<key:date>/event.ics", inside_views.calendar_file, name="inside_date_file"),
    path("inside/<str:token>/register/", inside_views.register, name="inside_register"),
    path("registration/<str:token>/", registrant.confirm, name="confirm"),
    path("registration/<str:token>/cancel/", registrant.cancel, name="cancel"),
    path("registration/<str:token>/change/", registrant.change, name="change"),
    path("registration/<str:token>/calendar/", own_views.settings, name="own_calendar_settings"),
    path("meeting/<str:token>/", meeting_views.meeting, name="meeting"),
    path("meeting/<str:token>/meeting.ics", meeting_views.calendar_file, name="meeting_file"),
    path("meeting/<str:token>/<key:pk>/", meeting_views.paper, name="meeting_paper"),
    path("own/<str:token>/calendar.ics", own_views.feed, name="own_calendar"),
]
