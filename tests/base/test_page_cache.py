from __future__ import annotations

import gzip
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from wagtail.models import Page

from base import page_changes
from base.page_cache import MOST_BYTES, SECONDS_HEADER, Generation, PageCache
from tests import factories

SITE = Path(__file__).resolve().parents[2] / "site"


class Application:
    """Counts its calls, and answers what it is told to."""

    def __init__(self):
        self.calls, self.body, self.status = 0, b"<p>Sivu</p>" * 100, "200 OK"
        self.headers = [("Content-Type", "text/html"), (SECONDS_HEADER, "60"), ("Vary", "Cookie")]

    def __call__(self, environ, start_response):
        self.calls += 1
        start_response(self.status, list(self.headers))
        return [self.body]


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Answer:
    def __init__(self, application, path="/fi/", method="GET", **more):
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": "", "wsgi.input": BytesIO()} | more
        setup_testing_defaults(environ)
        self.body = b"".join(application(environ, self.start))

    def start(self, status, headers, error=None):
        self.status, self.headers = int(status[:3]), dict(headers)


@pytest.fixture
def behind(tmp_path):
    application, clock = Application(), Clock()
    cache = PageCache(application, Generation(tmp_path / "number"), session_cookie="sessionid", clock=clock)
    return application, cache, clock


def test_a_hit_does_not_ask_the_application(behind):
    application, cache, _clock = behind
    first, second = Answer(cache), Answer(cache)
    assert application.calls == 1
    assert first.body == second.body == application.body
    assert first.headers == second.headers
    assert SECONDS_HEADER not in second.headers
    assert second.headers["Vary"] == "Accept-Encoding"
    head = Answer(cache, method="HEAD")
    assert (application.calls, head.body, head.headers["Content-Length"]) == (1, b"", str(len(application.body)))


def test_bodies_are_compressed_once(behind):
    application, cache, _clock = behind
    assert brotli.decompress(Answer(cache, HTTP_ACCEPT_ENCODING="gzip, br").body) == application.body
    assert gzip.decompress(Answer(cache, HTTP_ACCEPT_ENCODING="gzip").body) == application.body
    assert application.calls == 1


def test_who_has_the_page_is_told_so(behind):
    _application, cache, _clock = behind
    etag = Answer(cache).headers["ETag"]
    again = Answer(cache, HTTP_IF_NONE_MATCH=etag)
    assert (again.status, again.body) == (304, b"")
    assert Answer(cache, HTTP_IF_NONE_MATCH='W/"other"').status == 200


def test_a_change_makes_every_page_old_and_an_unchanged_one_keeps_its_etag(behind):
    application, cache, _clock = behind
    before = Answer(cache).headers["ETag"]
    cache.generation.bump()
    assert Answer(cache).headers["ETag"] == before
    assert application.calls == 2
    cache.generation.bump()
    application.body = b"<p>Uusi</p>"
    assert Answer(cache).headers["ETag"] != before


def test_a_change_while_a_page_is_rendered_makes_it_old(behind):
    application, cache, _clock = behind

    def changing(environ, start_response):
        cache.generation.bump()
        return application(environ, start_response)

    cache.application = changing
    Answer(cache)
    cache.application = application
    Answer(cache)
    assert application.calls == 2


def test_many_who_ask_at_once_cost_one_rendering(behind):
    application, cache, _clock = behind
    asked, started = 8, threading.Event()

    def slow(environ, start_response):
        started.set()
        time.sleep(0.2)
        return application(environ, start_response)

    cache.application = slow
    with ThreadPoolExecutor(asked) as pool:
        first = pool.submit(Answer, cache)
        started.wait()
        others = [pool.submit(Answer, cache) for _ in range(asked - 1)]
        bodies = {one.result().body for one in [first, *others]}
    assert (application.calls, bodies) == (1, {application.body})
    assert not cache.rendering


def test_who_waited_for_a_page_that_grew_old_meanwhile_gets_the_new_one(behind):
    application, cache, _clock = behind
    started, changed = threading.Event(), threading.Event()

    def slow(environ, start_response):
        answer = application(environ, start_response)
        if not started.is_set():
            started.set()
            changed.wait()
        return answer

    cache.application = slow
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(Answer, cache)
        started.wait()
        second = pool.submit(Answer, cache)
        application.body = b"<p>Uusi</p>"
        cache.generation.bump()
        changed.set()
        assert first.result().body != application.body
        assert second.result().body == application.body


def test_what_is_not_kept_is_not_waited_for_in_a_line(behind):
    application, cache, _clock = behind
    application.headers = application.headers[:1]

    def slow(environ, start_response):
        time.sleep(0.2)
        return application(environ, start_response)

    cache.application = slow
    begin = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        assert all(one.status == 200 for one in pool.map(lambda _number: Answer(cache), range(8)))
    assert application.calls == 8
    assert time.monotonic() - begin < 8 * 0.2


