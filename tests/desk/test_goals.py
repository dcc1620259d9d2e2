"""Goals: expected beside actual, and no data is not 0."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts import outreach
from contacts.models import Outreach
from desk.progress import results
from tests import factories


@pytest.fixture
def theme(db):
    return factories.make_theme()


def meet(goal, people, at=None):
    return outreach.log_meeting(theme=goal.theme, kind=Outreach.Kind.MEETING, title="Tapaaminen", goals=[goal], people=people, at=at)


def result_of(goal):
    return results([goal], timezone.localdate())[0]


def test_without_any_outreach_there_is_no_data(theme):
    found = result_of(factories.make_goal(theme, measure="meetings"))
    assert (found.actual, found.share, found.trend) == (None, None, None)


def test_an_outreach_that_met_nobody_is_0(theme):
    goal = factories.make_goal(theme, measure="meetings")
    meet(goal, [])
    assert result_of(goal).actual == 0


def test_a_person_met_twice_is_one_contact(theme):
    goal, people = factories.make_goal(theme, measure="meetings"), [factories.make_person(theme) for _ in range(3)]
    meet(goal, people)
    meet(goal, people[:1])
    found = result_of(goal)
    assert (found.actual, found.share, found.trend) == (3, 0.3, "up")


def test_a_fall_shows_as_one(theme):
    goal = factories.make_goal(theme, measure="meetings")
    meet(goal, [factories.make_person(theme)], at=timezone.now() - timedelta(days=45))
    assert result_of(goal).trend == "down"


def test_the_same_cause_counts_once_for_a_goal_that_two_outreaches_serve(theme):
    goal, person = factories.make_goal(theme, measure="mail_clicks"), factories.make_person(theme)
    for kind in (Outreach.Kind.ISSUE, Outreach.Kind.STORY):
        act = outreach.record(theme=theme, kind=kind, title=kind, goals=[goal])
        outreach.touch(act, person, "clicked", cause="mail.click:1:1")
    assert result_of(goal).actual == 1


def test_queries_do_not_grow_with_goals(theme):
    def queries(number):
        goals = [factories.make_goal(theme, measure="meetings") for _ in range(number)]
        for goal in goals:
            meet(goal, [factories.make_person(theme)])
        with CaptureQueriesContext(connection) as captured:
            assert len(results(goals, timezone.localdate())) == number
        return len(captured)

    assert queries(10) == queries(100)


def test_the_command_gives_rows_as_json(theme, capsys):
    goal = factories.make_goal(theme, measure="meetings", scope="internal")
    meet(goal, [factories.make_person(theme)])
    call_command("goals", "--json")
    (row,) = json.loads(capsys.readouterr().out)
    assert row["goal"] == goal.key
    assert (row["scope"], row["measure"], row["expected"], row["actual"], row["trend"]) == ("internal", "meetings", 10, 1, "up")
