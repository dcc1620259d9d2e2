"""What the worker or another process publishes is on the pages of the web server within a second, and only there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.request import urlopen

from wagtail.models import Page

from base.languages import CODES
from pages.models import StoryPage

if TYPE_CHECKING:
    from tests.e2e.server import Server

TITLE = "Tämä otsikko vaihtui toisessa prosessissa"
CHANGED = ["/fi/", "/fi/jutut/"]
UNCHANGED = ["/sv/", "/en/", "/fi/tulokset/", "/fi/tapahtumat/", "/sv/artiklar/"]


def rename_a_story(title: str) -> None:
    """Runs beside the server: in Finnish alone. The newest story that is there in each language: one that is not stands in the others' lists too."""
    stories = StoryPage.objects.live().filter(locale__language_code="fi").order_by("-first_published_at")
    story = next(story for story in stories if story.get_translations().live().count() == len(CODES) - 1)
    story.title = title
    story.save_revision().publish()
    assert Page.objects.get(pk=story.pk).title == title


def test_a_change_is_seen_at_once_and_the_rest_keeps_its_etag(server: Server) -> None:
    def etags(paths: list[str]) -> dict[str, str]:
        return {path: urlopen(server.url + path).headers["ETag"] for path in paths}

    changed, unchanged = etags(CHANGED), etags(UNCHANGED)
    assert all(changed.values())
    server.call("tests.e2e.test_page_cache.rename_a_story", title=TITLE)
    until = time.monotonic() + 1
    while TITLE not in urlopen(f"{server.url}/fi/").read().decode():
        assert time.monotonic() < until
    assert not set(etags(CHANGED).items()) & set(changed.items())
    assert etags(UNCHANGED) == unchanged
