"""The beacon's address where no layer stands in front (`reach.layer`): the same, by Django."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from reach.beacon import hear
from reach.layer import body_of

if TYPE_CHECKING:
    from django.http import HttpRequest


@csrf_exempt
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    hear(request.META, body_of(request.META))
    return HttpResponse(status=204)
