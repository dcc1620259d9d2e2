"""Writing that starts from a goal of the plan."""

from __future__ import annotations

import pytest
from django.urls import reverse

from base.gate import findings
from base.roles import Role
from contacts.models import Outreach
from tests import factories
from themes.models import Message


@pytest.fixture
def goal(section):
    found = factories.make_goal(section.theme, name_fi="Käytännöt leviävät")
    found.audiences.add(factories.make_target_group(section.theme, name_fi="Kunnat"))
    Message.objects.create(goal=found, name_fi="Hyvän käytännön saa ottaa omaan käyttöön.")
    factories.make_goal(section.theme, name_fi="Toinen tavoite")
    factories.make_story(section, goals=[found])
    return found


def address(goal, section):
    return reverse("desk:write", args=[goal.pk, "pages", "storypage", section.pk])


def test_the_goals_screen_leads_to_an_editor_with_the_goal_and_its_audiences_ticked(cast, goal, section):
    client = cast.enter(Role.COMMUNICATIONS)
    assert address(goal, section) in client.get(reverse("desk:goal", args=[goal.pk])).content.decode()
    shown = client.get(address(goal, section))
    form = shown.context["form"]
    assert [row.pk for row in form.initial["goals"]] == [goal.pk]
    assert [row.pk for row in form.initial["audiences"]] == list(goal.audiences.values_list("pk", flat=True))
    assert [block.block_type for block in form.instance.body] == ["paragraph"]
    assert "Hyvän käytännön saa ottaa omaan käyttöön." in shown.content.decode()


@pytest.mark.parametrize("role", [Role.COORDINATORS, None])
def test_who_may_not_write_is_not_offered_it_and_gets_no_editor(cast, goal, section, role):
    client = cast.enter(role)
    assert address(goal, section) not in client.get(reverse("desk:goal", args=[goal.pk])).content.decode()
    assert client.get(address(goal, section)).status_code in {302, 403}


def test_a_page_names_the_messages_that_it_gets_across(cast, goal, section):
    message = goal.messages.get()
    story = factories.make_story(section, goals=[goal])
    assert not Outreach.objects.get(item_key=story.translation_key).core_messages.exists()
    story.core_messages = [message]
    story.save_revision().publish()
    act = Outreach.objects.get(item_key=story.translation_key)
    assert list(act.core_messages.all()) == [message]
    assert str(message) in cast.enter(Role.COORDINATORS).get(reverse("desk:outreach", args=[act.pk])).content.decode()


def test_a_message_of_another_goal_is_told(goal, section):
    other = factories.make_goal(section.theme, name_fi="Kolmas tavoite")
    story = factories.make_story(section, goals=[other])
    story.core_messages = [goal.messages.get()]
    assert [finding.field for finding in findings(story) if finding.code == "message.stray"] == ["core_messages"]
    story.goals = [goal]
    assert not [finding for finding in findings(story) if finding.code == "message.stray"]


def test_a_goal_that_is_not_there_is_not_found(cast, goal, section):
    assert cast.enter(Role.COMMUNICATIONS).get(reverse("desk:write", args=[0, "pages", "storypage", section.pk])).status_code == 404
