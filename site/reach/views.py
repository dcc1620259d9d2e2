"""Counting page views without cookies: a small script tells us that a page was looked at, and nothing of who looked is kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import crawleruseragents
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django_ratelimit.core import is_ratelimited

from base.public_forms import client_address, is_from_here
from reach.counting import count_view

if TYPE_CHECKING:
    from django.http import HttpRequest

# Enough for an office that reads a page together, too little to make a figure.
RATE = "60/h"
LONGEST_AGENT = 500


@csrf_exempt
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Always 204: what was not believed is not told. A cross-site page, a machine and a network that looks without end count nothing."""
    if is_from_here(request) and not _asks_for_peace(request) and not is_machine(request.headers.get("User-Agent", "")[:LONGEST_AGENT]):
        number = request.POST.get("page", "")
        if number.isdecimal() and len(number) < 10 and not _looks_too_often(request, int(number)):
            count_view(int(number))
    return HttpResponse(status=204)


def _looks_too_often(request: HttpRequest, page_id: int) -> bool:
    """One network counts `RATE` views of a page. The cache holds a keyed hash of the two, and no longer than the rate needs it."""

    def mark(group: str, request: HttpRequest) -> str:
        return salted_hmac(group, f"{client_address(group, request)} {page_id}").hexdigest()

    return bool(is_ratelimited(request, group="reach.view", key=mark, rate=RATE, method="POST", increment=True))


def _asks_for_peace(request: HttpRequest) -> bool:
    return request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1"


@lru_cache(maxsize=2048)
def is_machine(user_agent: str) -> bool:
    """By the published list; it takes 0.6 ms, hence the cache."""
    return not user_agent or crawleruseragents.is_crawler(user_agent)
