"""Binds each request of the staff to the theme that they work in; whatever else is asked for is what a visitor would see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.models import Page

from base.bounds import within
from themes.teams import standing_of
from themes.teams.pages import ground_of, theme_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponseBase

ADMIN = "/admin/"
# How the admin's addresses call the number of a page. Not all of its screens ask for rights to it.
OF_PAGES = {"page_id", "parent_page_id", "page_to_move_id", "destination_id", "parent_id"}
# What is public may be linked to, whosever it is.
CHOOSERS = {"wagtailadmin_choose_page_child"}


class TeamMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # An answer that is sent in parts, such as an export, has its rows chosen before it leaves here.
        with within(standing_of(request.user).bound if request.path.startswith(ADMIN) else None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: Mapping[str, Any]) -> HttpResponseBase | None:
        if not request.path.startswith(ADMIN) or standing_of(request.user).bound is None:
            return None
        numbers = {int(value) for name, value in kwargs.items() if name in OF_PAGES and str(value).isdigit()}
        is_choosing = request.resolver_match is not None and request.resolver_match.url_name in CHOOSERS
        for path, live in Page.objects.filter(pk__in=numbers).values_list("path", "live") if numbers else ():
            if not ground_of(request.user).leads_to(path) and not (is_choosing and live):
                return _elsewhere(request, path)
        return None


def _elsewhere(request: HttpRequest, path: str) -> HttpResponseBase:
    """A link to a page of another theme of theirs asks whether they want to work there."""
    if request.method == "GET" and theme_at(path) in {theme.pk for theme in standing_of(request.user).themes}:
        return redirect(f"{reverse('themes_choose')}?{urlencode({'next': request.get_full_path()})}")
    raise PermissionDenied
