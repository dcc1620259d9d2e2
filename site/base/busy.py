"""When the database has no turn for a request in time: the reader is asked to try again, and what was typed comes along."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from django.db import OperationalError
    from django.http import HttpRequest

UNAVAILABLE, RETRY_SECONDS = 503, 30
# PostgreSQL's: no lock in time, two that waited for each other, no connection left.
SQLSTATES = frozenset({"55P03", "40P01", "53300"})


def is_busy(error: OperationalError) -> bool:
    """Whether the same would go through at another moment."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        code: int = getattr(cause, "sqlite_errorcode", 0)
        return code & 0xFF == sqlite3.SQLITE_BUSY
    # A pool without a free connection has no SQLSTATE.
    return getattr(cause, "sqlstate", None) in SQLSTATES or type(cause).__name__ == "PoolTimeout"


def answer(request: HttpRequest) -> HttpResponse:
    """Asks the database nothing. A form that was sent stands in it whole but for its files, which no page can hold, and is sent by one button."""
    fields = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    context = {"address": request.get_full_path(), "is_form": request.method == "POST", "fields": fields, "files": bool(request.FILES)}
    response = HttpResponse(render_to_string("503.html", context), status=UNAVAILABLE)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
