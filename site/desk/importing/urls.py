from __future__ import annotations

from django.urls import path

from desk.importing import views

app_name = "importing"
urlpatterns = [
    path("", views.bring, name="bring"),
    path("empty.csv", views.empty, name="empty"),
]
