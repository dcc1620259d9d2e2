"""What goes wrong, as RFC 9457 has it: one shape for every error."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

MEDIA_TYPE = "application/problem+json"


def problem(status: int, detail: str, errors: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """`errors` are (field, message)."""
    faults = [{"field": field, "message": message} for field, message in errors]
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "errors": faults}
    return HttpResponse(json.dumps(content, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
