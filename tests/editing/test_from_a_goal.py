"""Writing that starts from a goal of the plan."""

from __future__ import annotations

import pytest
from django.urls import reverse

from base.gate import findings
from base.roles import Role
from contacts.models import Outreach
from desk.models import PageTemplate
from tests import factories
from themes.models import Message, Region


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


def keep(client, page, goal, name="Tapahtuman juttu"):
    return client.post(reverse("desk:keep_template", args=[page.pk]), {"goal": goal.pk, "name": name})


def kept_at(client, goal):
    return client.get(reverse("desk:goal", args=[goal.pk])).context["kept"]


@pytest.fixture
def story(goal, section):
    """With a draft that is newer than what readers see."""
    found = factories.make_story(section, goals=[goal], lead="Mitä tapahtui.", body=[("heading", "Mitä opittiin"), ("paragraph", "<p>Vanha</p>")])
    found.regions = list(Region.objects.filter(code="06"))
    found.body = [("heading", "Mitä opittiin"), ("paragraph", "<p>Ensin</p>")]
    found.save_revision()
    return found


def test_a_page_is_kept_as_a_template_and_the_next_one_begins_from_it(cast, goal, story, section):
    client = cast.enter(Role.COMMUNICATIONS)
    assert reverse("desk:keep_template", args=[story.pk]) in client.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    assert keep(client, story, goal)["Location"] == reverse("desk:goal", args=[goal.pk])
    (row,) = kept_at(client, goal)
    form = client.get(row["url"]).context["form"]
    begun = form.instance
    assert [(block.block_type, str(block.value)) for block in begun.body] == [("heading", "Mitä opittiin"), ("paragraph", "<p>Ensin</p>")]
    assert (begun.lead, begun.title, begun.slug) == ("Mitä tapahtui.", "", "")
    assert [region.code for region in form.initial["regions"]] == ["06"]
    assert [row.pk for row in form.initial["goals"]] == [goal.pk]
    # What becomes of the page afterwards does not reach the template, and the same name is one template.
    story.delete()
    assert len(client.get(row["url"]).context["form"].instance.body) == 2
    other = factories.make_story(section, goals=[goal], body=[("paragraph", "<p>Toinen</p>")])
    keep(client, other, goal)
    assert len(kept_at(client, goal)) == 1
    assert len(client.get(kept_at(client, goal)[0]["url"]).context["form"].instance.body) == 1


def test_what_a_template_points_at_may_go(cast, goal, story, section):
    client = cast.enter(Role.COMMUNICATIONS)
    sub_theme = factories.make_sub_theme(section.theme)
    story.sub_themes = [sub_theme]
    story.save_revision()
    keep(client, story, goal)
    story.delete()
    sub_theme.delete()
    shown = client.get(kept_at(client, goal)[0]["url"])
    assert shown.status_code == 200
    assert list(shown.context["form"].initial["sub_themes"]) == []


def test_a_name_and_a_goal_are_asked_for(cast, goal, story):
    client = cast.enter(Role.COMMUNICATIONS)
    for given in ({"goal": goal.pk, "name": ""}, {"goal": 0, "name": "x"}, {"goal": goal.pk, "name": "x" * 81}):
        answer = client.post(reverse("desk:keep_template", args=[story.pk]), given)
        assert (answer.status_code, len(answer.context["form"].errors)) == (422, 1)
    assert not PageTemplate.objects.exists()


def test_who_may_not_write_keeps_no_template_and_takes_none_away(cast, goal, story):
    editor = cast.enter(Role.COMMUNICATIONS)
    keep(editor, story, goal)
    row = PageTemplate.objects.get()
    remove = reverse("desk:remove_template", args=[row.pk])
    for role in (Role.COORDINATORS, None):
        client = cast.enter(role)
        assert keep(client, story, goal, "Toinen").status_code in {302, 403}
        client.post(remove)
    assert PageTemplate.objects.get() == row
    client = cast.enter(Role.COMMUNICATIONS)
    assert client.get(remove).status_code == 405
    client.post(remove)
    assert not PageTemplate.objects.exists()
    assert client.get(reverse("desk:write", args=[goal.pk, "pages", "storypage", story.get_parent().pk]) + "?template=1").status_code == 200
