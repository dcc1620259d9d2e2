"""What the register measures, and the days that are kept of it: after whatever happens, kept figures are those of the sources."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts import bridges, needs, outreach
from contacts.coverage.counting import total_of
from contacts.models import Membership, Network, Outreach, Role, ServiceNeed, Touch
from contacts.people import erase_person
from desk.progress import results
from tests import factories
from themes import measures
from themes.history import reading
from themes.history.rolling import roll_up
from themes.models import DayValue, ExpectedResult, Region, Series

DAY = timedelta(days=1)


@pytest.fixture
def theme(db):
    return factories.make_theme()


def today():
    return timezone.localdate()


def days_ago(number):
    return timezone.now() - number * DAY


def meet(goals, people, at=None, kind=Outreach.Kind.MEETING):
    return outreach.log_meeting(theme=goals[0].theme, kind=kind, title="Tapaaminen", goals=goals, people=people, at=at)


def daily(key, *goals, since=None):
    return measures.get(key).daily([goal.pk for goal in goals], since)


def from_sources(goals):
    """By measure and goal, the figure of today as the sources have it."""
    found = {}
    for measure in measures.all_measures():
        days = measure.daily([goal.pk for goal in goals], None)
        found[measure.key] = {goal: measure.at(values, today()) for goal, values in days.items()}
    return found


def as_kept(goals):
    keys = [measure.key for measure in measures.all_measures()]
    found = reading.read(keys, [goal.pk for goal in goals], today())
    return {key: {goal: measures.get(key).at(days, today()) for goal, days in found[key].items()} for key in keys}


def _live(found):
    """Without the figures that are of last night."""
    return {key: goals for key, goals in found.items() if measures.get(key).live}


# ---- measures
def test_each_measure_says_its_source_and_how_its_days_make_a_figure(db):
    for measure in measures.all_measures():
        assert str(measure.source).endswith("."), measure.key
        assert str(measure.how.words)


def test_all_measures_ask_as_much_of_a_hundred_goals_as_of_ten(theme):
    def queries(number):
        goals = [factories.make_goal(theme) for _ in range(number)]
        with CaptureQueriesContext(connection) as captured, measures.together():
            for measure in measures.all_measures():
                measure.daily([goal.pk for goal in goals], None)
        return len(captured)

    assert queries(10) == queries(100) < 30


def test_the_audience_is_counted_as_its_coverage_counts_it(theme):
    group, other = factories.make_target_group(theme), factories.make_target_group(theme)
    region, elsewhere = Region.objects.order_by("pk")[:2]
    goal, open_goal = factories.make_goal(theme), factories.make_goal(theme)
    goal.audiences.set([group])
    goal.regions.set([region])
    body = factories.make_organisation(theme, region=region, target_group=group)
    by_body = factories.make_person(theme)
    Role.objects.create(person=by_body, organisation=body)
    by_network = factories.make_person(theme, region=region)
    network = Network.objects.create(theme=theme, name_fi="Verkosto")
    network.goals.set([goal])
    network.save()
    Membership.objects.create(network=network, person=by_network)
    meant = [by_body, by_network, factories.make_person(theme, region=region, target_group=group)]
    rest = [factories.make_person(theme, region=elsewhere, target_group=group), factories.make_person(theme, region=region, target_group=other)]
    meet([goal, open_goal], [*meant, *rest], at=days_ago(3))
    found = daily("audience_reached", goal, open_goal)
    assert {key: sum(days.values()) for key, days in found.items()} == {goal.pk: 3, open_goal.pk: 5}
    assert total_of(goal).reached == 3
    assert daily("audience_reached", goal, since=today()) == {goal.pk: {}}


def test_a_pair_is_brought_together_once(theme):
    goal, later = factories.make_goal(theme), factories.make_goal(theme)
    a, b, c = (factories.make_person(theme) for _ in range(3))
    meet([goal], [a, b], at=days_ago(9))
    meet([later], [a, b, c], at=days_ago(5))
    assert sum(daily("new_ties", goal, later)[goal.pk].values()) == 1
    assert daily("new_ties", goal, later)[later.pk] == {today() - 5 * DAY: 2}
    assert daily("new_ties", factories.make_goal(theme)) == {}


def test_a_hall_brings_nobody_together(theme):
    goal = factories.make_goal(theme)
    meet([goal], [factories.make_person(theme) for _ in range(61)])
    assert daily("new_ties", goal) == {goal.pk: {}}


def test_organisations_in_networks_stand_from_day_to_day(theme):
    goal, alone = factories.make_goal(theme), factories.make_goal(theme)
    one, two = factories.make_organisation(theme), factories.make_organisation(theme)
    networks = [Network.objects.create(theme=theme, name_fi=f"Verkosto {number}") for number in range(2)]
    for network in networks:
        network.goals.set([goal])
        network.save()
    Membership.objects.create(network=networks[0], organisation=one, starts=today() - 20 * DAY, ends=today() - 10 * DAY)
    Membership.objects.create(network=networks[1], organisation=one, starts=today() - 12 * DAY)
    Membership.objects.create(network=networks[1], organisation=two, starts=today() - 5 * DAY, ends=today() - 2 * DAY)
    found = daily("network_organisations", goal, alone)
    assert found == {goal.pk: {today() - 20 * DAY: 1, today() - 5 * DAY: 2, today() - DAY: 1}}
    measure = measures.get("network_organisations")
    assert [measure.at(found[goal.pk], today() - number * DAY) for number in (30, 15, 3, 0)] == [None, 1, 2, 1]


def test_needs_that_were_passed_on_count_for_goals_of_their_region(theme):
    here, there = Region.objects.order_by("pk")[:2]
    goals = [factories.make_goal(theme) for _ in range(3)]
    goals[1].regions.set([here])
    goals[2].regions.set([there])
    need = needs.hear(ServiceNeed(theme=theme, need="Valmennus", sub_theme=factories.make_sub_theme(theme), region=here), by=None)
    assert daily("needs_passed_on", *goals) == {goals[0].pk: {}, goals[1].pk: {}}
    needs.turn(need, ServiceNeed.State.PASSED_ON, by=None, passed_to=factories.make_organisation(theme))
    assert daily("needs_passed_on", *goals) == {goals[0].pk: {today(): 1}, goals[1].pk: {today(): 1}}


def test_contacts_of_a_period_are_never_added_up(theme):
    goal, person = factories.make_goal(theme), factories.make_person(theme)
    for number in (1, 2, 40):
        meet([goal], [person], at=days_ago(number))
    unique = measures.get("contacts_reached").unique
    assert unique([goal.pk], today() - 7 * DAY, today()) == {goal.pk: 1}
    assert unique([goal.pk], today() - 50 * DAY, today()) == {goal.pk: 1}
    assert unique([goal.pk], today() - 30 * DAY, today() - 9 * DAY) == {}


# ---- what is kept
def test_no_data_stays_no_data_and_nothing_reached_stays_nothing(theme):
    without, nobody = factories.make_goal(theme, measure="meetings"), factories.make_goal(theme, measure="meetings")
    meet([nobody], [], at=days_ago(3))
    roll_up()
    assert [result.actual for result in results([without, nobody], today())] == [None, 0]
    assert dict(Series.objects.filter(measure="meetings").values_list("goal", "is_observed")) == {without.pk: False, nobody.pk: True}


def test_kept_days_answer_without_the_sources_and_today_is_counted_live(theme):
    goal, people = factories.make_goal(theme, measure="meetings"), [factories.make_person(theme) for _ in range(3)]
    meet([goal], people[:2], at=days_ago(100))
    roll_up()
    Touch.objects.all()._raw_delete("default")
    assert results([goal], today())[0].actual == 2
    meet([goal], [people[2]])
    assert results([goal], today())[0].actual == 3


def test_run_again_it_writes_nothing(theme):
    goal = factories.make_goal(theme)
    meet([goal], [factories.make_person(theme)], at=days_ago(9))
    assert roll_up().written > 0
    again = roll_up()
    assert (again.written, again.removed) == (0, 0)
    assert again.series == len(list(measures.all_measures()))


@pytest.mark.parametrize("night", ["asked before the night", "after it"])
def test_late_words_and_erased_people_change_the_days_that_they_are_of(theme, night):
    goal, people = factories.make_goal(theme, measure="meetings"), [factories.make_person(theme) for _ in range(3)]
    for person in people[:2]:
        meet([goal], [person], at=days_ago(40))
    meet([goal], people[:1], at=days_ago(20))
    roll_up()

    def actual():
        if night == "after it":
            roll_up()
        return results([goal], today())[0].actual

    meet([goal], [people[2]], at=days_ago(60))
    assert actual() == 3
    erase_person(people[0])
    assert actual() == 2
    act = Outreach.objects.filter(touches__person=people[1]).get()
    act.goals.clear()
    assert actual() == 1
    act.goals.set([goal])
    assert actual() == 2
    outreach.undo_log(act, by=None)
    assert actual() == 1


def test_the_night_finds_by_itself_what_nobody_has_told_it(theme):
    goal = factories.make_goal(theme, measure="meetings")
    act = meet([goal], [factories.make_person(theme) for _ in range(4)], at=days_ago(70))
    roll_up()
    Touch.objects.filter(pk=act.touches.first().pk)._raw_delete("default")
    roll_up()
    assert results([goal], today())[0].actual == 3


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_kept_figures_are_those_of_the_sources(theme, seed):
    chance = random.Random(seed)
    goals = [factories.make_goal(theme) for _ in range(3)]
    other = factories.make_theme()
    theirs = factories.make_goal(other)
    people = [factories.make_person(theme, target_group=chance.choice([None, factories.make_target_group(theme)])) for _ in range(8)]
    acts = []
    for turn in range(30):
        at = days_ago(chance.randrange(0, 200))
        what = chance.randrange(7)
        if what < 3 or not acts:
            kind = chance.choice([Outreach.Kind.MEETING, Outreach.Kind.CALL])
            acts.append(meet(chance.sample(goals, chance.randint(1, 2)), chance.sample(people, chance.randint(0, 4)), at=at, kind=kind))
        elif what == 3:
            outreach.count(chance.choice(acts), chance.choice(["view", "download"]), cause="test", language="fi", number=3, day=at.date())
        elif what == 4:
            chance.choice(acts).goals.set(chance.sample(goals, 2))
        elif what == 5:
            outreach.touch(chance.choice(acts), chance.choice(people), chance.choice(list(Touch.Kind)), cause=f"test:{turn}", at=at)
        else:
            roll_up(today=today() - chance.randrange(3) * DAY)
        assert _live(as_kept([*goals, theirs])) == _live(from_sources([*goals, theirs]))
    roll_up()
    assert as_kept([*goals, theirs]) == from_sources([*goals, theirs])
    assert DayValue.objects.exists()


def test_an_act_that_is_shared_counts_from_the_day_of_its_bridge(theme):
    factories.make_root()
    home = factories.make_home(theme)
    section = factories.make_section(home)
    other = factories.make_theme()
    shelf = factories.make_section(factories.make_front(other, home))
    goal, theirs = factories.make_goal(theme), factories.make_goal(other)
    story = factories.make_story(section, goals=[goal])
    act = outreach.of_item(story.translation_key)
    people = [factories.make_person(theme) for _ in range(2)]
    outreach.touch(act, people[0], Touch.Kind.CLICKED, cause="test:1", at=days_ago(9))
    roll_up()
    bridges.accept(bridge=bridges.offer(page=story, theme=other, by=None), section=shelf, goals=[theirs], by=None)
    outreach.touch(act, people[1], Touch.Kind.CLICKED, cause="test:2")
    outreach.touch(act, people[0], Touch.Kind.CLICKED, cause="test:3")
    assert daily("contacts_reached", theirs) == {theirs.pk: {today(): 2}}
    assert _live(as_kept([goal, theirs])) == _live(from_sources([goal, theirs]))
    roll_up()
    # Today of these is counted by the next night.
    assert _live(as_kept([goal, theirs])) == _live(from_sources([goal, theirs]))
    roll_up(today=today() + DAY)
    assert as_kept([goal, theirs]) == from_sources([goal, theirs])


def test_a_figure_of_a_day_that_is_over_is_that_of_the_day(theme):
    goal = factories.make_goal(theme, measure="meetings")
    for number in (300, 200, 10):
        meet([goal], [factories.make_person(theme)], at=days_ago(number))
    roll_up()
    at = [results([goal], today() - number * DAY)[0].actual for number in (301, 250, 100, 5)]
    assert at == [0, 1, 2, 3]


def test_reading_costs_as_much_of_sixty_goals_as_of_ten(theme):
    def queries(number):
        goals = [factories.make_goal(theme, measure="meetings") for _ in range(number)]
        for goal in goals:
            ExpectedResult.objects.create(goal=goal, measure="page_views", low=1, target=2, high=3, due=date(2030, 1, 1))
        roll_up()
        with CaptureQueriesContext(connection) as captured:
            results(goals, today())
        return len(captured)

    assert queries(10) == queries(60) <= 15
