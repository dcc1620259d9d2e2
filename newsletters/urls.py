from __future__ import annotations

from django.urls import URLPattern, path

from newsletters import preference_views, views

app_name = "newsletters"
urlpatterns: list[URLPattern] = [
    path("<key:pk>/subscribe/", views.subscribe, name="subscribe"),
    path("<key:pk>/link/", views.ask_link, name="ask_link"),
    path("confirm/<token:token>", views.confirm, name="confirm"),
    path("unsubscribe/<token:token>", views.unsubscribe, name="unsubscribe"),
    path("preferences/<token:token>", preference_views.centre, name="preferences"),
]
