"""Coverage: who of a goal's audience was touched, how deep, and who was not. Each contact counts once."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from base.bounds import within
from base.roles import Role
from contacts import bridges, outreach
from contacts.coverage.audience import DEPTHS, Depth, audience, placed_in, placed_nowhere
from contacts.coverage.counting import Count, cover
from contacts.coverage.many import cover_many
from contacts.models import Membership, Network, Outreach, Person, Touch
from contacts.models import Role as Post
from tests import factories
from themes.models import Goal, Region

KINDS = {
    Depth.SENT: (Touch.Kind.DELIVERED, Touch.Kind.WRITTEN),
    Depth.ACTED: (Touch.Kind.CLICKED, Touch.Kind.SUBSCRIBED),
    Depth.TOOK_PART: (Touch.Kind.REGISTERED, Touch.Kind.ATTENDED),
    Depth.TALKED: (Touch.Kind.MET, Touch.Kind.CALLED),
}


@pytest.fixture
def plan(db):
    """A goal for companies in two regions."""
    theme = factories.make_theme()
    goal = factories.make_goal(theme)
    companies, towns = (factories.make_target_group(theme, name_fi=name) for name in ("Yritykset", "Kunnat"))
    goal.audiences.add(companies)
    pirkanmaa, satakunta, lappi = (Region.objects.get(code=code) for code in ("06", "04", "19"))
    goal.regions.add(pirkanmaa, satakunta)
    return SimpleNamespace(**{name: value for name, value in locals().items() if name != "db"})


def person(plan, *, group="companies", region="pirkanmaa", **values):
    given = {"target_group": getattr(plan, group, None), "region": getattr(plan, region, None)}
    return factories.make_person(plan.theme, **given, **values)


def act(plan, goals=None, **values):
    return outreach.record(
        theme=plan.theme, kind=Outreach.Kind.EVENT, title="Teko", goals=[plan.goal] if goals is None else goals, **values
    )  # fmt: skip


def touched(one, act, kind, cause="test:1"):
    outreach.touch(act, one, kind, cause=cause)


def assert_together(goals):
    """What is asked for all at once is what is asked of each."""
    together = cover_many(goals)
    for goal in goals:
        alone = cover(goal, networks=False)
        assert (together[goal.pk].total, together[goal.pk].cells) == (alone.total, alone.cells)
        assert (together[goal.pk].by_region, together[goal.pk].by_group) == (alone.by_region, alone.by_group)


def test_the_audience_is_by_target_group_and_region(plan):
    meant = person(plan)
    for other in ({"group": "towns"}, {"region": "lappi"}, {"group": "none"}, {"region": "none"}):
        person(plan, **other)
    factories.make_person(factories.make_theme())
    assert list(audience(plan.goal)) == [meant]


def test_who_has_no_group_or_region_has_those_of_an_organisation_of_today(plan):
    body = factories.make_organisation(plan.theme, target_group=plan.companies, region=plan.satakunta)
    now, once, own = (person(plan, group="none", region="none") for _number in range(3))
    Post.objects.create(person=now, organisation=body)
    Post.objects.create(person=once, organisation=body, ends=timezone.localdate() - timedelta(days=1))
    Post.objects.create(person=own, organisation=body)
    own.region = plan.lappi
    own.save()
    assert list(audience(plan.goal)) == [now]
    assert cover(plan.goal).by_region.keys() == {plan.satakunta}


def test_a_networks_members_are_of_the_audience_too(plan):
    network = Network.objects.create(theme=plan.theme, name_fi="Verkosto")
    network.goals.add(plan.goal)
    network.save()
    body = factories.make_organisation(plan.theme)
    member, of_body, gone, elsewhere = (person(plan, group="towns") for _number in range(4))
    elsewhere.region = plan.lappi
    elsewhere.save()
    for someone, ends in ((member, None), (gone, timezone.localdate() - timedelta(days=1)), (elsewhere, None)):
        Membership.objects.create(network=network, person=someone, ends=ends)
    Membership.objects.create(network=network, organisation=body)
    Post.objects.create(person=of_body, organisation=body)
    assert set(audience(plan.goal)) == {member, of_body}
    touched(of_body, act(plan), Touch.Kind.MET)
    found = cover(plan.goal).by_network[network]
    assert (found.all, found.reached) == (2, 1)


def test_a_goal_that_names_nobody_means_all(plan):
    goal = factories.make_goal(plan.theme)
    everybody = {person(plan), person(plan, group="none", region="none")}
    assert set(audience(goal)) == everybody


def test_each_contact_counts_once_by_the_deepest_touch(plan):
    one, two, missed = (person(plan) for _number in range(3))
    first, second = act(plan), act(plan)
    for number in range(5):
        touched(one, first, Touch.Kind.DELIVERED, f"test:{number}")
        touched(one, second, Touch.Kind.CLICKED, f"test:{number}")
    touched(two, second, Touch.Kind.DELIVERED)
    touched(two, second, Touch.Kind.MET)
    touched(person(plan, region="lappi"), second, Touch.Kind.MET)
    touched(missed, act(plan, goals=[]), Touch.Kind.MET)
    touched(missed, act(plan, goals=[factories.make_goal(plan.theme)]), Touch.Kind.MET)
    found = cover(plan.goal).total
    assert found.by_depth == {Depth.NOT: 1, Depth.SENT: 0, Depth.ACTED: 1, Depth.TOOK_PART: 0, Depth.TALKED: 1}
    assert (found.all, found.reached, found.percent) == (3, 2, 67)


def test_every_kind_of_touch_has_a_depth(plan):
    assert set(DEPTHS) == set(Touch.Kind)
    assert {kind: depth for depth, kinds in KINDS.items() for kind in kinds} == DEPTHS


@pytest.mark.parametrize(("reached", "missing", "percent"), [(1, 999, 1), (999, 1, 99), (1000, 0, 100), (0, 10, 0), (1, 2, 33)])
def test_a_percentage_is_0_or_100_only_where_it_is_so(reached, missing, percent):
    count = Count()
    count.add(Depth.TALKED, reached)
    count.add(Depth.NOT, missing)
    assert count.percent == percent


@pytest.mark.parametrize("seed", range(5))
def test_the_numbers_are_those_that_one_counts_by_hand(plan, seed):
    chance = random.Random(seed)
    plan.goal.regions.clear()
    plan.goal.audiences.add(plan.towns)
    people = [
        person(plan, group=chance.choice(["companies", "towns"]), region=chance.choice(["pirkanmaa", "satakunta", "lappi", "none"]))
        for _number in range(40)
    ]
    acts = [act(plan) for _number in range(3)] + [act(plan, goals=[])]
    deepest = Counter({one.pk: 0 for one in people})
    for number in range(60):
        one, its = chance.choice(people), chance.choice(acts)
        kind = chance.choice(list(Touch.Kind))
        touched(one, its, kind, f"test:{number}")
        if its is not acts[-1]:
            depth = next(depth for depth, kinds in KINDS.items() if kind in kinds)
            deepest[one.pk] = max(deepest[one.pk], depth)
    found = cover(plan.goal)
    assert found.total.by_depth == {depth: sum(value == depth for value in deepest.values()) for depth in Depth}
    for region, count in found.by_region.items():
        theirs = [one for one in people if one.region == region]
        assert count.by_depth == {depth: sum(deepest[one.pk] == depth for one in theirs) for depth in Depth}
    for (region, group), count in found.cells.items():
        assert count.all == sum((one.region, one.target_group) == (region, group) for one in people)
    assert sum(count.all for count in found.cells.values()) == 40
    other = factories.make_goal(plan.theme)
    assert_together([plan.goal, other])


@pytest.mark.parametrize("seed", range(5))
def test_lists_and_numbers_mean_the_same_people(plan, seed):
    """Who is where is asked in two ways: by a list for one region, by coverage for all at once. Here by hand too."""
    chance, today = random.Random(seed), timezone.localdate()
    regions, groups = [plan.pirkanmaa, plan.satakunta, plan.lappi, None], [plan.companies, plan.towns, None]
    bodies = [factories.make_organisation(plan.theme, region=chance.choice(regions), target_group=chance.choice(groups)) for _ in range(8)]
    network = Network.objects.create(theme=plan.theme, name_fi="Verkosto")
    Membership.objects.create(network=network, organisation=bodies[0])
    where = {}
    for number in range(40):
        one = factories.make_person(plan.theme, region=chance.choice(regions), target_group=chance.choice(groups))
        posts = [chance.choice(bodies) for _ in range(chance.randrange(4))]
        ended = [chance.random() < 0.3 for _ in posts]
        for body, is_over in zip(posts, ended, strict=True):
            Post.objects.create(person=one, organisation=body, ends=today - timedelta(days=1) if is_over else None)
        held = [body for body, is_over in zip(posts, ended, strict=True) if not is_over]
        place = one.region or next((body.region for body in held if body.region), None)
        group = one.target_group or next((body.target_group for body in held if body.target_group), None)
        is_member = bodies[0] in held or number % 7 == 0
        if number % 7 == 0:
            Membership.objects.create(network=network, person=one)
        where[one] = (place, group, is_member)
    for named in range(8):
        goal = factories.make_goal(plan.theme)
        goal.regions.set([plan.pirkanmaa, plan.lappi] if named & 1 else [])
        goal.audiences.set([plan.companies] if named & 2 else [])
        network.goals.set([goal] if named & 4 else [])
        network.save()
        meant = {
            one
            for one, (place, group, is_member) in where.items()
            if (place in (plan.pirkanmaa, plan.lappi) or not named & 1)
            and (not named & 6 or (named & 2 and group == plan.companies) or (named & 4 and is_member))
        }
        assert set(audience(goal)) == meant
        found = cover(goal)
        assert {cell: count.all for cell, count in found.cells.items()} == Counter(where[one][:2] for one in meant)
        members = sum(where[one][2] for one in meant)
        assert {row: count.all for row, count in found.by_network.items()} == ({network: members} if members else {})
    assert_together(list(Goal.objects.filter(theme=plan.theme)))
    for region in regions:
        asked = Person.objects.filter(placed_in("region", [region.pk]) if region else placed_nowhere("region"))
        assert set(asked) == {one for one, (place, _group, _is_member) in where.items() if place == region}


def test_what_another_theme_shares_counts_while_the_bridge_stands(plan):
    """Of the goal's own theme's contacts."""
    page = factories.make_story(factories.make_section(factories.make_home(factories.make_theme())))
    shelf = factories.make_section(factories.make_front(plan.theme))
    theirs = Outreach.objects.get(item_key=page.translation_key)
    before, while_it_stood = person(plan), person(plan)
    outreach.touch(theirs, before, Touch.Kind.CLICKED, cause="test:1", at=timezone.now() - timedelta(days=3))
    bridges.accept(bridge=bridges.offer(page=page, theme=plan.theme, by=None), section=shelf, goals=[plan.goal], by=None)
    outreach.touch(theirs, while_it_stood, Touch.Kind.CLICKED, cause="test:2")
    assert cover(plan.goal).total.reached == 1
    assert_together([plan.goal, factories.make_goal(page.theme)])


def test_many_goals_are_covered_in_as_many_queries_as_one(plan):
    def asked(goals):
        with CaptureQueriesContext(connection) as found:
            cover_many(goals)
        return len(found)

    touched(person(plan), act(plan), Touch.Kind.MET)
    few = asked([plan.goal])
    assert asked([plan.goal, *(factories.make_goal(plan.theme) for _number in range(9))]) == few
    assert cover_many([]) == {}


def test_as_many_queries_whatever_there_is(plan):
    def asked():
        with CaptureQueriesContext(connection) as found:
            cover(plan.goal)
        return len(found)

    person(plan)
    few = asked()
    its = act(plan)
    for _number in range(20):
        touched(person(plan), its, Touch.Kind.MET)
    assert asked() == few


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL alone")
def test_no_question_is_compiled(db):
    """It took two seconds and a half for a coverage that is counted in a tenth."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


