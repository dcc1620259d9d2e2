"""What every answer of the API shares: who asks too often, browsers of other sites, what has not changed, and no cookies."""

from __future__ import annotations

from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseNotAllowed
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import parse_http_date_safe
from django_ratelimit.core import is_ratelimited

from base.bounds import everywhere
from base.public_forms import client_address
from desk.api.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

# A whole site is some hundred pages: enough to take all of it several times, too little to weigh on others.
RATE = "1200/h"
SECONDS_OF_RATE = 3600
CACHE_SECONDS = 60
METHODS = ("GET", "HEAD")


def guarded(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = open_to_all(_answer(view, request, args, kwargs))
        if request.method == "HEAD":
            length = len(response.content)
            response.content = b""
            response["Content-Length"] = str(length)
        return response

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]  # Django's own mark: nothing is changed here
    return wrapped


def _answer(view: Callable[..., Any], request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return _preflight()
    if request.method not in METHODS:
        refused = problem(405, "The API only reads.")
        refused["Allow"] = HttpResponseNotAllowed(METHODS)["Allow"]
        return refused
    if is_ratelimited(request, group="desk.api", key=client_address, rate=RATE, increment=True):
        refused = problem(429, f"This address has asked too often: at most {RATE.partition('/')[0]} times an hour.")
        refused["Retry-After"] = str(SECONDS_OF_RATE)
        return refused
    asked = request.method
    # The library knows no HEAD: it is answered as GET, without the body.
    request.method = "GET"
    try:
        with everywhere():
            response: HttpResponse = view(request, *args, **kwargs)
    finally:
        request.method = asked
    return _unchanged(request, response) if response.status_code == 200 else response


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match, If-Modified-Since"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _unchanged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 to who has these bytes. Of a list, a day alone does not tell that something has gone from it: only its ETag counts."""
    response["ETag"] = etag = f'"{sha256(response.content).hexdigest()[:32]}"'
    patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
    is_one = request.resolver_match is not None and "id" in request.resolver_match.kwargs
    changed = parse_http_date_safe(response["Last-Modified"]) if is_one and "Last-Modified" in response else None
    return get_conditional_response(request, etag, changed, response) or response


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Scripts of any site may read it: nothing here depends on who asks."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
    response["X-Robots-Tag"] = "noindex"
    return response
