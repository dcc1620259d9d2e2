"""A meeting or a call is written down with two fields, counts at once, and is taken back whole."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from base.roles import Role
from contacts import outreach
from contacts.coverage.counting import cover
from contacts.models import Membership, Network, Outreach, Touch
from contacts.models import Role as Post
from tests import factories

LOG = "contacts_log"


@pytest.fixture
def world(cast):
    theme = factories.make_theme()
    goal = factories.make_goal(theme, measure="meetings")
    people = [factories.make_person(theme, first_name="Aino", last_name=name) for name in ("Alku", "Keski")]
    return SimpleNamespace(theme=theme, goal=goal, people=people, client=cast.enter(Role.COORDINATORS), cast=cast)


def told(world, **values):
    form = {
        "people": [row.pk for row in world.people],
        "what": "Kevään ohjelma",
        "kind": "meeting",
        "on": timezone.localdate(),
        "goals": [world.goal.pk],
    }
    return form | values


def test_two_fields_become_an_outreach_with_touches(world):
    channel = factories.make_channel(world.theme, "meetings")
    answer = world.client.post(reverse(LOG), told(world), follow=True)
    act = Outreach.objects.get()
    assert answer.request["PATH_INFO"] == reverse("contacts_logged", args=[act.pk])
    assert (act.title, act.kind, act.channel, act.responsible) == ("Kevään ohjelma", "meeting", channel, world.cast.user(Role.COORDINATORS))
    assert set(act.touches.values_list("person", "kind")) == {(row.pk, "met") for row in world.people}
    assert cover(world.goal).total.reached == 2


def test_a_call_on_an_earlier_day(world):
    day = timezone.localdate() - timedelta(days=40)
    world.client.post(reverse(LOG), told(world, kind="call", on=day, people=[world.people[0].pk]))
    touch = Touch.objects.get()
    assert (touch.kind, timezone.localdate(touch.at)) == ("called", day)


def test_undo_takes_all_back_and_gives_back_what_was_typed(world):
    world.client.post(reverse(LOG), told(world))
    act = Outreach.objects.get()
    answer = world.client.post(reverse("contacts_log_undo", args=[act.pk]))
    assert (Outreach.objects.count(), Touch.objects.count(), cover(world.goal).total.reached) == (0, 0, 0)
    form = answer.context["form"]
    assert (form["what"].value(), form["kind"].value(), form["goals"].value()) == ("Kevään ohjelma", "meeting", [world.goal.pk])
    assert answer.context["chosen"] == world.people
    assert world.client.post(reverse("contacts_log_undo", args=[act.pk])).status_code == 404


def test_what_was_not_logged_by_hand_is_not_taken_back(world, cast):
    page = factories.make_story(factories.make_section(factories.make_home(world.theme)), goals=[world.goal])
    act = Outreach.objects.get(item_key=page.translation_key)
    for name in ("contacts_logged", "contacts_log_undo"):
        assert world.client.post(reverse(name, args=[act.pk])).status_code in (404, 405)
    with pytest.raises(ValueError, match="by hand"):
        outreach.undo_log(act, by=None)
    colleagues = outreach.log_meeting(theme=world.theme, kind=Outreach.Kind.MEETING, title="Toisen", goals=[], people=world.people)
    assert world.client.post(reverse("contacts_log_undo", args=[colleagues.pk])).status_code in (302, 403)
    assert Outreach.objects.filter(pk=colleagues.pk).exists()
    assert cast.enter(Role.ADMINISTRATORS).post(reverse("contacts_log_undo", args=[colleagues.pk])).status_code == 200


def test_presets_are_today_and_the_goals_of_the_last_time(world):
    assert world.client.get(reverse(LOG)).context["form"]["goals"].value() == []
    world.client.post(reverse(LOG), told(world))
    form = world.client.get(reverse(LOG)).context["form"]
    assert (form["goals"].value(), form["on"].value()) == ([world.goal.pk], timezone.localdate())
    other = factories.make_goal(world.theme)
    assert world.client.get(reverse(LOG), {"goals": other.pk}).context["form"]["goals"].value() == [other.pk]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"people": []}, "who"),
        ({"who": "aino"}, "who"),
        ({"what": ""}, "what"),
        ({"what": "x" * 300}, "what"),
        ({"on": ""}, "on"),
        ({"on": "2999-01-01"}, "on"),
        ({"kind": "seance"}, "kind"),
        ({"goals": [987654]}, "goals"),
    ],
)
def test_bad_input_is_told_at_its_field_and_loses_nothing(world, values, field):
    answer = world.client.post(reverse(LOG), told(world, **values))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    shown = answer.content.decode()
    assert values.get("what", "Kevään ohjelma") in shown
    if values.get("people") != []:
        assert all(f'value="{row.pk}" checked' in shown for row in world.people)
    assert not Outreach.objects.exists()


def test_people_of_two_themes_are_not_of_one_meeting(world, cast):
    other = factories.make_person(factories.make_theme())
    answer = cast.enter(Role.ADMINISTRATORS).post(reverse(LOG), told(world, people=[world.people[0].pk, other.pk]))
    assert set(answer.context["form"].errors) == {"who"}
    assert not Outreach.objects.exists()


def test_without_scripts_a_button_finds_and_boxes_are_ticked(world):
    body = factories.make_organisation(world.theme, name_fi="Kuusiharjun Paja")
    Post.objects.create(person=world.people[1], organisation=body)
    answer = world.client.post(reverse(LOG), told(world, people=[world.people[0].pk], who="kuusih", find="1"))
    assert answer.status_code == 200
    assert answer.context["chosen"] == [world.people[0]]
    assert [row.contact for row in answer.context["found"]] == [world.people[1]]
    assert 'value="Kevään ohjelma"' in answer.content.decode()
    # Enter in another field presses the first button of the form.
    assert world.client.post(reverse(LOG), told(world, find="1")).status_code == 302


def test_the_answers_leave_out_who_is_chosen_already(world):
    answer = world.client.get(reverse("contacts_log_found"), {"who": "aino", "people": world.people[0].pk}).content.decode()
    assert "Keski" in answer
    assert "Alku" not in answer
    assert "option" not in world.client.get(reverse("contacts_log_found"), {"who": "\0", "people": "x"}).content.decode()


def test_from_a_contact_and_from_a_network(world):
    network = Network.objects.create(theme=world.theme, name_fi="Verkosto")
    Membership.objects.create(network=network, person=world.people[0])
    Membership.objects.create(network=network, person=world.people[1], ends=timezone.localdate() - timedelta(days=1))
    for row, label in ((world.people[1], "person"), (network, "network")):
        page = world.client.get(reverse(f"wagtailsnippets_contacts_{label}:inspect", args=[row.pk]))
        chosen = world.client.get(page.context["log_url"]).context["chosen"]
        assert chosen == [world.people[1] if label == "person" else world.people[0]]


def test_who_may(world, cast):
    for role in (Role.COMMUNICATIONS, Role.ORGANISERS):
        client = cast.enter(role)
        for address in (reverse(LOG), reverse("contacts_log_found")):
            assert client.get(address).status_code in (302, 403)
        assert "data-log" not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert "data-log" in cast.enter(Role.COORDINATORS).get(reverse("wagtailadmin_home")).content.decode()
