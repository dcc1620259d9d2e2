"""Segments: built without a query language, live, told in a sentence, counted while they are built, used in lists."""

from __future__ import annotations

import random
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from base.roles import Role
from contacts import outreach
from contacts.models import Membership, Network, Organisation, Outreach, Person, Segment, Tag, Touch
from contacts.models import Role as Post
from contacts.segments import forms
from contacts.segments.fields import KINDS
from contacts.segments.rules import in_words, matching
from tests import factories
from themes.models import Region

PEOPLE, ORGANISATIONS = Segment.Of.PEOPLE.value, Segment.Of.ORGANISATIONS.value
NEW, COUNT = "contacts_segment_new", "contacts_segment_count"


def one(kind, *, negated=False, **said):
    return {"kind": kind, "not": negated, **said}


def rules(*conditions, join="all", negated=False):
    return {"join": "all", "groups": [{"join": join, "not": negated, "conditions": list(conditions)}]}


@pytest.fixture
def world(db):
    theme = factories.make_theme()
    lappi, pirkanmaa = Region.objects.get(code="19"), Region.objects.get(code="06")
    goal = factories.make_goal(theme)
    aino, bertta, cecilia = (
        factories.make_person(theme, first_name=name, last_name="Esimerkki", region=region, language=language)
        for name, region, language in (("Aino", lappi, "fi"), ("Bertta", pirkanmaa, "fi"), ("Cecilia", None, "sv"))
    )
    return SimpleNamespace(**{name: value for name, value in locals().items() if name != "db"})


def names(asked, of=PEOPLE):
    rows = matching(of, asked)
    return sorted(row.first_name if of == PEOPLE else row.name_fi for row in rows)


def test_groups_of_conditions(world):
    lappi, swedish = one("region", values=[str(world.lappi.pk)]), one("language", values=["sv"])
    assert names(rules(lappi)) == ["Aino"]
    assert names(rules(lappi, swedish)) == []
    assert names(rules(lappi, swedish, join="any")) == ["Aino", "Cecilia"]
    assert names(rules(lappi, swedish, join="any", negated=True)) == ["Bertta"]
    two = {"join": "any", "groups": [*rules(lappi)["groups"], *rules(swedish)["groups"]]}
    assert names(two) == ["Aino", "Cecilia"]
    assert names({"join": "all", "groups": []}) == ["Aino", "Bertta", "Cecilia"]


def test_not_keeps_who_has_no_value(world):
    assert names(rules(one("region", negated=True, values=[str(world.lappi.pk)]))) == ["Bertta", "Cecilia"]


def test_touches_of_a_kind_in_a_period_or_none(world):
    act = outreach.record(theme=world.theme, kind=Outreach.Kind.EVENT, title="Teko", goals=[world.goal])
    now = timezone.now()
    outreach.touch(act, world.aino, Touch.Kind.MET, cause="test:1", at=now - timedelta(days=10))
    outreach.touch(act, world.bertta, Touch.Kind.DELIVERED, cause="test:1", at=now - timedelta(days=100))
    assert names(rules(one("touched", kinds=["met"], days="30"))) == ["Aino"]
    assert names(rules(one("touched", kinds=[], days="30"))) == ["Aino"]
    assert names(rules(one("touched", kinds=[]))) == ["Aino", "Bertta"]
    assert names(rules(one("touched", kinds=[], negated=True))) == ["Cecilia"]
    day = timezone.localdate(now - timedelta(days=100)).isoformat()
    assert names(rules(one("touched", kinds=["delivered"], since=day, until=day))) == ["Bertta"]
    assert names(rules(one("missed", goal=str(world.goal.pk)))) == ["Cecilia"]
    assert names(rules(one("reached", goal=str(world.goal.pk)))) == ["Aino", "Bertta"]


def test_roles_networks_and_tags(world):
    body = factories.make_organisation(world.theme, name_fi="Kuusiharjun Paja", sector="third", size="small", region=world.lappi)
    Post.objects.create(person=world.cecilia, organisation=body, title="Luottamusmies")
    Post.objects.create(person=world.bertta, organisation=body, ends=timezone.localdate() - timedelta(days=1))
    network = Network.objects.create(theme=world.theme, name_fi="Verkosto")
    Membership.objects.create(network=network, organisation=body)
    Membership.objects.create(network=network, person=world.aino, part="chair")
    tag = Tag.objects.create(theme=world.theme, name="VIP")
    world.aino.tags.add(tag)
    body.tags.add(tag)
    assert names(rules(one("sector", values=["third"]))) == ["Cecilia"]
    assert names(rules(one("organisation", text="kuusih"))) == ["Cecilia"]
    assert names(rules(one("title", text="luottamus"))) == ["Cecilia"]
    assert names(rules(one("network", values=[str(network.pk)]))) == ["Aino", "Cecilia"]
    assert names(rules(one("part", values=["chair"]))) == ["Aino"]
    assert names(rules(one("tag", values=[str(tag.pk)]))) == ["Aino"]
    assert names(rules(one("role", negated=True))) == ["Aino", "Bertta"]
    assert names(rules(one("region", values=[str(world.lappi.pk)]))) == ["Aino", "Cecilia"]
    factories.make_organisation(world.theme, name_fi="Muu")
    for asked in (
        one("tag", values=[str(tag.pk)]), one("network", values=[str(network.pk)]), one("size", values=["small"]), one("people"),
        one("name", text="paja"),
    ):  # fmt: skip
        assert names(rules(asked), ORGANISATIONS) == ["Kuusiharjun Paja"], asked
        assert names(rules(asked | {"not": True}), ORGANISATIONS) == ["Muu"], asked


