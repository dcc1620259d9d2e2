"""Who is counted: people who let themselves be, and no network without end."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import crawleruseragents
from django.utils.crypto import salted_hmac
from django_ratelimit.core import is_ratelimited

from base.public_forms import client_address

if TYPE_CHECKING:
    from django.http import HttpRequest

# Enough for an office that reads a page together, too little to make a figure.
RATE = "60/h"
LONGEST_AGENT = 500


def looks_too_often(request: HttpRequest, group: str, number: int) -> bool:
    """One network counts `RATE` times a page or a file. The cache holds a keyed hash of the two, and no longer than the rate needs it."""

    def mark(group: str, request: HttpRequest) -> str:
        return salted_hmac(group, f"{client_address(group, request)} {number}").hexdigest()

    return bool(is_ratelimited(request, group=group, key=mark, rate=RATE, method=request.method, increment=True))


def asks_for_peace(request: HttpRequest) -> bool:
    return request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1"


def is_machine(request: HttpRequest) -> bool:
    return _is_machine(request.headers.get("User-Agent", "")[:LONGEST_AGENT])


@lru_cache(maxsize=2048)
def _is_machine(user_agent: str) -> bool:
    """By the published list; it takes 0.6 ms, hence the cache."""
    return not user_agent or crawleruseragents.is_crawler(user_agent)
