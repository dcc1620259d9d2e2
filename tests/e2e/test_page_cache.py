"""What is published is on the pages of every process within a second, in each language, and only there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
import redis
from wagtail.models import Page

from base import tasks
from base.languages import CODES
from pages.models import StoryPage
from tests.e2e.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

REDIS = "redis://127.0.0.1:6379/7"
TITLE = "Tämä otsikko vaihtui toisessa prosessissa"
CHANGED = ["/fi/", "/sv/", "/en/", "/fi/jutut/", "/sv/artiklar/", "/en/stories/"]
UNCHANGED = ["/fi/tulokset/", "/sv/resultat/", "/en/results/", "/fi/tapahtumat/", "/sv/evenemang/", "/en/events/", "/fi/vartti/"]
WAIT_FOR_WORKER = 30


def ask_the_worker() -> None:
    """Runs beside the server."""
    tasks.enqueue("tests.e2e.test_page_cache.rename_a_story")


def rename_a_story() -> None:
    """The worker does it: the newest story that stands in each language. One that does not stands in the others' lists too."""
    stories = StoryPage.objects.live().filter(locale__language_code="fi").order_by("-first_published_at")
    story = next(story for story in stories if story.get_translations().live().count() == len(CODES) - 1)
    for page in [story, *story.get_translations()]:
        # Each in words of its own: a translation that says what its source says waits to be translated.
        page.title = f"{TITLE} ({page.locale.language_code})"
        page.save_revision().publish()


def published_at() -> float | None:
    """When the last of them was public, in seconds; None before."""
    pages = Page.objects.filter(title__startswith=TITLE)
    return max(page.last_published_at.timestamp() for page in pages) if len(pages) == len(CODES) else None


@pytest.fixture(params=["file", "redis"])
def server_of_two(request: pytest.FixtureRequest, data_with_demo: Callable[[], Path]) -> Iterator[Server]:
    """Two web processes and a worker, that hear of a change by a file or by Redis."""
    if request.param == "redis":
        try:
            redis.from_url(REDIS).flushdb()
        except redis.ConnectionError:
            pytest.skip("Redis does not answer")
    server = Server(data_with_demo(), redis_url=REDIS if request.param == "redis" else "", web=2)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def test_what_the_worker_publishes_is_seen_at_once_and_the_rest_keeps_its_etag(server_of_two: Server) -> None:
    def etags(paths: list[str]) -> dict[str, str]:
        return {url + path: urlopen(url + path, timeout=10).headers["ETag"] for url in server_of_two.urls for path in paths}

    changed, unchanged = etags(CHANGED), etags(UNCHANGED)
    assert all((changed | unchanged).values())
    server_of_two.call("tests.e2e.test_page_cache.ask_the_worker")
    until = time.monotonic() + WAIT_FOR_WORKER
    while (published := server_of_two.call("tests.e2e.test_page_cache.published_at")) is None:
        assert time.monotonic() < until, (server_of_two.data / "worker.log").read_text()[-2000:]
        time.sleep(0.05)
    # Nobody asks for a page before: what each process had remembered is what must be forgotten.
    time.sleep(max(published + 1 - time.time(), 0))
    assert not set(etags(CHANGED).items()) & set(changed.items())
    assert etags(UNCHANGED) == unchanged
