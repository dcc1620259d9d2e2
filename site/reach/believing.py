"""Who is counted: people who let themselves be, and no network without end. Decided in memory; user agents and addresses go no further than here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from base.machines import agent_of, asks_for_peace, is_fetched_ahead, is_machines_name
from base.public_forms import network_of
from reach import windows
from reach.salts import keyed_hash
from reach.verdicts import Verdict

if TYPE_CHECKING:
    from django.http import HttpRequest

    from base.machines import Environ

# How every browser's name begins, since 1998.
BROWSERS = ("Mozilla/5.0 (", "Opera/9.80 (")
OURS = frozenset({"same-origin", "none"})


def looks_too_often(request: HttpRequest, group: str, number: int) -> bool:
    """One network counts `windows.RATE` times a page or a file."""
    return windows.hourly.is_over(keyed_hash(group, network_of(request.META), str(number)))


def of_environ(environ: Environ) -> Verdict:
    """By what every request carries, whatever it asks."""
    if asks_for_peace(environ):
        return Verdict.PEACE
    if f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", ""):
        return Verdict.STAFF
    agent = agent_of(environ)
    if not agent.strip():
        return Verdict.NO_AGENT
    if is_machines_name(agent):
        return Verdict.CRAWLER
    if is_fetched_ahead(environ):
        return Verdict.PREFETCH
    if not agent.startswith(BROWSERS) or not environ.get("HTTP_ACCEPT_LANGUAGE"):
        return Verdict.NO_BROWSER
    return Verdict.PERSON


def of_beacon(environ: Environ) -> Verdict:
    """A browser says of `sendBeacon` where it comes from: `Origin` always, `Sec-Fetch-Site` since 2020 (2023 in Safari)."""
    verdict = of_environ(environ)
    if verdict != Verdict.PERSON:
        return verdict
    origin, site = environ.get("HTTP_ORIGIN"), environ.get("HTTP_SEC_FETCH_SITE")
    if (site or "same-origin") not in OURS or (origin is not None and urlsplit(origin).netloc != environ.get("HTTP_HOST")):
        return Verdict.ELSEWHERE
    return Verdict.PERSON if origin or site else Verdict.NO_BROWSER


def of_navigation(environ: Environ) -> Verdict:
    """Without the script: somebody who opens a page, by a browser that says so where it says anything."""
    verdict = of_environ(environ)
    if verdict != Verdict.PERSON:
        return verdict
    mode, dest = environ.get("HTTP_SEC_FETCH_MODE", "navigate"), environ.get("HTTP_SEC_FETCH_DEST", "document")
    is_opened = mode == "navigate" and dest == "document" and "text/html" in environ.get("HTTP_ACCEPT", "")
    return Verdict.PERSON if is_opened else Verdict.NO_BROWSER


def day_hash(environ: Environ, network: str, theme: int) -> bytes:
    return keyed_hash("reader", agent_of(environ), network, str(theme))
