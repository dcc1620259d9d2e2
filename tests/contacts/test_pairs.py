"""Pairs that look alike: found, decided on, merged and undone on the staff's screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from base.roles import Role
from contacts.duplicates import pairs
from contacts.models import ContactPoint, Merge, Pair, Person
from tests import factories

if TYPE_CHECKING:
    from tests.cast import Cast
    from themes.models import Theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme() -> Theme:
    return factories.make_theme()


def alike(theme: Theme, last: str = "Esimerkki") -> tuple[Person, Person]:
    one = factories.make_person(theme, first_name="Aino", last_name=last, city="Kuopio")
    two = factories.make_person(theme, first_name="Aino", last_name=f"{last}n", email=f"{last}@other.example.org".lower())
    ContactPoint.objects.create(person=two, medium="email", value=one.email)
    return one, two


def test_pairs_are_remembered_with_what_was_decided(theme: Theme, cast: Cast) -> None:
    one, two = alike(theme)
    factories.make_organisation(theme, name_fi="Työpaja Pyry Oy", city="Åbo")
    factories.make_organisation(theme, name_fi="Työpaja Pyry", city="Turku")
    pairs.find_in(theme.pk)
    people, bodies = Pair.objects.order_by("organisation_id")
    if people.person_id is None:
        people, bodies = bodies, people
    assert people.both == (one, two)
    pairs.decide(people, Pair.Decision.DIFFERENT, by=None)
    pairs.find_in_all()
    assert list(Pair.objects.waiting()) == [bodies]
    bodies.other_organisation.delete()
    pairs.find_in(theme.pk)
    assert list(Pair.objects.values_list("decision", flat=True)) == ["different"]


def test_a_coordinator_decides_merges_and_undoes(theme: Theme, cast: Cast) -> None:
    one, two = alike(theme)
    alike(theme, "Toinenkin")
    pairs.find_in(theme.pk)
    first, second = Pair.objects.order_by("person")
    client = cast.enter(Role.COORDINATORS)
    assert "Aino Esimerkki – Aino Esimerkkin" in client.get(reverse("contacts_pairs")).content.decode()
    shown = client.get(reverse("contacts_pair", args=[first.pk])).content.decode()
    assert one.email in shown
    assert two.email in shown
    # Put off, it comes after the others.
    answer = client.post(reverse("contacts_pair", args=[first.pk]), {"decision": "later"})
    assert answer.url == reverse("contacts_pair", args=[second.pk])
    answer = client.post(reverse("contacts_pair", args=[second.pk]), {"decision": "different"})
    assert answer.url == reverse("contacts_pair", args=[first.pk])
    # A choice is missing: nothing is merged, and what was chosen is still chosen.
    refused = client.post(reverse("contacts_pair", args=[first.pk]), {"decision": "same", "email": "right"})
    assert refused.status_code == 422
    assert Person.objects.filter(pk=two.pk).exists()
    chosen = {"decision": "same", "last_name": "left", "email": "right", "city": "left", "obtained_at": "left"}
    assert client.post(reverse("contacts_pair", args=[first.pk]), chosen).status_code == 302
    one.refresh_from_db()
    assert (one.last_name, one.email) == ("Esimerkki", two.email)
    # Somebody else with the same pair on the screen is told.
    late = client.post(reverse("contacts_pair", args=[first.pk]), chosen, follow=True)
    assert "joku on yhdistänyt tai poistanut" in late.content.decode()
    merge = Merge.objects.get()
    assert "Aino Esimerkkin" in client.get(reverse("contacts_merges")).content.decode()
    undo = reverse("contacts_undo_merge", args=[merge.pk])
    assert client.get(undo).status_code == 200
    assert client.post(undo).status_code == 302
    assert Person.objects.get(pk=two.pk).email == two.email
    assert "on jo kumottu" in client.post(undo, follow=True).content.decode()


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.ORGANISERS, Role.PROJECTS, None])
def test_others_see_none_of_it(theme: Theme, cast: Cast, role: Role | None) -> None:
    alike(theme)
    pairs.find_in(theme.pk)
    client = cast.enter(role)
    for name, args in (("contacts_pairs", []), ("contacts_pair", [Pair.objects.get().pk]), ("contacts_merges", []), ("contacts_undo_merge", [1])):
        answer = client.get(reverse(name, args=args))
        assert "Esimerkki" not in answer.content.decode()
        assert answer.status_code in (302, 403)


def test_lists_cost_the_same_with_many(theme: Theme, cast: Cast) -> None:
    client, counts = cast.enter(Role.COORDINATORS), []
    # The first answer fills what is read once for a process.
    client.get(reverse("contacts_pairs"))
    for number in (3, 20):
        rows = [factories.make_person(theme) for _ in range(2 * number)]
        Pair.objects.bulk_create(Pair(theme=theme, person=one, other_person=two, score=0.9) for one, two in zip(rows[::2], rows[1::2], strict=True))
        Merge.objects.bulk_create(Merge(theme=theme, person=one, gone="Joku", gone_number=0) for one in rows)
        for name in ("contacts_pairs", "contacts_merges"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(name)).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
