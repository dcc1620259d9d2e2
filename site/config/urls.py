"""Where each address leads. Wiring only."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from base import serving
from base.uploads import serving as uploads
from base.views import to_reader_language, untranslated
from desk import open_data
from pages import sitemap

handler400, handler404 = "base.views.bad_request", "themes.views.page_not_found"

urlpatterns = [
    path("", to_reader_language),
    path("robots.txt", sitemap.robots),
    path("sitemap.xml", sitemap.index),
    path("admin/", include(wagtailadmin_urls)),
    path("api/v1/", include("desk.api.urls")),
    # Under the name of Wagtail's, by which documents are linked.
    re_path(r"^documents/(\d+)/(.*)$", uploads.serve_document, name="wagtaildocs_serve"),
    path("documents/", include(wagtaildocs_urls)),
    path("mail/", include("mail.urls")),
    path("s/", include("social.urls")),
    path("reach/", include("reach.urls")),
    path("look/", include("themes.urls")),
    path("report/", include("desk.reports.public_urls")),
    path("media/<path:path>", uploads.serve_picture),
]
urlpatterns += i18n_patterns(
    path("events/", include("events.urls")),
    path("newsletters/", include("newsletters.urls")),
    path("contacts/", include("contacts.urls")),
    path("untranslated/<int:page_id>/", untranslated, name="untranslated"),
    path("open-data/", open_data.about, name="open_data"),
    path("", include("pages.urls")),
    # Before Wagtail's own, under its name: pages link to each other by that.
    re_path(wagtail_urls.serve_pattern, serving.serve, name="wagtail_serve"),
    path("", include(wagtail_urls)),
)
