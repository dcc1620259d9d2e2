from __future__ import annotations

from django.urls import path

from social import clicks

app_name = "social"
urlpatterns = [path("<str:token>/", clicks.follow, name="follow")]
