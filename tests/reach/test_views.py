"""A page view is counted once a POST, of people alone, and nothing of them is kept. What is forged is refused, with its reason, or cleaned."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.core.cache import cache
from django.utils import timezone

from contacts.models import Tally
from reach import beacon, buffer
from reach.models import Dropped, Total
from reach.rolling import roll_up
from reach.windows import RATE
from tests import factories
from tests.reach.readers import HEADERS, begin_anew, post, tell
from themes import measures


@pytest.fixture(autouse=True)
def _no_limits_of_earlier_tests():
    cache.clear()
    begin_anew()


@pytest.fixture(scope="module")
def made(shared_db):
    theme = factories.make_theme()
    return factories.make_story(factories.make_section(factories.make_home(theme)), goals=[factories.make_goal(theme, measure="page_views")])


@pytest.fixture
def story(db, made):
    return deepcopy(made)


def dropped():
    roll_up()
    return dict(Dropped.objects.values_list("reason", "count"))


def total(facet="", scope="page", grain="day"):
    roll_up()
    return {row.value: row for row in Total.objects.filter(grain=grain, scope=scope, facet=facet)}


def test_a_view_raises_the_goals_figure_by_one(client, story):
    goal = story.goals.get()
    for _ in range(3):
        answer = tell(client, story)
    assert answer.status_code == 204
    assert answer.cookies == {}
    assert roll_up() == 3
    assert roll_up() == 0
    assert measures.get("page_views").daily([goal.pk]) == {goal.pk: {timezone.localdate(): 3}}
    found = Total.objects.get(grain="day", scope="section", facet="")
    assert (found.views, found.readers, found.visits, found.key) == (3, 1, 0, str(story.get_parent().pk))
    assert Total.objects.get(grain="day", scope="site", facet="").visits == 1


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, "crawler"),
        ({"user-agent": ""}, "no_agent"),
        ({"sec-gpc": "1"}, "peace"),
        ({"dnt": "1"}, "peace"),
        ({"origin": "https://elsewhere.example"}, "elsewhere"),
        ({"sec-fetch-site": "cross-site"}, "elsewhere"),
        ({"sec-purpose": "prefetch;prerender"}, "prefetch"),
        ({"accept-language": ""}, "no_browser"),
        ({"user-agent": "Notepad 3"}, "no_browser"),
        ({"cookie": "sessionid=x"}, "staff"),
    ],
)
def test_machines_and_those_who_ask_for_peace_are_not_counted(client, story, headers, reason):
    assert tell(client, story, headers=headers).status_code == 204
    assert dropped() == {reason: 1}
    assert not Tally.objects.exists()
    assert not Total.objects.exists()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"page": ""}, "malformed"), ({"page": "x"}, "malformed"), ({"page": "-1"}, "malformed"), ({"page": "9" * 40}, "malformed"),
        ({"page": "²"}, "malformed"), ({}, "malformed"), ({"page": "999999"}, "unknown_page"), ({"page": "1", "kind": "steal"}, "malformed"),
        ({"page": "1", "kind": "read", "depth": "1e9"}, "malformed"), ({f"field{n}": "x" for n in range(40)}, "malformed"),
    ],
)  # fmt: skip
def test_what_is_no_page_of_ours_is_not_counted(client, story, body, reason):
    assert post(client, body).status_code == 204
    assert dropped() == {reason: 1}
    assert not Tally.objects.exists()


def test_a_referrer_of_a_megabyte_is_not_even_read(client, story, monkeypatch):
    read = []
    monkeypatch.setattr(beacon, "_fields", read.append)
    assert tell(client, story, ref="x" * 1_000_000).status_code == 204
    assert read == []
    assert dropped() == {"too_large": 1}


def test_scripts_and_control_signs_leave_a_plain_name(client, story):
    tell(client, story, campaign="<script>alert(1)</script>\t\n\0Kevät 2026", ref="<b>evil</b>", source="\t")
    assert list(total("campaign")) == ["script-alert-1-script-kevät-2026"]
    assert list(total("source")) == ["sites"]


def test_a_time_of_somebody_else_is_not_believed(client, story):
    tell(client, story, at="4102444800", time="4102444800", day="2099-01-01")
    (row,) = total().values()
    assert timezone.localdate(row.starts) == timezone.localdate()


def test_a_page_that_is_not_live_counts_nothing(client, story):
    story.unpublish()
    tell(client, story)
    assert dropped() == {"unknown_page": 1}


def test_a_get_counts_nothing(client, story):
    assert client.get("/reach/").status_code == 405


def test_one_network_cannot_make_a_figure(client, story):
    for number in range(RATE + 5):
        # Behind no proxy of ours the header is anybody's word. Each by another name, as slow as readers are not.
        tell(client, story, headers={"x-forwarded-for": f"192.0.2.{number}", "user-agent": f"{HEADERS['user-agent']} v{number}"})
    assert dropped() == {"too_often": 5}
    assert Tally.objects.get().count == RATE
    tell(client, story, address="192.0.2.1")
    roll_up()
    assert Tally.objects.get().count == RATE + 1


def test_how_a_page_was_read_is_believed_of_who_has_opened_it(client, story):
    tell(client, story, kind="read", depth="100", seconds="60")
    assert dropped() == {"unseen": 1}
    tell(client, story)
    tell(client, story, kind="read", depth="93", seconds="999999999")
    # Once for each view.
    tell(client, story, kind="read", depth="100", seconds="9")
    row = total()[""]
    assert (row.reads, row.depth, dropped()) == (1, 75, {"unseen": 2})
    # No longer than since it was opened, by our clock.
    assert row.seconds <= 2


def test_outbound_links_and_questions_are_normalised_and_never_personal(client, story):
    tell(client, story, kind="out", host="WWW.Ttl.FI")
    for nothing in ("javascript:alert(1)", "localhost", "10.0.0.1", "x" * 300 + ".fi"):
        tell(client, story, kind="out", host=nothing)
    assert {name: row.views for name, row in total("out", "site").items()} == {"ttl.fi": 1}
    tell(client, story, kind="sought", term="  Työhyvinvoinnin   KEHITTÄMINEN ")
    for personal in ("maija@example.org", "040 1234567", "010190-123A", "x" * 200, "<>"):
        tell(client, story, kind="sought", term=personal)
    assert list(total("sought", "site")) == ["työhyvinvoinnin kehittäminen"]


def test_names_of_campaigns_do_not_fill_the_tables(client, story, monkeypatch):
    monkeypatch.setattr("reach.rolling.MOST_NAMES", 3)
    for number in range(6):
        tell(client, story, campaign=f"nimi-{number}", address=f"192.0.2.{number}")
    assert {name: row.views for name, row in total("campaign", "site").items()} == {"nimi-0": 1, "nimi-1": 1, "nimi-2": 1, "…": 3}


def test_a_buffer_that_is_full_takes_no_more(client, story, monkeypatch, settings):
    settings.REDIS_URL = None
    monkeypatch.setattr(buffer, "MOST_BYTES", 500)
    for number in range(50):
        assert tell(client, story, address=f"192.0.2.{number}").status_code == 204
    assert sum(path.stat().st_size for path in settings.REACH_FOLDER.glob("*.lines")) < 700
