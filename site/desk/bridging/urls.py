from __future__ import annotations

from django.urls import path

from desk.bridging import views

app_name = "bridging"
urlpatterns = [
    path("", views.listing, name="list"),
    path("share/<int:page_id>/", views.share, name="share"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/end/", views.end, name="end"),
]
