"""Wagtail shows all of its staff some things: choosers, its own API, reports. Project staff are shown the door's screens alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from desk.door import is_confined

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

ADMIN = "/admin/"
# Beside the home itself: the door, one's own account, signing in and out, and what draws the screens.
OPEN = tuple(f"{ADMIN}{name}/" for name in ("door", "account", "login", "logout", "password_reset", "jsi18n", "sprite"))


class DoorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: object) -> None:
        path = request.path
        if path.startswith(ADMIN) and path != ADMIN and not path.startswith(OPEN) and is_confined(request.user):
            raise PermissionDenied
