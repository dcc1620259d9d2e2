"""Links: those of the site are looked up in the database, others are asked for only where the settings allow it."""

from __future__ import annotations

import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _
from wagtail.models import Page

from newsletters.preflight.results import Level, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletters.preflight.letters import Letters

SECONDS, DEADLINE, AT_ONCE, MOST_HOPS = 2.0, 3.5, 12, 4
REMEMBERED = 15 * 60
AGENT = {"User-Agent": "Kantama (looks whether links of a newsletter work)"}
GONE = {404, 410}


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where nobody answered; `problem` is a name of PROBLEMS; `leads_to` where it was sent on to for good."""

    status: int = 0
    problem: str = ""
    leads_to: str = ""

    @property
    def is_dead(self) -> bool:
        return self.status in GONE or self.problem == "unknown"


# ---- of the site
def inside(made: Letters) -> Iterator[Result]:
    # What has a key was read among the live pages a moment ago.
    written = [url for url, key in made.made.links.entries if key is None and urlsplit(url).netloc in made.own_hosts()]
    dead = [url for url in written if not is_there(url)]
    for url in dead:
        told = _("The link leads to a page of the site that is not there: %(url)s") % {"url": url}
        yield Result(Level.BLOCKS, _("Links within the site"), told, f"{made.edit_url}#body-section")
    if not dead:
        yield Result(Level.PASSED, _("Links within the site"), _("All lead to pages that are public."))


def is_there(url: str) -> bool:
    """Whether the address is a live page, a file or another view of ours. Asks the database alone."""
    parts = urlsplit(url)
    try:
        name = resolve(parts.path).url_name or ""
    except Resolver404:
        return parts.path.startswith(settings.MEDIA_URL)
    if name != "wagtail_serve":
        return True
    request = RequestFactory().get(parts.path, SERVER_NAME=parts.hostname or "localhost", SERVER_PORT=str(parts.port or 80))
    with translation.override(get_language_from_path(parts.path) or translation.get_language()):
        page = Page.find_for_request(request, parts.path.lstrip("/").partition("/")[2])
    return bool(page and page.live)


# ---- of others
def ask_all(urls: Iterable[str]) -> dict[str, Answer]:
    """All at the same time; what has not answered at the deadline did not answer. {} where the settings do not allow it."""
    urls = list(urls)
    if not (settings.CHECK_LINKS and urls):
        return {}
    pool = ThreadPoolExecutor(AT_ONCE)
    asked = {pool.submit(ask, url): url for url in urls}
    done, _late = wait(asked, timeout=DEADLINE)
    pool.shutdown(wait=False, cancel_futures=True)
    found = {asked[one]: one.result() for one in done}
    for url, answer in found.items():
        cache.set(_key(url), answer, REMEMBERED)
    return {url: found.get(url, Answer(problem="slow")) for url in urls}


def remembered(urls: Iterable[str]) -> dict[str, Answer]:
    return {url: answer for url in urls if (answer := cache.get(_key(url)))}


def _key(url: str) -> str:
    return f"newsletters.link:{sha256(url.encode()).hexdigest()}"


def ask(url: str) -> Answer:
    """Follows where it is sent on, and looks each time that it is no address of an inner network: the words of an issue open no door there."""
    at, moved = url, False
    for _hop in range(MOST_HOPS + 1):
        if problem := _unreachable(at):
            return Answer(problem=problem)
        try:
            response = _fetch(at)
        except requests.Timeout:
            return Answer(problem="slow")
        except (requests.RequestException, ValueError):
            return Answer(problem="refused")
        if not response.is_redirect:
            return Answer(response.status_code, leads_to=at if moved else "")
        moved = moved or response.status_code in {301, 308}
        at = urljoin(at, response.headers["Location"])
    return Answer(problem="loop")


def _fetch(url: str) -> requests.Response:
    """HEAD, and GET where a server does not know it. No body is read."""
    response = requests.head(url, headers=AGENT, timeout=SECONDS, allow_redirects=False)
    if response.status_code in {403, 405, 501} or response.status_code in GONE:
        with requests.get(url, headers=AGENT, timeout=SECONDS, allow_redirects=False, stream=True) as response:
            return response
    return response


def _unreachable(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "refused"
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or None, type=socket.SOCK_STREAM)
    except OSError:
        return "unknown"
    is_private = not all(ipaddress.ip_address(str(row[4][0]).partition("%")[0]).is_global for row in found)
    return "inner" if is_private and not settings.CHECK_LINKS_OF_INNER_NETWORK else ""


def told(urls: list[str], answers: dict[str, Answer], made: Letters) -> Iterator[Result]:
    subject, where = _("Links to other sites"), f"{made.edit_url}#body-section"
    if not urls:
        return
    if not settings.CHECK_LINKS:
        words = _("%(number)d links to other sites are not followed: the settings do not allow it (CHECK_LINKS).") % {"number": len(urls)}
        yield Result(Level.UNCHECKED, subject, words)
        return
    bad = {url: answer for url, answer in answers.items() if answer.problem or answer.leads_to or answer.status >= 400}
    for url, answer in bad.items():
        yield Result(Level.BLOCKS if answer.is_dead else Level.WARNS, subject, f"{url}: {_why(answer)}", where)
    if not bad:
        yield Result(Level.PASSED, subject, _("All of them answer."))


def _why(answer: Answer) -> str:
    problems = {
        "slow": _("the site did not answer in time"),
        "refused": _("the site cannot be reached"),
        "unknown": _("there is no such site"),
        "inner": _("the address is one of an inner network, which readers cannot open"),
        "loop": _("the site sends on and on"),
    }
    if answer.problem:
        return problems[answer.problem]
    if answer.status in GONE:
        return _("the page is gone")
    if answer.status >= 400:
        return _("the site answers with an error (%(status)d)") % {"status": answer.status}
    return _("the page has moved to %(url)s") % {"url": answer.leads_to}
