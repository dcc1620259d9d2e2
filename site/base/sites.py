"""Sites, their root paths and what is restricted on them, remembered: Wagtail asks the database for these with each request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.http.request import split_domain_port
from wagtail.models import PageViewRestriction, Site
from wagtail.models.sites import SiteRootPath

from base.remembered import remember

if TYPE_CHECKING:
    from django.http import HttpRequest


def site_of(request: HttpRequest) -> Any:
    """The request's site, or None. Where Wagtail itself looks for it, too."""
    if not hasattr(request, "_wagtail_site"):
        # As Wagtail does, which may be asked before the host was checked.
        host, port = split_domain_port(request._get_raw_host())[0], request.get_port()  # type: ignore[attr-defined]
        request._wagtail_site = remember(("site", host, port), lambda: Site._find_for_request(request))  # type: ignore[attr-defined]
    return request._wagtail_site  # type: ignore[attr-defined]


def put_beside(request: HttpRequest) -> Any:
    """What Wagtail would look up for each address of a page, put where it looks. Returns the request's site, or None."""
    request._wagtail_cached_site_root_paths = site_roots()  # type: ignore[attr-defined]  # where Page.get_url looks
    return site_of(request)


def site_roots() -> list[SiteRootPath]:
    """As Wagtail has them, which keeps them for an hour in a cache that other processes may not share. Inside a transaction they are Wagtail's."""
    if connection.in_atomic_block:
        roots: list[SiteRootPath] = Site.get_site_root_paths()
        return roots

    def read() -> list[SiteRootPath]:
        sites = Site.objects.select_related("root_page").order_by("-root_page__url_path", "-is_default_site", "hostname")
        return [
            SiteRootPath(site.pk, root.url_path, site.root_url, root.locale.language_code)
            for site in sites
            for root in site.root_page.get_translations(inclusive=True).select_related("locale")
        ]

    return remember("site roots", read)


def is_restricted(path: str) -> bool:
    """Whether the page of this tree path, or one above it, is shown to some alone."""
    return path.startswith(remember("restricted", lambda: tuple(PageViewRestriction.objects.values_list("page__path", flat=True))))
