from __future__ import annotations

from django.urls import URLPattern, path, re_path

from pages import feeds, operations, sitemap
from pages.search.views import search
from pages.views import contact

app_name = "pages"
urlpatterns: list[URLPattern] = [
    path("contact/<int:pk>/", contact, name="contact"),
    path("search/", search, name="search"),
    path("sitemap.xml", sitemap.of_language, name="sitemap"),
    re_path(r"^operations/(?P<key>[-\w]+)\.(?P<form>csv|xlsx|json)$", operations.list_of_operations, name="operations"),
    re_path(r"^feeds/(?P<slug>(?:[-\w]+/)?[-\w]+)\.(?P<form>atom|json)$", feeds.section_feed, name="feed"),
]
