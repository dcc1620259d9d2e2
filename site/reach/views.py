"""Counting page views without cookies: a small script tells us that a page was looked at, and nothing of who looked is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from base.public_forms import is_from_here
from reach.believing import asks_for_peace, is_machine, looks_too_often
from reach.counting import CAUSE, count_view

if TYPE_CHECKING:
    from django.http import HttpRequest


@csrf_exempt
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Always 204: what was not believed is not told. A cross-site page, a machine and a network that looks without end count nothing."""
    if is_from_here(request) and not asks_for_peace(request) and not is_machine(request):
        number = request.POST.get("page", "")
        if number.isdecimal() and len(number) < 10 and not looks_too_often(request, CAUSE, int(number)):
            count_view(int(number))
    return HttpResponse(status=204)