def test_a_rendering_that_fails_leaves_nobody_waiting(behind):
    _application, cache, _clock = behind

    def broken(environ, start_response):
        raise ValueError("broken")

    cache.application = broken
    for _time in range(2):
        with pytest.raises(ValueError, match="broken"):
            Answer(cache)
    assert not cache.rendering


def test_the_clock_makes_it_old(behind):
    application, cache, clock = behind
    Answer(cache)
    clock.now = 61
    Answer(cache)
    assert application.calls == 2


@pytest.mark.parametrize("query", ["page=2", "view=week", "view=month", "when=past"])
def test_the_usual_queries_are_kept_each_for_itself(behind, query):
    application, cache, _clock = behind
    for _time in range(2):
        Answer(cache, QUERY_STRING=query)
    Answer(cache)
    assert application.calls == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"HTTP_COOKIE": "a=b; sessionid=xyz"},
        {"HTTP_AUTHORIZATION": "Basic x"},
        {"QUERY_STRING": "utm=1"},
        {"QUERY_STRING": "page=12345"},
        {"QUERY_STRING": "view=year"},
        {"QUERY_STRING": "view=month&date=2026-11-01"},
        {"path": "/admin/"},
        {"method": "POST"},
    ],
)
def test_what_is_not_a_visitors_page_is_not_kept(behind, asked):
    application, cache, _clock = behind
    for _time in range(2):
        Answer(cache, **asked)
    assert application.calls == 2
    assert not cache.entries


def test_what_the_application_does_not_offer_is_not_kept(behind):
    application, cache, _clock = behind
    offered = application.headers
    for headers, status in ((offered[:1], "200 OK"), ([*offered, ("Set-Cookie", "a=b")], "200 OK"), (offered, "404 Not Found")):
        application.headers, application.status = headers, status
        assert Answer(cache).body == application.body
        assert not cache.entries


def test_hosts_and_schemes_do_not_mix(behind):
    application, cache, _clock = behind
    for more in ({"HTTP_HOST": "a.example"}, {"HTTP_HOST": "b.example"}, {"HTTP_HOST": "a.example", "HTTP_X_FORWARDED_PROTO": "https"}):
        Answer(cache, **more)
    assert application.calls == 3


def test_the_memory_has_a_limit(behind):
    application, cache, _clock = behind
    application.body = bytes(range(256)) * (MOST_BYTES // 256 // 8)
    for number in range(12):
        Answer(cache, path=f"/fi/{number}/")
    assert 0 < cache.size <= MOST_BYTES
    assert cache.size == sum(entry.size for entry in cache.entries.values())


def test_other_processes_see_the_number(tmp_path):
    here = Generation(tmp_path / "number")
    code = "import sys, pathlib; from base.page_cache import Generation; Generation(pathlib.Path(sys.argv[1])).bump()"
    others = [subprocess.Popen([sys.executable, "-c", code, tmp_path / "number"], env={"PYTHONPATH": str(SITE)}) for _ in range(3)]
    assert [other.wait() for other in others] == [0, 0, 0]
    assert here.value() == 3


# ---- what counts as a change
@pytest.fixture
def changes(monkeypatch, tmp_path, django_capture_on_commit_callbacks):
    number = Generation(tmp_path / "number")
    monkeypatch.setattr(page_changes, "generation", lambda: number)

    def changes(act):
        before = number.value()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return number.value() > before

    return changes


@pytest.mark.django_db
def test_publishing_is_a_change_and_a_draft_is_none(changes):
    theme = factories.make_theme()
    section = factories.make_section(factories.make_home(theme))
    story = factories.make_story(section, goals=[factories.make_goal(theme)])
    story.title = "Toinen"
    assert not changes(story.save_revision)
    assert changes(lambda: story.get_latest_revision().publish())
    assert changes(story.unpublish)
    assert changes(lambda: Page.objects.get(pk=story.pk).delete())
    assert changes(lambda: theme.save())


@pytest.mark.django_db
def test_cancelling_an_event_is_a_change(changes):
    from events import publishing

    theme = factories.make_theme()
    page = factories.make_event_page(factories.make_events_page(factories.make_home(theme)), goals=[factories.make_goal(theme)])
    assert changes(lambda: publishing.cancel_event(event=page.event))


@pytest.mark.django_db
def test_pages_say_how_long_they_may_be_kept(client):
    theme = factories.make_theme()
    goals = [factories.make_goal(theme)]
    home = factories.make_home(theme)
    event = factories.make_event_page(factories.make_events_page(home), goals=goals)
    story = factories.make_story(factories.make_section(home), goals=goals)
    seconds = [client.get(path).headers.get(SECONDS_HEADER) for path in (home.url, story.url, event.url, "/fi/ei-ole/", "/mail/outbox/")]
    assert seconds == ["60", "60", "5", None, None]
