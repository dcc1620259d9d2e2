from __future__ import annotations

from django.urls import path

from reach import views

app_name = "reach"
urlpatterns = [path("", views.count, name="count")]
