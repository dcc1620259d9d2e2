"""What a theme serves beside its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from themes.look import NONE, stylesheet
from themes.look import digest as digest_of

if TYPE_CHECKING:
    from django.http import HttpRequest

A_YEAR, A_MINUTE = 31_536_000, 60


@require_safe
def look(request: HttpRequest, accent: str, face: str, digest: str) -> HttpResponse:
    """The same address is always the same bytes; an older one, of a page that somebody kept, gets the rules of today for a minute."""
    colour = "" if accent == NONE else f"#{accent}"
    try:
        rules = stylesheet(colour, face)
    except (ValidationError, ValueError):
        raise Http404 from None
    response = HttpResponse(rules, content_type="text/css; charset=utf-8")
    if digest == digest_of(colour, face):
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=A_MINUTE)
    return response
