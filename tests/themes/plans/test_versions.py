"""Approved versions: complete, numbered, and never changed, neither by the product nor by the database."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.log_actions import registry

from base.approved import Frozen
from base.roles import Role
from tests import factories
from themes.models import Goal, Means, Message, Plan, PlanVersion, Practice, Proof, Region, Responsibility, Strategy
from themes.plans import snapshot
from themes.plans.actions import NotApproved, approve_plan, mark
from themes.plans.standing import standings


@pytest.fixture(scope="module")
def made_plan(made_home):
    theme = made_home.theme
    goal = factories.make_goal(theme, budget_eur="1200.50", budget_hours=40, due=None)
    goal.refresh_from_db()
    goal.audiences.add(factories.make_target_group(theme, name_sv="Företag", name_en="Companies"))
    goal.regions.add(Region.objects.first())
    goal.strategies.add(Strategy.objects.create(theme=theme, key="one", name_fi="Hallitusohjelma"))
    goal.means.add(Means.objects.create(theme=theme, key="one", name_fi="Uutiskirje"))
    goal.channels.add(factories.make_channel(theme, "letter"))
    message = Message.objects.create(goal=goal, name_fi="Osaaminen tarttuu")
    Proof.objects.create(message=message, practice=Practice.objects.create(theme=theme, key="one", name_fi="Työpaja"))
    Responsibility.objects.create(goal=goal, role_fi="Viestintä", role_sv="Kommunikation")
    return goal.plan


@pytest.fixture
def plan(db, made_plan):
    return Plan.objects.get(pk=made_plan.pk)


@pytest.fixture
def kaisa(cast):
    return cast.user(Role.COORDINATORS)


def approve(plan, by, note=""):
    return approve_plan(plan=plan, note=note, by=by, seen=mark(snapshot.of_plan(plan)))


def test_a_version_is_the_whole_plan_in_three_languages(plan, kaisa):
    version = approve(plan, kaisa, "Ohjausryhmä 3.2.")
    version = PlanVersion.objects.get(pk=version.pk)
    assert (version.number, version.note, version.approver, version.approved_by) == (1, "Ohjausryhmä 3.2.", "Kaisa Koordinaattori", kaisa)
    (goal,) = version.frozen["goals"]
    assert version.frozen["plan"]["name"]["fi"] == plan.name_fi
    assert goal["audiences"][0]["words"] == {"fi": "Yritykset", "sv": "Företag", "en": "Companies"}
    assert (goal["euros"], goal["hours"]) == ("1200.50", "40.00")
    assert goal["messages"][0]["proofs"][0]["words"]["fi"] == "Työpaja"
    assert goal["responsibilities"][0]["words"]["sv"] == "Kommunikation"
    assert goal["channels"][0]["kind"]["value"] == "owned"
    for name in ("regions", "strategies", "means"):
        assert goal[name][0]["words"]["fi"]
    result = goal["results"][0]
    assert (result["measure"], result["baseline"], result["low"], result["target"], result["high"]) == ("mail_clicks", 0, 5, 10, 20)
    assert len(set(result["unit"].values())) == 3
    assert all(result["level_words"].values())


def test_versions_are_numbered_and_the_draft_goes_on(plan, kaisa):
    first = approve(plan, kaisa)
    Goal.objects.filter(plan=plan).update(name_fi="Uusi nimi")
    assert approve(plan, kaisa).number == 2
    assert PlanVersion.objects.get(pk=first.pk).frozen["goals"][0]["name"]["fi"] != "Uusi nimi"
    assert [entry.data["number"] for entry in registry.get_logs_for_instance(plan).filter(action="themes.approve_plan").order_by("pk")] == [1, 2]


def refused(plan, by, **values):
    with pytest.raises(NotApproved) as told:
        approve_plan(**({"plan": plan, "note": "", "by": by, "seen": mark(snapshot.of_plan(plan))} | values))
    assert not PlanVersion.objects.filter(plan=plan, number=2).exists()
    return told.value.reasons


def test_a_plan_whose_goal_measures_output_alone_is_refused_with_the_goal(plan, kaisa):
    goal = plan.goals.get()
    goal.expected_results.update(measure="page_views")
    (reason,) = refused(plan, kaisa)
    assert reason.goal["id"] == goal.pk


@pytest.mark.parametrize("measure", ["gone_with_its_package", None])
def test_a_goal_that_nobody_can_measure_beyond_output_is_refused(plan, kaisa, measure):
    results = plan.goals.get().expected_results
    results.update(measure=measure) if measure else results.all().delete()
    assert len(refused(plan, kaisa)) == 1


def test_an_empty_plan_is_refused(home, kaisa):
    assert refused(factories.make_plan(home.theme), kaisa)[0].goal is None


def test_nothing_is_approved_twice_or_unseen(plan, kaisa):
    seen = mark(snapshot.of_plan(plan))
    approve(plan, kaisa)
    refused(plan, kaisa)
    Goal.objects.filter(plan=plan).update(name_fi="Toinen ehti ensin")
    refused(plan, kaisa, seen=seen)


def test_the_product_changes_no_version(plan, kaisa):
    version = approve(plan, kaisa)
    stored = PlanVersion.objects.get(pk=version.pk)
    rows = PlanVersion.objects.filter(pk=version.pk)
    for change in (
        stored.save,
        stored.delete,
        version.save,
        rows.delete,
        lambda: rows.update(note="Muu"),
        lambda: rows.bulk_update([stored], ["note"]),
    ):
        with pytest.raises(Frozen):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE themes_planversion SET note = 'Muu'",
        "UPDATE themes_planversion SET frozen = '{}'",
        "UPDATE themes_planversion SET number = 7",
        "UPDATE themes_planversion SET approver = 'Muu'",
        "DELETE FROM themes_planversion",
    ],
)
def test_the_database_changes_no_version(plan, kaisa, statement):
    version = approve(plan, kaisa)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    again = PlanVersion.objects.get()
    assert (again.note, again.number, again.frozen) == ("", 1, json.loads(json.dumps(version.frozen)))


def test_whoever_approved_may_leave(plan, kaisa):
    approve(plan, kaisa)
    kaisa.delete()
    version = PlanVersion.objects.get()
    assert (version.approved_by, version.approver) == (None, "Kaisa Koordinaattori")


def test_a_result_says_which_version_it_belongs_to(plan, kaisa):
    result = plan.goals.get().expected_results.get()

    def said():
        goals = snapshot.of_plan(plan)["goals"]
        return standings([row for goal in goals for row in goal["results"]], plan.versions.all())[result.pk]

    before = said()
    approve(plan, kaisa)
    assert "1" in said() != before
    plan.goals.update(name_fi="Uusi nimi")
    approve(plan, kaisa)
    # It has been the same since the first.
    assert "1" in said()
    plan.goals.get().expected_results.update(target=12)
    changed = said()
    assert "2" in changed
    approve(plan, kaisa)
    assert "3" in said() != changed


def test_freezing_asks_no_more_for_many_goals(plan):
    def queries():
        with CaptureQueriesContext(connection) as found:
            snapshot.of_plan(Plan.objects.select_related("theme").get(pk=plan.pk))
        return len(found)

    few = queries()
    for _number in range(5):
        goal = factories.make_goal(plan.theme)
        Responsibility.objects.create(goal=goal, role_fi="Viestintä")
        message = Message.objects.create(goal=goal, name_fi="Viesti")
        Proof.objects.create(message=message, practice=Practice.objects.get())
    assert queries() == few <= 14
