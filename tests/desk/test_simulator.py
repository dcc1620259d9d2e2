"""A year of outreach whose truth is known, made by the product's own actions: the desk says it, and foretells what comes as often as it says."""

from __future__ import annotations

import csv
import io
import math
import random
from collections import defaultdict
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from base.roles import Role
from contacts import outreach
from contacts.coverage.counting import total_of
from contacts.models import Outreach, Touch
from contacts.people import erase_person
from desk.forecast import STUDENT, WEEKS, foretell
from tests import factories
from themes.history.rolling import roll_up
from themes.models import ExpectedResult

DAYS, PEOPLE, ACTS = 365, 30, 60


class Truth:
    """What was done, kept apart from the product: touches as (goal, day, person, kind), views as (goal, day, number)."""

    def __init__(self):
        self.touches, self.views, self.people = [], [], {}

    def reached(self, goal, until, kinds=tuple(Touch.Kind)):
        return {person for of, day, person, kind in self.touches if of == goal and kind in kinds and day <= until}

    def first_reached(self, goal, first, last):
        return len(self.reached(goal, last) - self.reached(goal, first - timedelta(days=1)))


def live_a_year(chance, theme, goals, *, until=None):
    """`until` keeps the last days for later: nights come between."""
    truth, today = Truth(), timezone.localdate()
    groups = [factories.make_target_group(theme) for _ in range(2)]
    for number in range(PEOPLE):
        person = factories.make_person(theme, target_group=groups[number % 2])
        truth.people[person.pk] = (person, groups[number % 2])
    for goal, group in zip(goals, [*groups, None], strict=False):
        goal.audiences.set([group] if group else [])
    for _act in range(ACTS):
        at = timezone.now() - timedelta(days=chance.randrange(DAYS), hours=chance.randrange(3))
        day = timezone.localdate(at)
        serves = chance.sample(goals, chance.randint(1, 2))
        kind = chance.choice([Outreach.Kind.MEETING, Outreach.Kind.CALL, Outreach.Kind.STORY])
        whom = chance.sample(list(truth.people), chance.randint(0, 6))
        if kind == Outreach.Kind.STORY:
            act = outreach.record(theme=theme, kind=kind, title="Juttu", goals=serves, done_at=at)
            number = chance.randint(1, 40)
            outreach.count(act, "view", cause="reach.view", language="fi", number=number, day=day)
            truth.views += [(goal.pk, day, number) for goal in serves]
            for person in whom:
                outreach.touch(act, truth.people[person][0], Touch.Kind.CLICKED, cause=f"mail.click:{act.pk}:{person}", at=at)
                truth.touches += [(goal.pk, day, person, Touch.Kind.CLICKED) for goal in serves]
        else:
            people = [truth.people[person][0] for person in whom]
            outreach.log_meeting(theme=theme, kind=kind, title="Tapaaminen", goals=serves, people=people, at=at)
            touched = Touch.Kind.CALLED if kind == Outreach.Kind.CALL else Touch.Kind.MET
            truth.touches += [(goal.pk, day, person, touched) for goal in serves for person in whom]
        if chance.random() < 0.05:
            roll_up(today=today)
    return truth


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("night", [True, False], ids=["after a night", "before any night"])
def test_every_figure_of_the_desk_is_the_truth(client, cast, seed, night):
    chance, theme = random.Random(seed), factories.make_theme()
    goals = [factories.make_goal(theme, measure="contacts_reached", budget_hours=40) for _ in range(3)]
    for goal in goals:
        for measure in ("meetings", "page_views", "audience_reached"):
            ExpectedResult.objects.create(goal=goal, measure=measure, low=5, target=60, high=90, due=timezone.localdate() + timedelta(days=120))
    truth = live_a_year(chance, theme, goals)
    erased = next(iter(truth.people))
    erase_person(truth.people.pop(erased)[0])
    truth.touches = [row for row in truth.touches if row[2] != erased]
    if night:
        roll_up()
    today = timezone.localdate()
    cast.enter(Role.COORDINATORS)
    answer = client.get(reverse("desk:overview"), {"period": "own", "first": today - timedelta(days=120), "last": today - timedelta(days=20)})
    said = {(one.goal.pk, one.result.expected.measure): (one.result.actual, one.added) for one in answer.context["standings"]}
    first, last = today - timedelta(days=120), today - timedelta(days=20)
    audiences = {
        goal.pk: {key for key, (_p, group) in truth.people.items() if not goal.audiences.exists() or group in goal.audiences.all()} for goal in goals
    }
    met = (Touch.Kind.MET, Touch.Kind.CALLED)
    for goal in goals:
        now = truth.reached(goal.pk, today)
        views = [(day, number) for of, day, number in truth.views if of == goal.pk]
        assert said[goal.pk, "contacts_reached"] == (len(now), truth.first_reached(goal.pk, first, last))
        assert said[goal.pk, "meetings"][0] == len(truth.reached(goal.pk, today, met))
        assert said[goal.pk, "page_views"] == (sum(n for _d, n in views), sum(n for day, n in views if first <= day <= last))
        assert said[goal.pk, "audience_reached"][0] == len(now & audiences[goal.pk]) == total_of(goal).reached
    missing = {row.goal.pk: (row.audience, row.missing) for row in answer.context["unreached"]}
    expected = {goal.pk: (len(audiences[goal.pk]), len(audiences[goal.pk] - truth.reached(goal.pk, today))) for goal in goals}
    assert missing == {goal: numbers for goal, numbers in expected.items() if numbers[1]}
    worth = {row.goal.pk: float(row.per_ten_hours) for row in answer.context["efforts"]}
    assert worth == {goal.pk: round(10 * len(truth.reached(goal.pk, today) & audiences[goal.pk]) / 40, 1) for goal in goals}
    rows = list(csv.reader(io.StringIO(client.get(reverse("desk:overview"), {"as": "csv"}).content.decode("utf-8-sig")), delimiter=";"))
    assert sorted(int(row[9]) for row in rows[1:]) == sorted(actual for actual, _added in said.values())


