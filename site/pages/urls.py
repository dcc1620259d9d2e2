from __future__ import annotations

from django.urls import URLPattern, re_path

from pages import feeds

app_name = "pages"
urlpatterns: list[URLPattern] = [
    re_path(r"^feeds/(?P<slug>[-\w]+)\.(?P<form>atom|json)$", feeds.section_feed, name="feed"),
]
