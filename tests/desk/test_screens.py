"""Staff screens: what they show, to whom, and at what cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from base.roles import Role
from contacts import outreach
from contacts.models import Outreach
from tests import factories
from themes.models import Mention, Survey


@pytest.fixture
def theme(db):
    return factories.make_theme()


@pytest.fixture
def enter(cast):
    return cast.enter


def serve(goal, number=1):
    people = [factories.make_person(goal.theme) for _ in range(number)]
    return outreach.log_meeting(theme=goal.theme, kind=Outreach.Kind.MEETING, title="Tapaaminen", goals=[goal], people=people)


def urls(goal, act):
    return [reverse("desk:goals"), reverse("desk:goal", args=[goal.pk]), reverse("desk:outreach", args=[act.pk])]


def test_a_coordinator_sees_goals_acts_and_contacts(theme, enter):
    goal = factories.make_goal(theme, measure="meetings")
    act = serve(goal)
    client = enter(Role.COORDINATORS)
    every, one, whom = [client.get(url) for url in urls(goal, act)]
    assert goal.name_fi in every.content.decode()
    assert "Tapaaminen" in one.content.decode()
    assert str(act.touches.get().person) in whom.content.decode()


@pytest.mark.parametrize(
    ("role", "statuses"),
    [(Role.ADMINISTRATORS, [200, 200, 200]), (Role.COMMUNICATIONS, [200, 200, 403]), (Role.ORGANISERS, [403, 403, 403]), (None, [302, 302, 302])],
)
def test_each_role_gets_its_screens(theme, enter, role, statuses):
    goal = factories.make_goal(theme, measure="meetings")
    found = urls(goal, serve(goal))
    client = enter(role)
    assert [client.get(url).status_code for url in found] == statuses


def test_the_home_screen_has_the_goals_for_those_who_may_see_them(theme, enter):
    goal = factories.make_goal(theme, measure="meetings")
    assert goal.name_fi in enter(Role.COORDINATORS).get(reverse("wagtailadmin_home")).content.decode()
    assert goal.name_fi not in enter(Role.ORGANISERS).get(reverse("wagtailadmin_home")).content.decode()


def test_no_data_and_0_read_differently(theme, enter):
    serve(factories.make_goal(theme, measure="meetings", name_fi="Nolla"), 0)
    factories.make_goal(theme, measure="meetings", name_fi="Tyhjä")
    groups = enter(Role.COORDINATORS).get(reverse("desk:goals")).context["groups"]
    bars = {row["goal"].name_fi: row["bars"][0] for group in groups for row in group["goals"]}
    assert (bars["Nolla"].actual_x, bars["Tyhjä"].actual_x) == (0, None)
    assert bars["Nolla"].sentence != bars["Tyhjä"].sentence


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_queries_grow_neither_with_goals_nor_with_outreach_nor_with_touches(theme, enter):
    client = enter(Role.COORDINATORS)
    goal = factories.make_goal(theme, measure="meetings")
    act = serve(goal, 10)
    for _ in range(10):
        serve(factories.make_goal(theme, measure="meetings"))
        serve(goal)
    first = [queries(client, url) for url in urls(goal, act)]
    for _ in range(90):
        serve(factories.make_goal(theme, measure="meetings"))
        serve(goal)
    for _ in range(90):
        outreach.touch(act, factories.make_person(theme), "met", cause="test")
    assert [queries(client, url) for url in urls(goal, act)] == first


@pytest.mark.parametrize(
    "name", ["themes_goal", "themes_plan", "themes_practice", "themes_project", "contacts_outreach", "contacts_person", "contacts_organisation"]
)
def test_lists_open_for_a_coordinator(theme, enter, name):
    serve(factories.make_goal(theme))
    assert enter(Role.COORDINATORS).get(reverse(f"wagtailsnippets_{name}:list"), {"q": "a"}).status_code == 200


@pytest.mark.parametrize("name", ["themes_goal", "themes_project", "contacts_outreach", "contacts_person"])
def test_forms_open_for_an_administrator(theme, enter, name):
    assert enter(Role.ADMINISTRATORS).get(reverse(f"wagtailsnippets_{name}:add")).status_code == 200


def test_the_list_of_goals_costs_the_same_for_more_rows(theme, enter):
    client, url = enter(Role.COORDINATORS), reverse("wagtailsnippets_themes_goal:list")
    factories.make_goal(theme)
    few = queries(client, url)
    for _ in range(15):
        factories.make_goal(theme)
    assert queries(client, url) == few


def test_a_share_leads_to_its_survey_and_mentions_to_theirs_in_two_clicks(theme, enter):
    goal = factories.make_goal(theme, measure="awareness")
    survey = Survey.objects.create(
        theme=theme, day=timezone.localdate(), question="Tunnetko?", sample=200, aware=90, quality="panel", source="Tutkimus"
    )
    mention = Mention.objects.create(theme=theme, day=timezone.localdate(), outlet="Lehti", title="Juttu", source="Seuranta")
    for row in (survey, mention):
        row.goals.add(goal)
    others = Survey.objects.create(theme=theme, day=timezone.localdate(), question="Toinen?", sample=10, aware=1, quality="open", source="Muu")
    client = enter(Role.COORDINATORS)
    first = reverse("desk:goal", args=[goal.pk])
    assert f'href="{first}"' in client.get(reverse("desk:overview")).content.decode()
    told = client.get(first).content.decode()
    for kind, row in (("survey", survey), ("mention", mention)):
        second = reverse(f"wagtailsnippets_themes_{kind}:edit", args=[row.pk])
        assert f'href="{second}"' in told
        assert client.get(second).context["form"].instance == row
    assert reverse("wagtailsnippets_themes_survey:edit", args=[others.pk]) not in told
    # Who only reads surveys sees the goal's own in the list.
    client = enter(Role.COMMUNICATIONS)
    listed = f"{reverse('wagtailsnippets_themes_survey:list')}?goals={goal.pk}"
    assert f'href="{listed}"' in client.get(first).content.decode()
    assert list(client.get(listed).context["object_list"]) == [survey]