def poisson(chance, mean):
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count, product = count + 1, product * chance.random()
    return count


def steady(chance, mean):
    return lambda week: poisson(chance, mean)


def lumpy(chance, mean):
    return lambda week: poisson(chance, chance.gammavariate(0.8, mean / 0.8))


def events(chance, mean):
    return lambda week: poisson(chance, 0.3 * mean) + (poisson(chance, 6 * mean) if chance.random() < 0.15 else 0)


def drifting(chance, mean):
    change = chance.uniform(-0.6, 0.6)
    return lambda week: poisson(chance, mean * (1 + change * week / 52))


def test_what_is_foretold_comes_as_often_as_it_says(capsys):
    """Seeds of their own, and kinds of weeks that the method knows nothing of."""
    assert (WEEKS, STUDENT) == (13, 1.356)
    held, tries = defaultdict(int), 1200
    for make in (steady, lumpy, events, drifting):
        for left in (4, 13, 26):
            for seed in range(tries):
                chance = random.Random(f"unseen:{make.__name__}:{left}:{seed}")
                weeks_of = make(chance, chance.choice([0.5, 2, 8, 40, 200]))
                weeks = [weeks_of(week) for week in range(WEEKS)]
                told = foretell(sum(weeks), weeks, left)
                comes = sum(weeks) + sum(weeks_of(WEEKS + week) for week in range(left))
                held[make.__name__, left] += round(told.low) <= comes <= round(told.high)
    shares = {place: number / tries for place, number in held.items()}
    with capsys.disabled():
        print("\nThe forecast says 80 %. It held what came, by kind of weeks and weeks left:")
        for (name, left), share in shares.items():
            print(f"  {name:9} {left:3} weeks {100 * share:5.1f} %")
    assert min(shares.values()) > 0.77
    assert sum(shares.values()) / len(shares) > 0.8


def test_of_too_few_weeks_and_of_days_gone_by_nothing_is_foretold():
    assert foretell(5, [1] * 12, 4) is None
    assert foretell(5, [1] * 13, 0) is None
    told = foretell(130, [10] * 13, 4)
    assert told.low < told.middle == 170 < told.high
    # Where nothing has come, something still may.
    assert foretell(12, [0] * 13, 26).high > 14
    # A count never falls.
    assert foretell(3, [0] * 12 + [3], 1).low == 3