@pytest.mark.parametrize("of", [PEOPLE, ORGANISATIONS])
def test_every_kind_is_asked_and_told_and_its_negation_is_the_rest(world, of):
    """Whatever the database holds: who is in it and who is not are all there are."""
    factories.make_organisation(world.theme)
    act = outreach.log_meeting(theme=world.theme, kind=Outreach.Kind.CALL, title="Puhelu", goals=[world.goal], people=[world.aino])
    Network.objects.create(theme=world.theme, name_fi="Verkosto")
    Tag.objects.create(theme=world.theme, name="VIP")
    factories.make_sub_theme(world.theme)
    factories.make_project(world.theme)
    factories.make_target_group(world.theme)
    assert act.touches.count() == 1
    everybody = (Person if of == PEOPLE else Organisation).objects.count()
    for kind in KINDS[of].values():
        shown = kind.shown({})
        values = [str(option["value"]) for option in shown.get("options", ())][:1]
        said = {"choice": {"values": values}, "text": {"text": "e"}, "touched": {"kinds": values}, "goal": {"goal": str(world.goal.pk)}}
        asked = one(kind.key, **said.get(kind.widget, {}))
        assert not kind.trouble(asked), kind.key
        ins, outs = (matching(of, rules(asked | {"not": negated})).count() for negated in (False, True))
        assert ins + outs == everybody, kind.key
        told = {in_words(of, rules(asked | {"not": negated})) for negated in (False, True)}
        assert len(told) == 2, kind.key


def test_what_is_gone_selects_nobody(world):
    for asked in (one("tag", values=["987654"]), one("missed", goal="987654"), one("abolished")):
        assert names(rules(asked)) == []
        assert names(rules(asked | {"not": True})) == []
        turned = {"join": "all", "groups": [{"join": "any", "not": True, "conditions": [asked, one("city", text="Oulu")]}]}
        assert names(turned) == []
        assert in_words(PEOPLE, rules(asked))


def test_a_sentence_in_the_readers_language(world):
    asked = rules(one("language", values=["fi", "sv"]), one("touched", kinds=["met"], days="30", negated=True))
    with translation.override("en"):
        assert in_words(PEOPLE, asked) == "People: language of our messages is Finnish or Swedish and no touch (met) in the last 30 days."


@pytest.mark.parametrize("seed", range(4))
def test_random_rules_select_what_plain_python_selects(world, seed):
    chance = random.Random(seed)
    regions = [None, world.lappi, world.pirkanmaa]
    for _number in range(20):
        factories.make_person(world.theme, region=chance.choice(regions), language=chance.choice(["fi", "sv", "en"]))
    people = list(Person.objects.all())

    def condition():
        negated = chance.random() < 0.5
        if chance.random() < 0.5:
            values = chance.sample(["fi", "sv", "en"], 2)
            return one("language", negated=negated, values=values), lambda row: (row.language in values) != negated
        region = chance.choice(regions[1:])
        return one("region", negated=negated, values=[str(region.pk)]), lambda row: (row.region_id == region.pk) != negated

    for _number in range(15):
        groups, tests = [], []
        for _group in range(chance.randrange(1, 4)):
            pairs = [condition() for _condition in range(chance.randrange(1, 4))]
            join, negated = chance.choice(["all", "any"]), chance.random() < 0.3
            groups.append({"join": join, "not": negated, "conditions": [asked for asked, _test in pairs]})
            tests.append((all if join == "all" else any, negated, [test for _asked, test in pairs]))
        join = chance.choice(["all", "any"])
        whole = all if join == "all" else any
        wanted = {row.pk for row in people if whole(how(test(row) for test in own) != negated for how, negated, own in tests)}
        assert {row.pk for row in matching(PEOPLE, {"join": join, "groups": groups})} == wanted


# ---- the builder
def typed(world, **values):
    form = {"name": "Lappi", "theme": world.theme.pk, "join": "all", "group": "0", "g0-join": "all", "g0-condition": "0", "g0-0-kind": "region"}
    return form | {"g0-0-value": [world.lappi.pk]} | values


