"""Where each address leads. Wiring only."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from base import serving
from base.views import to_reader_language, untranslated
from pages import sitemap

handler400, handler404 = "base.views.bad_request", "themes.views.page_not_found"

urlpatterns = [
    path("", to_reader_language),
    path("robots.txt", sitemap.robots),
    path("sitemap.xml", sitemap.index),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("mail/", include("mail.urls")),
    path("reach/", include("reach.urls")),
    path("look/", include("themes.urls")),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
]
urlpatterns += i18n_patterns(
    path("events/", include("events.urls")),
    path("newsletters/", include("newsletters.urls")),
    path("untranslated/<int:page_id>/", untranslated, name="untranslated"),
    path("", include("pages.urls")),
    # Before Wagtail's own, under its name: pages link to each other by that.
    re_path(wagtail_urls.serve_pattern, serving.serve, name="wagtail_serve"),
    path("", include(wagtail_urls)),
)
