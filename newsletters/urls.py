from __future__ import annotations

from django.urls import URLPattern, path

from newsletters import views

app_name = "newsletters"
urlpatterns: list[URLPattern] = [
    path("<key:pk>/subscribe/", views.subscribe, name="subscribe"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("preferences/<str:token>/", views.preferences, name="preferences"),
]
