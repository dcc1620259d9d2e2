"""Organisations suggested while somebody types: names that the register has, nothing else of it, and only to who types a name by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django_ratelimit.core import is_ratelimited

from base.languages import active
from base.public_forms import client_address
from contacts.models import Organisation
from events import network

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LEAST_LETTERS, MOST_NAMES = 2, 8
# A name takes some ten requests to type. The whole register would take an address of its own for days.
RATE = "120/h"
TOO_MANY = 429


@require_safe
def organisations(request: HttpRequest, pk: int) -> HttpResponse:
    """`{"names": […]}` of the event's theme, those that begin so before those that have a word that does. Empty for less than two letters."""
    page = network.page_for(request, pk)
    if is_ratelimited(request, group="events.organisations", key=client_address, rate=RATE, method="GET", increment=True):
        return JsonResponse({"names": []}, status=TOO_MANY)
    answer = JsonResponse({"names": names(page.theme_id, request.GET.get("q", ""))}, json_dumps_params={"ensure_ascii": False})
    answer["X-Robots-Tag"] = "noindex"
    patch_cache_control(answer, private=True, max_age=300)
    return answer


def names(theme_id: int, words: str) -> list[str]:
    words = " ".join(words.split())[:100]
    if sum(sign.isalnum() for sign in words) < LEAST_LETTERS:
        return []
    name = f"name_{active()}"
    begins = Q(**{f"{name}__istartswith": words}) | Q(**{f"{name}__icontains": f" {words}"})
    in_finnish = Q(**{name: ""}) & (Q(name_fi__istartswith=words) | Q(name_fi__icontains=f" {words}"))
    rows = Organisation.objects.filter(begins | in_finnish, theme=theme_id).values_list(name, "name_fi")[: MOST_NAMES * 4]
    found = sorted({own or finnish for own, finnish in rows}, key=lambda one: (not one.casefold().startswith(words.casefold()), one.casefold()))
    return found[:MOST_NAMES]
