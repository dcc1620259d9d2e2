"""The API's addresses, version 1. An error below them has the API's shape too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.urls import URLPattern, path, re_path

from desk.api.endpoints import api, description
from desk.api.guarding import guarded
from desk.api.problems import problem

if TYPE_CHECKING:
    from django.http import HttpRequest


@guarded
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


@guarded
def nowhere(request: HttpRequest, **_rest: Any) -> HttpResponse:
    return problem(404, "There is no such address. /api/v1/openapi.json lists them.")


def _guarded(pattern: URLPattern) -> URLPattern:
    return URLPattern(pattern.pattern, guarded(pattern.callback), pattern.default_args, pattern.name)


app_name = "api"
urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    *(_guarded(pattern) for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"),
    # Whatever it is: a dot would not match a line break.
    re_path(r"", nowhere),
]
