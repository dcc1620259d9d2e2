"""Two people at one goal, or one plan."""

from __future__ import annotations

import pytest
from django.test import Client

from base.roles import Role
from tests import factories
from tests.themes.plans.typing import add_row, address, opened
from themes.models import ExpectedResult, Message, Plan, TargetGroup


@pytest.fixture
def pair(cast):
    """The first to save, and the second."""
    found = []
    for role in (Role.COORDINATORS, Role.ADMINISTRATORS):
        client = Client()
        client.force_login(cast.user(role))
        found.append(client)
    return found


def told(answer):
    return " ".join(answer.context["form"].non_field_errors())


def test_the_second_is_told_what_changed_and_loses_nothing(goal, pair):
    first, second = pair
    mine, theirs = opened(second, goal), opened(first, goal)
    assert first.post(address(goal), theirs | {"expected_results-0-target": "15", "budget_eur": "900"}).status_code == 302
    mine |= {"name_fi": "Minun nimeni"}
    add_row(mine, "messages", name_fi="Minun viestini")
    answer = second.post(address(goal), mine)
    for part in ("Kaisa", "900", "15", "10"):
        assert part in told(answer)
    assert answer.context["form"]["name_fi"].value() == "Minun nimeni"
    assert answer.context["form"].formsets["messages"].forms[0]["name_fi"].value() == "Minun viestini"
    goal.refresh_from_db()
    assert (goal.name_fi != "Minun nimeni", goal.budget_eur) == (True, 900)
    # Now they know, and what they have in their form is saved.
    again = mine | {"seen": answer.context["form"]["seen"].value(), "budget_eur": "900"}
    assert second.post(address(goal), again).status_code == 302
    goal.refresh_from_db()
    assert (goal.name_fi, goal.messages.get().name_fi, goal.budget_eur) == ("Minun nimeni", "Minun viestini", 900)


def test_what_the_first_took_away_is_typed_anew_by_the_second(goal, pair):
    message = Message.objects.create(goal=goal, name_fi="Vanha viesti")
    audience = factories.make_target_group(goal.theme, name_fi="Esihenkilöt")
    first, second = pair
    mine, theirs = opened(second, goal), opened(first, goal)
    assert first.post(address(goal), theirs | {"messages-0-DELETE": "on", "audiences": [str(audience.pk)]}).status_code == 302
    assert not Message.objects.filter(pk=message.pk).exists()
    answer = second.post(address(goal), mine | {"messages-0-name_fi": "Vanha viesti, parempi"})
    assert "Vanha viesti" in told(answer)
    assert "Esihenkilöt" in told(answer)
    assert (
        second.post(address(goal), mine | {"messages-0-name_fi": "Vanha viesti, parempi", "seen": answer.context["form"]["seen"].value()}).status_code
        == 302
    )
    assert [row.name_fi for row in goal.messages.all()] == ["Vanha viesti, parempi"]


def test_a_row_that_the_first_added_stays(goal, pair):
    first, second = pair
    mine, theirs = opened(second, goal), opened(first, goal)
    add_row(theirs, "expected_results", measure="meetings", baseline="0", low="1", target="2", high="3", due="31.12.2030")
    assert first.post(address(goal), theirs).status_code == 302
    answer = second.post(address(goal), mine)
    assert second.post(address(goal), mine | {"seen": answer.context["form"]["seen"].value()}).status_code == 302
    assert set(ExpectedResult.objects.filter(goal=goal).values_list("measure", flat=True)) == {"mail_clicks", "meetings"}


def test_alone_nobody_is_told_anything(goal, pair):
    first, _second = pair
    mine = opened(first, goal)
    TargetGroup.objects.create(theme=goal.theme, key="other", name_fi="Muut")
    assert first.post(address(goal), mine | {"name_fi": "Yksin"}).status_code == 302


@pytest.mark.parametrize("seen", ["", "nonsense"])
def test_a_form_without_what_it_was_opened_on_is_saved(goal, pair, seen):
    first, _second = pair
    assert first.post(address(goal), opened(first, goal) | {"seen": seen, "name_fi": "Yksin"}).status_code == 302


def test_two_at_one_plan(goal, pair):
    first, second = pair
    plan = Plan.objects.get(pk=goal.plan_id)
    mine, theirs = opened(second, plan), opened(first, plan)
    assert first.post(address(plan), theirs | {"description_fi": "Ensimmäisen kuvaus"}).status_code == 302
    answer = second.post(address(plan), mine | {"name_fi": "Toisen nimi"})
    assert "Ensimmäisen kuvaus" in told(answer)
    assert answer.context["form"]["name_fi"].value() == "Toisen nimi"


def test_a_plan_that_ends_before_it_starts_is_answered_in_its_field(goal, pair):
    plan = Plan.objects.get(pk=goal.plan_id)
    data = opened(pair[0], plan)
    form = pair[0].post(address(plan), data | {"ends": "1.1.2001"}).context["form"]
    assert set(form.errors) == {"ends"}
