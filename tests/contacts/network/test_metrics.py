"""Metrics of the network, beside networkx's."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from io import StringIO

import networkx as nx
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.models import Tie
from contacts.network import graph, metrics
from tests import factories
from tests.contacts.network.graphs import KNOWN, ends, tie_up

NEAR = 1e-9
BY_NETWORKX = {
    "degree": lambda made: dict(made.degree()),
    "betweenness": nx.betweenness_centrality,
    "constraint": nx.constraint,
    "core": nx.core_number,
}


@pytest.fixture
def theme(db):
    return factories.make_theme()


def told(*options):
    out = StringIO()
    call_command("network", "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def check(nodes, made, name_of):
    """`nodes` as the product gives them out, beside networkx on the graph that they are of."""
    assert {name_of[node["id"]] for node in nodes} == set(made)
    for name, measured in BY_NETWORKX.items():
        expected = measured(made)
        for node in nodes:
            value = expected[name_of[node["id"]]]
            assert node[name] == pytest.approx(value, abs=NEAR, rel=NEAR), (name, node)


@pytest.mark.parametrize("make", KNOWN.values(), ids=KNOWN.keys())
def test_metrics_are_networkx_s(theme, make):
    made = make()
    name_of = tie_up(theme, made)
    found = told()
    check(found["nodes"], made, name_of)
    assert (found["contacts"], found["ties"], found["parts"]) == (len(made), made.number_of_edges(), nx.number_connected_components(made))
    members = {}
    for node in found["nodes"]:
        members.setdefault(node["community"], set()).add(name_of[node["id"]])
    assert found["modularity"] == pytest.approx(nx.community.modularity(made, members.values(), weight=None), abs=NEAR)
    # Leiden's promise: nobody is in a community without a way to the others in it.
    assert all(nx.is_connected(made.subgraph(group)) for group in members.values())
    assert [len(members[number]) for number in sorted(members)] == sorted(map(len, members.values()), reverse=True)


@pytest.mark.parametrize("ending", ["graphml", "gexf"])
def test_networkx_reads_what_is_given_out(theme, tmp_path, ending):
    name_of = tie_up(theme, KNOWN["karate club"]())
    person = theme.people.order_by("pk").first()
    # A bell, from some file: XML has no sign for it.
    theme.people.filter(pk=person.pk).update(last_name='Ääri & "Pojat" <oy>\x07')
    file = tmp_path / f"network.{ending}"
    call_command("network", "--export", str(file), stdout=StringIO())
    read = (nx.read_graphml if ending == "graphml" else nx.read_gexf)(file)
    check([{"id": node, **values} for node, values in read.nodes(data=True)], nx.relabel_nodes(read, name_of), name_of)
    nodes = {node["id"]: node for node in told()["nodes"]}
    for node, values in read.nodes(data=True):
        assert dict(values) | {"id": node, "label": nodes[node]["label"]} == {name: value for name, value in nodes[node].items() if value is not None}
    assert read.nodes[f"person:{person.pk}"]["label"] == 'Testi Ääri & "Pojat" <oy>'
    assert not read.is_directed()
    assert {values["weight"] for *_, values in read.edges(data=True)} == {0.5}


def test_several_ties_of_two_are_one_and_stronger_and_what_is_over_is_none(theme):
    one, other, third = factories.make_person(theme), factories.make_organisation(theme), factories.make_person(theme)
    yesterday = timezone.localdate() - timedelta(days=1)
    for strength, pair in ((0.5, (one, other)), (0.5, (other, one)), (0.0, (one, third))):
        Tie.objects.create(theme=theme, strength=strength, **ends(*pair))
    Tie.objects.create(theme=theme, ends=yesterday, **ends(other, third))
    Tie.objects.create(theme=factories.make_theme(), **ends(factories.make_person(theme), factories.make_person(theme)))
    found = graph.read(theme)
    named = [{found.contacts[place].id for place in pair} for pair in found.pairs]
    assert dict(zip(map(frozenset, named), found.strengths, strict=True)) == {
        frozenset({f"person:{one.pk}", f"organisation:{other.pk}"}): 0.75,
        frozenset({f"person:{one.pk}", f"person:{third.pk}"}): 0.0,
    }


def test_reading_takes_one_query(theme, django_assert_num_queries):
    tie_up(theme, KNOWN["karate club"]())
    with django_assert_num_queries(1):
        graph.read(theme)


def test_a_theme_without_ties_has_an_empty_network(theme):
    found = told()
    assert (found["contacts"], found["ties"], found["communities"], found["nodes"]) == (0, 0, 0, [])


@st.composite
def any_graph(draw):
    number = draw(st.integers(2, 14))
    pairs = draw(st.sets(st.tuples(st.integers(1, number), st.integers(1, number)).filter(lambda pair: pair[0] < pair[1]), min_size=1))
    return sorted(pairs)


@settings(deadline=None, max_examples=150)
@given(any_graph())
def test_any_graph_measures_as_networkx_does(pairs):
    found = graph.joined((one, None, other, None, 0.3) for one, other in pairs)
    made = nx.Graph(pairs)
    measured = metrics.measure(found)
    for name, by_networkx in BY_NETWORKX.items():
        expected = by_networkx(made)
        for contact, value in zip(found.contacts, getattr(measured, name), strict=True):
            right = expected[contact.pk]
            assert (value is None and math.isnan(right)) or value == pytest.approx(right, abs=NEAR), name


GRAPHS = {
    "a few know many": lambda: nx.barabasi_albert_graph(2000, 3, seed=1),
    "a few know many, and their friends each other": lambda: nx.powerlaw_cluster_graph(2000, 3, 0.5, seed=4),
    "a small world": lambda: nx.connected_watts_strogatz_graph(2000, 6, 0.1, seed=3),
}


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_sampled_betweenness_says_how_far_off_it_may_be(make):
    found = graph.joined((one + 1, None, other + 1, None, 0.5) for one, other in make().edges())
    exact, sampled = metrics.measure(found), metrics.measure(found, exact_up_to=0)
    assert (exact.sources, set(exact.errors)) == (0, {0.0})
    assert sampled.sources == metrics.BATCHES * metrics.BATCH
    rows = list(zip(exact.betweenness, sampled.betweenness, sampled.errors, strict=True))
    # Few sources say little of who is seldom between others: it is held for those who matter.
    upper = sorted(rows, reverse=True)[: len(rows) // 10]
    assert sum(abs(right - guess) <= 2 * error for right, guess, error in upper) >= 0.95 * len(upper)
    assert sum(abs(right - guess) <= 3 * error for right, guess, error in upper) >= 0.99 * len(upper)
    # And for everybody by the largest.
    assert max(abs(right - guess) for right, guess, _ in rows) < 2 * max(sampled.errors)
    # An error that everything lies within says nothing: it is not above what it is by far.
    assert sum(abs(right - guess) <= 0.5 * error for right, guess, error in upper) < 0.6 * len(upper)
    # Nobody's estimate leans one way: the whole is right.
    assert sum(guess for _, guess, _ in rows) == pytest.approx(sum(right for right, *_ in rows), rel=0.03)
    assert metrics.measure(found, exact_up_to=0) == sampled


def test_sampled_from_all_it_is_exact():
    made = nx.connected_watts_strogatz_graph(metrics.BATCHES * metrics.BATCH + 1, 4, 0.2, seed=4)
    import igraph

    drawn = igraph.Graph(len(made), list(made.edges()))
    number = drawn.vcount()
    estimates, errors, _sources = metrics._sampled(drawn, 2 / ((number - 1) * (number - 2)))
    exact = nx.betweenness_centrality(made)
    assert max(abs(exact[node] - estimates[node]) for node in made) < 0.01
    assert max(errors) < 0.01


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--export", "network.txt"], "name a file that ends in .graphml or .gexf"),
        (["--export", "not/there.gexf"], "No such file or directory"),
        (["--theme", "none"], "There is no theme none."),
    ],
)
def test_the_command_says_what_is_wrong(theme, options, told):
    with pytest.raises(CommandError, match=told):
        call_command("network", *options)


def test_which_theme_is_asked_where_there_are_several(theme):
    factories.make_theme()
    with pytest.raises(CommandError, match="Name the theme"):
        call_command("network")
    assert told("--theme", theme.key)["theme"] == theme.key


def test_people_read_a_table(theme):
    name_of = tie_up(theme, KNOWN["star"]())
    out = StringIO()
    call_command("network", "--top", "1", stdout=out)
    centre = next(id for id, node in name_of.items() if node == 0)
    assert [line.split()[0] for line in out.getvalue().splitlines() if line.startswith(("person:", "organisation:"))] == [centre]
