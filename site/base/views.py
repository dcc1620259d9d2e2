"""Views that belong to no package above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from base.languages import CODES, FALLBACK

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def to_reader_language(request: HttpRequest) -> HttpResponse:
    """`/` leads to the front page in the first of the reader's languages that we speak."""
    language = translation.get_language_from_request(request)
    response = redirect(f"/{language if language in CODES else FALLBACK}/")
    patch_vary_headers(response, ("Accept-Language",))
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    language = translation.get_language_from_path(request.path_info) or translation.get_language_from_request(request)
    with translation.override(language if language in CODES else FALLBACK):
        return render(request, "404.html", {"language": translation.get_language()}, status=404)
