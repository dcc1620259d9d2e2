"""What answers to a signed link have in common: nobody keeps them, and they stand in the site's frame without being a page of its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from base.languages import active
from base.pages import home_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def private(response: HttpResponse) -> HttpResponse:
    """Neither stored nor indexed, and its address, which holds a token, is told to no other site."""
    patch_cache_control(response, private=True, no_store=True)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def frame_alone(request: HttpRequest) -> dict[str, Any]:
    """The front page's frame around what has no page: nothing to share, no other languages. Empty before the first theme is opened."""
    home = home_in(request, active())
    return home.frame(request) | {"page": None, "sharing": None, "structured": None, "translations": []} if home else {}


def broken(request: HttpRequest, text: str) -> HttpResponse:
    """The link does not work. `text` says what to do, and nothing of what it was for."""
    context = frame_alone(request) | {"title": _("This link does not work"), "text": text}
    return private(render(request, "base/message_page.html", context, status=404))