# ---- the screens
def test_from_not_reached_to_the_people(plan, cast):
    client = cast.enter(Role.COORDINATORS)
    known, missed = person(plan, last_name="Tavattu"), person(plan, region="satakunta", last_name="Tavoittamaton")
    touched(known, act(plan), Touch.Kind.MET)
    person(plan, region="lappi", last_name="Muualla")
    shown = client.get(reverse("contacts_coverage", args=[plan.goal.pk]))
    links = {str(row["label"]): row["url"] for table in shown.context["tables"] for row in table["rows"]}
    assert links["Pirkanmaa"] == ""
    listed = client.get(links["Satakunta"]).content.decode()
    assert "Tavoittamaton" in listed
    assert not {name for name in ("Tavattu", "Muualla") if name in listed}
    assert str(missed) in client.get(shown.context["missing_url"]).content.decode()
    reached = client.get(reverse("contacts_coverage_reached", args=[plan.goal.pk]))
    assert [str(row["person"]) for row in reached.context["rows"]] == [str(known)]
    assert str(reached.context["rows"][0]["depth"]) == str(Depth.TALKED.label)


def test_who_has_no_region_is_found_from_the_table_too(plan, cast):
    plan.goal.regions.clear()
    client = cast.enter(Role.COORDINATORS)
    person(plan, region="none", last_name="Paikaton")
    person(plan, last_name="Paikallinen")
    shown = client.get(reverse("contacts_coverage", args=[plan.goal.pk]))
    row = next(row for row in shown.context["tables"][0]["rows"] if "region=null" in row["url"])
    listed = client.get(row["url"]).content.decode()
    assert "Paikaton" in listed
    assert "Paikallinen" not in listed


