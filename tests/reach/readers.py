"""Beacons as browsers send them, and the roll-up after them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from reach import buffer, windows
from reach.salts import salts
from tests.reach.simulator import browser_headers

PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
# Django's test client asks this host.
HEADERS = browser_headers(PERSON, "fi", origin="http://testserver")


def begin_anew() -> None:
    """As a process that has just started, with an empty buffer."""
    windows.forget()
    salts.forget()
    for what, _parts in list(buffer.taken()):
        buffer.remove(what)


def tell(client: Any, page: Any, *, address: str = "127.0.0.1", headers: dict[str, str] | None = None, **told: str) -> Any:
    """`told` are further fields of the body."""
    return post(client, {"page": str(getattr(page, "pk", page)), **told}, address=address, headers=headers)


def post(client: Any, body: dict[str, str], *, address: str = "127.0.0.1", headers: dict[str, str] | None = None) -> Any:
    form = {"data": urlencode(body), "content_type": "application/x-www-form-urlencoded"}
    return client.post("/reach/", **form, headers=HEADERS | {"host": "testserver"} | (headers or {}), REMOTE_ADDR=address)
