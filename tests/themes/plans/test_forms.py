"""Goals as communicators write them, and what is answered where it was typed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from base.roles import Role
from tests import factories
from tests.themes.plans.typing import add_row, address, opened
from themes import measures
from themes.measures import Measure
from themes.models import ExpectedResult, Goal, Message, Practice, Proof


def send(client, row, data):
    answer = client.post(address(row), data)
    return None if answer.status_code == 302 else answer.context["form"]


def errors_of(form, formset="expected_results"):
    return form.formsets[formset].errors[0]


def day(days):
    return (timezone.localdate() + timedelta(days=days)).strftime("%d.%m.%Y")


def test_a_goal_says_who_answers_and_what_it_takes(goal, staff, cast):
    data = opened(staff, goal) | {"budget_hours": "37,5", "budget_eur": "1 200,50"}
    add_row(data, "responsibilities", staff=str(cast.user(Role.COMMUNICATIONS).pk))
    add_row(data, "responsibilities", role_fi="Hankkeen viestintä")
    assert send(staff, goal, data) is None
    goal.refresh_from_db()
    assert (goal.budget_hours, goal.budget_eur) == (Decimal("37.50"), Decimal("1200.50"))
    assert [str(row) for row in goal.responsibilities.order_by("pk")] == ["Viola Viestijä", "Hankkeen viestintä"]
    shown = staff.get(address(goal)).context["form"]["budget_eur"].value()
    assert shown.replace("\xa0", " ") == "1 200,50"


def test_a_message_leads_to_a_practice_and_to_a_result(goal, staff, home):
    practice = Practice.objects.create(theme=goal.theme, key="one", name_fi="Käytäntö")
    page = factories.make_story(factories.make_section(home), goals=[goal], title="Tulos")
    data = opened(staff, goal)
    prefix = add_row(data, "messages", name_fi="Osaaminen tarttuu")
    add_row(data, f"{prefix}-proofs", practice=str(practice.pk))
    add_row(data, f"{prefix}-proofs", page=str(page.pk))
    assert send(staff, goal, data) is None
    message = Message.objects.get(goal=goal)
    assert [(proof.practice, proof.page_id) for proof in message.proofs.order_by("pk")] == [(practice, None), (None, page.pk)]


@pytest.mark.parametrize("values", [{}, {"practice": "given", "page": "given"}])
def test_a_proof_is_one_thing(goal, staff, home, values):
    practice = Practice.objects.create(theme=goal.theme, key="one", name_fi="Käytäntö")
    given = {"practice": str(practice.pk), "page": str(home.pk)}
    data = opened(staff, goal)
    prefix = add_row(data, "messages", name_fi="Osaaminen tarttuu")
    add_row(data, f"{prefix}-proofs", **{name: given[name] for name in values})
    form = send(staff, goal, data)
    if values:
        assert "page" in form.formsets["messages"].forms[0].formsets["proofs"].errors[0]
        assert form.formsets["messages"].forms[0]["name_fi"].value() == "Osaaminen tarttuu"
    else:
        # A row that nobody has touched is none.
        assert form is None
        assert not Proof.objects.exists()


@pytest.mark.parametrize(("typed", "code"), [("noin tonni", "invalid"), ("1.200", "ambiguous"), ("-5", "min_value")])
def test_a_cost_that_cannot_be_understood_is_answered_in_its_field(goal, staff, typed, code):
    form = send(staff, goal, opened(staff, goal) | {"budget_eur": typed, "name_fi": "Toinen nimi"})
    assert [error.code for error in form.errors.as_data()["budget_eur"]] == [code]
    assert (form["budget_eur"].value(), form["name_fi"].value()) == (typed, "Toinen nimi")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"baseline": "30"}, "baseline"),
        ({"baseline": "8"}, "low"),
        ({"target": "2"}, "target"),
        ({"high": "9"}, "high"),
        ({"measure": ""}, "measure"),
        ({"measure": "invented"}, "measure"),
        ({"due": "1.1.2001"}, "due"),
    ],
)
def test_a_result_that_cannot_be_is_answered_where_it_was_typed(goal, staff, values, field):
    data = opened(staff, goal) | {f"expected_results-0-{name}": value for name, value in values.items()}
    form = send(staff, goal, data)
    assert set(errors_of(form)) == {field}
    assert len(errors_of(form)[field]) == 1


def test_a_goal_is_not_due_before_it_starts(goal, staff):
    form = send(staff, goal, opened(staff, goal) | {"starts": day(20), "due": day(10)})
    assert set(form.errors) == {"due"}
    assert send(staff, goal, opened(staff, goal) | {"starts": day(20), "due": day(200), "expected_results-0-due": day(10)}) is not None
    assert send(staff, goal, opened(staff, goal) | {"starts": day(10), "due": day(20), "expected_results-0-due": day(20)}) is None


def test_a_new_goal_s_results_are_held_against_its_plan(goal, staff):
    data = {"name_fi": "Uusi", "theme": goal.theme_id, "key": "uusi", "plan": goal.plan_id, "scope": "external", "kind": "awareness"}
    for prefix in ("messages", "responsibilities", "expected_results"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    result = {"measure": "meetings", "baseline": "0", "low": "1", "target": "2", "high": "3"}
    add_row(data, "expected_results", due="1.1.2001", **result)
    form = staff.post(address(goal, "add"), data).context["form"]
    assert set(errors_of(form)) == {"due"}
    assert staff.post(address(goal, "add"), data | {"expected_results-0-due": day(10)}).status_code == 302
    assert Goal.objects.get(key="uusi").expected_results.get().target == 2


def test_a_goal_with_output_measures_only_is_refused_where_they_are_typed(goal, staff):
    data = opened(staff, goal) | {"expected_results-0-measure": "page_views"}
    form = send(staff, goal, data)
    assert len(form.formsets["expected_results"].non_form_errors()) == 1
    assert form.formsets["expected_results"].non_form_errors()[0] in staff.post(address(goal), data).content.decode()
    add_row(data, "expected_results", measure="meetings", baseline="0", low="1", target="2", high="3", due=day(50))
    assert send(staff, goal, data) is None
    assert {row.level for row in goal.expected_results.all()} == {"output", "outtake"}


def test_the_same_measure_twice_is_refused(goal, staff):
    data = opened(staff, goal)
    add_row(data, "expected_results", measure="mail_clicks", baseline="0", low="1", target="2", high="3", due=day(50))
    assert send(staff, goal, data).formsets["expected_results"].non_form_errors()


def test_each_measure_is_chosen_with_its_unit(goal, staff):
    choices = dict(staff.get(address(goal)).context["form"].formsets["expected_results"].forms[0].fields["measure"].choices)
    for measure in measures.all_measures():
        assert str(measure.unit) in choices[measure.key]
        assert str(measures.LEVELS[measure.level]) in choices[measure.key]


@pytest.mark.parametrize(("unit", "level", "source"), [("", "output", "Loki"), ("kpl", "nonsense", "Loki"), ("kpl", "output", "")])
def test_a_measure_without_unit_level_or_source_is_not_registered(unit, level, source):
    with pytest.raises(ValueError, match="unit"):
        measures.register(Measure("bare", "Paljas", unit, level, lambda goals, since=None: {}, source=source))
    assert measures.get("bare") is None


def test_a_measure_whose_package_is_gone_is_said_and_stays_as_it_was(goal, staff):
    ExpectedResult.objects.filter(goal=goal).update(measure="posts_seen")
    form = staff.get(address(goal)).context["form"].formsets["expected_results"].forms[0]
    assert dict(form.fields["measure"].choices)["posts_seen"] == measures.label_of("posts_seen") != "posts_seen"
    assert send(staff, goal, opened(staff, goal) | {"name_fi": "Muutettu"}) is None
    goal.refresh_from_db()
    row = goal.expected_results.get()
    assert (goal.name_fi, row.measure, row.level, row.target) == ("Muutettu", "posts_seen", "", 10)


def test_who_may_not_change_goals_gets_no_form(goal, cast):
    assert cast.enter(Role.ORGANISERS).get(address(goal)).status_code == 302