def test_numbers_for_who_sees_the_plan_names_for_who_sees_the_register(plan, cast):
    touched(person(plan, last_name="Salainen"), act(plan), Touch.Kind.MET)
    person(plan)
    screen, names = (reverse(name, args=[plan.goal.pk]) for name in ("contacts_coverage", "contacts_coverage_reached"))
    client = cast.enter(Role.COMMUNICATIONS)
    shown = client.get(screen)
    assert shown.status_code == 200
    assert shown.context["total"].all == 2
    assert shown.context["missing_url"] == ""
    assert "snippets/contacts/person" not in shown.content.decode()
    assert client.get(names).status_code in (302, 403)
    assert cast.enter(Role.ORGANISERS).get(screen).status_code in (302, 403)


def test_another_themes_goal_is_not_there(plan, cast):
    other = factories.make_goal(factories.make_theme())
    with within(plan.theme.pk):
        assert cast.enter(Role.ADMINISTRATORS).get(reverse("contacts_coverage", args=[99999])).status_code == 404
        assert cover(plan.goal).total.all == 0
    assert cover(other).total.all == 0


# ---- outreach in its list
def test_an_outreach_without_a_goal_shows_as_unplanned(plan, cast):
    client, place = cast.enter(Role.COORDINATORS), reverse("wagtailsnippets_contacts_outreach:list")
    act(plan, goals=[])
    Outreach.objects.create(theme=plan.theme, kind="post", title="Tuleva", planned_on=timezone.localdate() + timedelta(days=3)).goals.add(plan.goal)
    Outreach.objects.create(theme=plan.theme, kind="post", title="Unohtunut", planned_on=timezone.localdate() - timedelta(days=3)).goals.add(
        plan.goal
    )
    with translation.override("fi"):
        unplanned = gettext("Unplanned")
    assert client.get(place).content.decode().count(f"{unplanned}\n") == 1

    def titles(**asked):
        return [row.title for row in client.get(place, asked).context["object_list"]]

    assert titles(plan="without") == ["Teko"]
    assert titles(state="planned") == ["Tuleva"]
    assert titles(state="late") == ["Unohtunut"]
    assert titles(state="done") == ["Teko"]
    assert set(titles(plan="with")) == {"Tuleva", "Unohtunut"}
    goals = client.get(reverse("desk:goals"))
    assert goals.context["unplanned"] == client.get(reverse("contacts_coverage", args=[plan.goal.pk])).context["unplanned"] == 1


def test_what_is_done_lies_in_the_past(plan, cast):
    client = cast.enter(Role.COORDINATORS)
    form = {"title": "Kirje lehteen", "theme": plan.theme.pk, "kind": "post", "scope": "external", "done_at": "1.1.2099 9.00"}
    answer = client.post(reverse("wagtailsnippets_contacts_outreach:add"), form)
    assert "done_at" in answer.context["form"].errors
    assert "Kirje lehteen" in answer.content.decode()
    assert client.post(reverse("wagtailsnippets_contacts_outreach:add"), form | {"done_at": ""}).status_code == 302


def test_an_act_for_internal_goals_alone_is_internal(plan):
    inside = factories.make_goal(plan.theme, scope="internal")
    assert act(plan, goals=[inside]).scope == "internal"
    assert act(plan, goals=[inside, plan.goal]).scope == "external"
    assert act(plan, goals=[]).scope == "external"
