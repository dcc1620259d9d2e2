"""In front of Django and of the page cache: a beacon is answered here, early and without a query. Always 204: what was not believed is not told."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings

from reach.beacon import MOST_BYTES, hear, hear_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
PATH = "/reach/"
# What a page says of itself where readers are counted without the script: nobody else sees it.
PAGE_HEADER = "X-Reach-Page"
ANSWER = [("Cache-Control", "no-store")]


class ReachLayer:
    """WSGI middleware."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.asked = self._counting if settings.REACH_WITHOUT_SCRIPT else application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH or environ["REQUEST_METHOD"] != "POST":
            return self.asked(environ, start_response)
        try:
            hear(environ, body_of(environ))
        except Exception:
            # No reader waits for a figure of ours.
            log.exception("A beacon was not counted.")
        start_response("204 No Content", list(ANSWER))
        return []

    def _counting(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def catch(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            named = [value for name, value in headers if name == PAGE_HEADER]
            if named and environ["REQUEST_METHOD"] == "GET" and status[:3] in ("200", "304"):
                try:
                    hear_page(environ, int(named[0]))
                except Exception:
                    log.exception("A page that was opened was not counted.")
            return start_response(status, [row for row in headers if row[0] != PAGE_HEADER], *error)

        return self.application(environ, catch)


def body_of(environ: WSGIEnvironment) -> bytes | None:
    """None where it says that it is larger than any of ours; then not a byte of it is read. Nor is of what does not say how large it is."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return None
    return bytes(environ["wsgi.input"].read(int(length)))
