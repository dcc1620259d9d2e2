"""From an address to its page: by Wagtail's own routing, which asks the database for each step, and from memory when it was asked before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail import views
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from base.languages import active
from base.remembered import remember
from base.sites import put_beside

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from wagtail.models import Site

    Place = tuple[type[Page], int]


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's view of a page, with what it would look up for each request put beside the request before."""
    site = put_beside(request)
    if site and (page := _page_at(request, site, path)):
        request._wagtail_route_for_request = RouteResult(page)  # type: ignore[attr-defined]  # where Page.route_for_request looks
    response: HttpResponse = views.serve(request, path)
    return response


def _page_at(request: HttpRequest, site: Site, path: str) -> Any:
    """None where Wagtail has to say what is there: it did so already, or will."""
    try:
        model, pk = remember(("place", site.pk, active(), path), lambda: _place(request, path))
    except LookupError:
        return None
    if hasattr(request, "_wagtail_route_for_request"):
        return None
    return model._default_manager.select_related(*getattr(model, "shown_with", ())).filter(pk=pk, live=True).first()


def _place(request: HttpRequest, path: str) -> Place:
    """Raises LookupError where no page is: made-up addresses fill no memory. So does a page that routes by itself: it may look at more."""
    found = Page.route_for_request(request, path)
    if found is None or type(found.page).route is not Page.route:
        raise LookupError(path)
    return type(found.page), found.page.pk
