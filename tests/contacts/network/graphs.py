"""Graphs that everybody knows, and some made ones, as ties of a theme."""

from __future__ import annotations

import networkx as nx

from contacts.models import Organisation, Person, Tie
from tests import factories


def les_miserables():
    """Without its weights: the metrics ask who is tied to whom."""
    return nx.Graph(list(nx.les_miserables_graph().edges()))


KNOWN = {
    "karate club": nx.karate_club_graph,
    "Les Misérables": les_miserables,
    "Davis": nx.davis_southern_women_graph,
    "Florentine families": nx.florentine_families_graph,
    "two that know each other": lambda: nx.path_graph(2),
    "star": lambda: nx.star_graph(9),
    "ring": lambda: nx.cycle_graph(11),
    "everybody knows everybody": lambda: nx.complete_graph(8),
    "two groups and a bridge": lambda: nx.barbell_graph(6, 1),
    "small world": lambda: nx.connected_watts_strogatz_graph(60, 4, 0.2, seed=4),
    "some know many": lambda: nx.barabasi_albert_graph(80, 2, seed=7),
    "several parts": lambda: nx.disjoint_union_all([nx.path_graph(4), nx.cycle_graph(5), nx.complete_graph(3), nx.path_graph(2)]),
}


def tie_up(theme, made):
    """Every third is an organisation. The graph's nodes by the id of an export."""
    contacts = {}
    for number, node in enumerate(made):
        contacts[node] = factories.make_organisation(theme) if number % 3 == 2 else factories.make_person(theme, external_id=f"x{number}")
    Tie.objects.bulk_create(Tie(theme=theme, strength=0.5, **ends(contacts[one], contacts[other])) for one, other in made.edges())
    return {id_of(contact): node for node, contact in contacts.items()}


def ends(one, other):
    return {own_end(one): one, f"other_{own_end(other)}": other}


def own_end(contact):
    return "person" if isinstance(contact, Person) else "organisation"


def id_of(contact):
    return f"{'organisation' if isinstance(contact, Organisation) else 'person'}:{contact.pk}"
