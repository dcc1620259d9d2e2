"""Binds each request of the staff to the theme that they work in; whatever else is asked for is what a visitor would see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.bounds import within
from themes.teams import standing_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

ADMIN = "/admin/"


class TeamMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # An answer that is sent in parts, such as an export, has its rows chosen before it leaves here.
        with within(standing_of(request.user).bound if request.path.startswith(ADMIN) else None):
            return self.get_response(request)