def test_a_segment_is_built_kept_and_narrows_the_list(world, cast):
    client = cast.enter(Role.COORDINATORS)
    shown = client.post(reverse(NEW), {"name": "Lappi", "theme": world.theme.pk, "group": "0", "act": "add-0", "g0-new": "region"})
    assert "g0-0-value" in shown.content.decode()
    assert 'value="Lappi"' in shown.content.decode()
    answer = client.post(reverse(NEW), typed(world))
    segment = Segment.objects.get()
    assert answer.url.endswith(f"?segment={segment.pk}")
    assert [row.first_name for row in client.get(answer.url).context["object_list"]] == ["Aino"]
    factories.make_person(world.theme, first_name="Uusi", region=world.lappi)
    assert len(client.get(answer.url).context["object_list"]) == 2
    changed = client.post(reverse("contacts_segment", args=[segment.pk]), typed(world, **{"g0-0-not": "on"}))
    assert changed.status_code == 302
    assert names(Segment.objects.get().rules) == ["Bertta", "Cecilia"]
    assert client.get(reverse("wagtailsnippets_contacts_segment:edit", args=[segment.pk])).url == reverse("contacts_segment", args=[segment.pk])
    listed = client.get(reverse("wagtailsnippets_contacts_segment:list")).content.decode()
    assert "Lappi" in listed
    client.post(reverse("wagtailsnippets_contacts_segment:delete", args=[segment.pk]))
    assert not Segment.objects.exists()


def test_of_organisations(world, cast):
    client = cast.enter(Role.COORDINATORS)
    factories.make_organisation(world.theme, name_fi="Lapin paja", region=world.lappi)
    answer = client.post(f"{reverse(NEW)}?of=organisations", typed(world))
    assert [row.name_fi for row in client.get(answer.url).context["object_list"]] == ["Lapin paja"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"g0-0-value": []}, "g0-0-kind"),
        ({"name": ""}, "name"),
        ({"g0-0-kind": "touched", "g0-0-days": "-3"}, "g0-0-days"),
        ({"g0-0-kind": "touched", "g0-0-days": "3", "g0-0-since": "2026-01-01"}, "g0-0-since"),
        ({"g0-0-kind": "touched", "g0-0-since": "2026-02-01", "g0-0-until": "2026-01-01"}, "g0-0-until"),
        ({"g0-0-kind": "touched", "g0-0-since": "30.2.2026"}, "g0-0-since"),
        ({"g0-0-kind": "missed", "g0-0-goal": "x"}, "g0-0-goal"),
        ({"g0-condition": []}, "group"),
    ],
)
def test_what_is_lacking_is_told_and_the_rest_stays(world, cast, values, told):
    answer = cast.enter(Role.COORDINATORS).post(reverse(NEW), typed(world, **values))
    assert answer.status_code == 422
    assert "error-message" in answer.content.decode() or "help-block" in answer.content.decode() or answer.context["form"].errors
    assert f'name="{told}"' in answer.content.decode()
    assert not Segment.objects.exists()


def test_a_second_segment_of_a_name_is_refused(world, cast):
    client = cast.enter(Role.COORDINATORS)
    client.post(reverse(NEW), typed(world))
    answer = client.post(reverse(NEW), typed(world, name="LAPPI"))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert Segment.objects.count() == 1


def test_it_is_counted_while_it_is_built(world, cast):
    client = cast.enter(Role.COORDINATORS)
    answer = client.post(f"{reverse(COUNT)}?of=people", typed(world))
    assert answer.context["number"] == 1
    assert client.post(f"{reverse(COUNT)}?of=people", typed(world, **{"g0-0-value": []})).context["number"] == 3
    assert client.post(f"{reverse(COUNT)}?of=nobody", {"group": ["0"] * 500, "g0-condition": ["x"] * 500}).status_code == 200


def test_buttons_that_are_none_do_nothing(world):
    for button in ("", "add-9", "remove-0", "remove-0-9", "drop-0", "add-x", "group-", "join"):
        asked = rules(one("email"))
        forms.press(asked, button, {}, PEOPLE)
        assert asked["groups"][0] == rules(one("email"))["groups"][0]


def test_two_queries_of_a_count_whatever_there_is(world):
    def asked():
        with CaptureQueriesContext(connection) as found:
            matching(PEOPLE, rules(one("region", values=[str(world.lappi.pk)]), one("touched", kinds=["met"], days="30", negated=True))).count()
        return len(found)

    few = asked()
    for _number in range(20):
        factories.make_person(world.theme, region=world.lappi)
    assert asked() == few


def test_who_may(world, cast):
    for role in (Role.COMMUNICATIONS, Role.ORGANISERS):
        client = cast.enter(role)
        assert client.get(reverse(NEW)).status_code in (302, 403)
        assert client.post(reverse(COUNT), typed(world)).status_code in (302, 403)
