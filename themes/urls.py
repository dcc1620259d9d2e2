from __future__ import annotations

from django.urls import re_path

from themes.views import card, look

app_name = "themes"
urlpatterns = [
    re_path(r"^cards/(?P<number>[0-9]{1,9})-(?P<digest>[0-9a-f]{20})\.jpg$", card, name="card"),
    re_path(r"^(?P<accent>[0-9a-f]{6}|house)-(?P<face>[a-z]+)\.(?P<digest>[0-9a-f]{12})\.css$", look, name="look"),
]
