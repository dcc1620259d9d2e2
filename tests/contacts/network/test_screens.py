"""The staff's screens of the network."""

from __future__ import annotations

import re

import networkx as nx
import pytest
from django.urls import reverse

from base.roles import Role
from contacts.models import Tie
from contacts.network import ego, snapshots
from tests import factories
from tests.contacts.network.graphs import KNOWN, ends, id_of, tie_up

SCREEN = "/admin/contacts/network/"


@pytest.fixture
def theme(db):
    return factories.make_theme()


@pytest.fixture
def staff(cast):
    return cast.enter(Role.COORDINATORS)


def named(answer):
    """Who stands in the first table, in its order."""
    table = answer.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    return re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a>', table)


def test_who_connects_stands_first_and_the_list_is_sorted_by_each_metric(theme, staff):
    made = KNOWN["two groups and a bridge"]()
    name_of = tie_up(theme, made)
    snapshots.take(theme)
    between = nx.betweenness_centrality(made)
    first = staff.get(SCREEN).context["places"][0]["contact"]
    assert between[name_of[id_of(first)]] == max(between.values())
    rows = {row["contact"]: row["position"] for row in staff.get(SCREEN).context["places"]}
    for by, is_first in (("degree", max), ("core", max), ("constraint", min)):
        places = staff.get(SCREEN, {"by": by}).context["places"]
        values = [getattr(row["position"], by) for row in places]
        assert values[0] == is_first(getattr(row, by) for row in rows.values())
        assert values == sorted(values, reverse=is_first is max)


def test_a_community_is_named_after_who_connects_most_in_it_and_narrows_the_list(theme, staff):
    tie_up(theme, KNOWN["karate club"]())
    snapshots.take(theme)
    answer = staff.get(SCREEN)
    groups = answer.context["groups"]
    assert sum(group["size"] for group in groups) == 34
    assert str(theme.people.get(external_id="x0")) in {str(group["around"]) for group in groups}
    narrowed = staff.get(SCREEN, {"community": groups[0]["community"]})
    assert len(narrowed.context["places"]) == groups[0]["size"]
    for wrong in ("x", "-1", "99999999999999999999", "²"):
        assert staff.get(SCREEN, {"community": wrong, "by": "email", "p": "x"}).status_code == 200


def test_each_theme_has_its_own(theme, cast):
    """Communities are numbered within a theme."""
    other = factories.make_theme()
    for one, graph in ((theme, "karate club"), (other, "two groups and a bridge")):
        tie_up(one, KNOWN[graph]())
        snapshots.take(one)
    staff = cast.enter(Role.ADMINISTRATORS)
    first, second = (staff.get(SCREEN, {"theme": one.pk}) for one in (theme, other))
    assert [row["is_chosen"] for row in second.context["themes"]] == [False, True]
    assert sum(group["size"] for group in first.context["groups"]) == 34
    assert {row["contact"].theme_id for row in second.context["places"]} == {other.pk}
    assert f"?theme={other.pk}&amp;by=degree" in second.content.decode()


def test_before_the_first_night_the_screen_says_so(theme, staff):
    assert 'class="table"' not in staff.get(SCREEN).content.decode()


def test_the_table_has_what_the_map_has(theme, staff):
    one, two, body = factories.make_person(theme), factories.make_person(theme), factories.make_organisation(theme)
    for pair, strength in (((one, two), 0.5), ((two, one), 0.5), ((one, body), 0.2), ((two, body), 0.4)):
        Tie.objects.create(theme=theme, strength=strength, kind="advises", **ends(*pair))
    answer = staff.get(ego_of(one))
    assert named(answer) == [str(two), str(body)]
    assert [(row["neighbour"].percent, len(row["neighbour"].among)) for row in answer.context["near"]] == [(75, 1), (20, 1)]
    drawn = answer.context["drawn"]
    assert {node["label"] for node in drawn["nodes"]} == {str(one), str(two), str(body)}
    assert len(drawn["edges"]) == 3
    far = {node["id"]: (node["x"] ** 2 + node["y"] ** 2) ** 0.5 for node in drawn["nodes"]}
    assert far[f"person:{one.pk}"] == 0 < far[f"person:{two.pk}"] < far[f"organisation:{body.pk}"]
    # From an organisation's side, and without any tie.
    assert named(staff.get(ego_of(body))) == [str(two), str(one)]
    assert 'class="table"' not in staff.get(ego_of(factories.make_person(theme))).content.decode()


def ego_of(contact):
    return reverse("contacts_network_of", args=[contact._meta.model_name, contact.pk])


def test_of_many_ties_the_strongest_are_shown_and_the_rest_counted(theme, staff):
    hub = factories.make_person(theme)
    others = [factories.make_organisation(theme) for _ in range(ego.MOST + 2)]
    Tie.objects.bulk_create(Tie(theme=theme, strength=number / 100, **ends(hub, other)) for number, other in enumerate(others))
    found = staff.get(ego_of(hub)).context["ego"]
    assert (len(found.neighbours), found.more) == (ego.MOST, 2)


def test_an_ego_network_takes_as_many_queries_whatever_its_size(theme, django_assert_num_queries):
    tie_up(theme, KNOWN["karate club"]())
    snapshots.take(theme)
    for person in theme.people.filter(external_id__in=("x0", "x4")):
        with django_assert_num_queries(3):
            found = ego.ego_of(person)
    assert found.position.degree == len(found.neighbours)


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.ORGANISERS])
def test_who_does_not_see_the_register_does_not_see_its_network(theme, cast, role):
    person = factories.make_person(theme)
    client = cast.enter(role)
    for path in (SCREEN, ego_of(person)):
        assert client.get(path).status_code in (302, 403)


def test_the_page_of_a_contact_leads_there(theme, staff):
    person = factories.make_person(theme)
    page = staff.get(reverse("wagtailsnippets_contacts_person:inspect", args=[person.pk])).content.decode()
    assert ego_of(person) in page
    assert staff.get(f"{SCREEN}network/{person.pk}/").status_code == 404
