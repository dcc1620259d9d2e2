"""The network kept night by night: small, without gaps, and gone with the person."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import networkx as nx
import pytest
from django.core.management import call_command

from base.tasks import in_this_process
from contacts import people
from contacts.models import Membership, Network, NetworkPosition, NetworkSnapshot, Tie
from contacts.network import snapshots
from tests import factories
from tests.contacts.network.graphs import KNOWN, ends, tie_up

NIGHT = date(2026, 3, 1)
NEXT = NIGHT + timedelta(days=1)


@pytest.fixture
def theme(db):
    return factories.make_theme()


def test_a_snapshot_has_everybody_s_metrics(theme):
    made = KNOWN["karate club"]()
    tie_up(theme, made)
    kept = snapshots.take(theme, NIGHT).snapshot
    assert (kept.contacts, kept.ties, kept.parts, kept.day) == (34, 78, 1, NIGHT)
    assert sorted(NetworkPosition.objects.values_list("betweenness", flat=True)) == pytest.approx(sorted(nx.betweenness_centrality(made).values()))


def test_a_night_without_changes_writes_nothing(theme):
    tie_up(theme, KNOWN["Les Misérables"]())
    snapshots.take(theme, NIGHT)
    before = list(NetworkPosition.objects.order_by("pk").values())
    assert snapshots.take(theme, NEXT).written == 0
    assert list(NetworkPosition.objects.order_by("pk").values()) == before
    assert NetworkSnapshot.objects.count() == 2


def test_what_changes_is_kept_as_it_was_and_as_it_is(theme):
    tie_up(theme, KNOWN["two groups and a bridge"]())
    snapshots.take(theme, NIGHT)
    newcomer, someone = factories.make_person(theme), theme.people.order_by("pk").first()
    left = Tie.objects.of_person(someone).first()
    Tie.objects.create(theme=theme, **ends(newcomer, someone))
    left.ends = NIGHT
    left.save()
    snapshots.take(theme, NEXT)
    now = NetworkPosition.objects.current().get(person=newcomer)
    assert (now.since, now.degree, now.core) == (NEXT, 1, 1)
    assert not NetworkPosition.objects.on(NIGHT).filter(person=newcomer).exists()
    was = NetworkPosition.objects.on(NIGHT).get(person=someone)
    assert (was.since, was.until) == (NIGHT, NEXT)
    assert NetworkPosition.objects.on(NEXT).count() == NetworkPosition.objects.on(NIGHT).count() + 1


def test_whoever_has_no_tie_any_more_has_no_position(theme):
    one, other = factories.make_person(theme), factories.make_person(theme)
    Tie.objects.create(theme=theme, ends=NIGHT, **ends(one, other))
    snapshots.take(theme, NIGHT)
    snapshots.take(theme, NEXT)
    assert (NetworkPosition.objects.on(NIGHT).count(), NetworkPosition.objects.current().count()) == (2, 0)


def test_a_second_snapshot_of_a_day_replaces_the_first(theme):
    one, other, third = (factories.make_person(theme) for _ in range(3))
    Tie.objects.create(theme=theme, **ends(one, other))
    snapshots.take(theme, NIGHT)
    Tie.objects.create(theme=theme, **ends(other, third))
    snapshots.take(theme, NIGHT)
    assert NetworkSnapshot.objects.get().contacts == 3
    assert dict(NetworkPosition.objects.values_list("person", "degree")) == {one.pk: 1, other.pk: 2, third.pk: 1}


def test_a_community_keeps_its_number(theme):
    """Whichever is the largest by now: the smaller of two groups grows beyond the other."""
    small = [factories.make_person(theme) for _ in range(4)]
    large = [factories.make_person(theme) for _ in range(6)]

    def all_know(group):
        pairs = [(one, other) for one in group for other in group if one.pk < other.pk]
        Tie.objects.bulk_create(Tie(theme=theme, **ends(*pair)) for pair in pairs if not Tie.objects.filter(**ends(*pair)).exists())

    def numbers(group):
        return set(NetworkPosition.objects.current().filter(person__in=group).values_list("community", flat=True))

    all_know(small)
    all_know(large)
    snapshots.take(theme, NIGHT)
    before = (numbers(small), numbers(large))
    assert before == ({1}, {0})
    all_know(small + [factories.make_person(theme) for _ in range(8)])
    snapshots.take(theme, NEXT)
    assert (numbers(small), numbers(large)) == before


def test_each_night_every_theme_is_counted_anew(theme, django_capture_on_commit_callbacks):
    """From what is shared to the snapshot, by what the worker calls."""
    network = Network.objects.create(theme=theme, name_fi="Ohjausryhmä")
    members = [factories.make_person(theme) for _ in range(3)]
    for person in members:
        Membership.objects.create(network=network, person=person)
    other = factories.make_theme()
    with in_this_process(), django_capture_on_commit_callbacks(execute=True):
        snapshots.renew()
    assert dict(NetworkSnapshot.objects.values_list("theme", "contacts")) == {theme.pk: 3, other.pk: 0}
    assert set(NetworkPosition.objects.values_list("degree", flat=True)) == {2}


def test_the_command_keeps_one(theme):
    tie_up(theme, KNOWN["star"]())
    call_command("network", "--keep", stdout=StringIO())
    assert NetworkSnapshot.objects.get().contacts == 10


def test_a_position_is_given_out_and_erased_with_its_person(theme):
    tie_up(theme, KNOWN["star"]())
    snapshots.take(theme, NIGHT)
    person = theme.people.order_by("pk").first()
    (row,) = people.export_person(person)["contacts.NetworkPosition"]
    assert (row["degree"], row["since"]) == (9, NIGHT)
    people.erase_person(person)
    assert NetworkPosition.objects.count() == 9


def test_of_two_who_become_one_the_winner_s_stays(theme):
    tie_up(theme, KNOWN["star"]())
    snapshots.take(theme, NIGHT)
    winner, loser = theme.people.order_by("pk")[:2]
    people.merge_people(winner=winner, loser=loser)
    assert NetworkPosition.objects.get(person=winner).degree == 9
    snapshots.take(theme, NEXT)
    assert NetworkPosition.objects.current().get(person=winner).degree == 8
