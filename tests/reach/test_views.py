"""A page view is counted once a POST, of people alone, and nothing of them is kept."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.core.cache import cache
from django.utils import timezone

from contacts.models import Tally
from reach.believing import RATE
from tests import factories
from themes import measures

PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _no_limits_of_earlier_tests():
    cache.clear()


@pytest.fixture(scope="module")
def made(shared_db):
    theme = factories.make_theme()
    return factories.make_story(factories.make_section(factories.make_home(theme)), goals=[factories.make_goal(theme, measure="page_views")])


@pytest.fixture
def story(db, made):
    return deepcopy(made)


def look(client, page, **headers):
    return client.post("/reach/", {"page": page.pk}, headers={"user-agent": PERSON} | headers)


def test_a_view_raises_the_goals_figure_by_one(client, story):
    goal = story.goals.get()
    for _ in range(3):
        answer = look(client, story)
    assert answer.status_code == 204
    assert answer.cookies == {}
    assert measures.get("page_views").daily([goal.pk]) == {goal.pk: {timezone.localdate(): 3}}


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": ""},
        {"sec-gpc": "1"},
        {"dnt": "1"},
        {"origin": "https://elsewhere.example"},
    ],
)
def test_machines_and_those_who_ask_for_peace_are_not_counted(client, story, headers):
    assert look(client, story, **headers).status_code == 204
    assert Tally.objects.count() == 0


@pytest.mark.parametrize("page", ["", "x", "-1", "999999", "9" * 40])
def test_what_is_no_page_of_ours_is_not_counted(client, story, page):
    assert client.post("/reach/", {"page": page}, headers={"user-agent": PERSON}).status_code == 204
    assert Tally.objects.count() == 0


def test_a_get_counts_nothing(client, story):
    assert client.get("/reach/").status_code == 405


def test_one_network_cannot_make_a_figure(client, story):
    most = int(RATE.partition("/")[0])
    for number in range(most + 5):
        # Behind no proxy of ours the header is anybody's word.
        look(client, story, **{"x-forwarded-for": f"192.0.2.{number}"})
    assert Tally.objects.get().count == most
    client.post("/reach/", {"page": story.pk}, headers={"user-agent": PERSON}, REMOTE_ADDR="192.0.2.1")
    assert Tally.objects.get().count == most + 1
