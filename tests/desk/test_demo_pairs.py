"""The demo's people who stand in the register twice."""

from __future__ import annotations

import pytest

from contacts.models import Merge, Pair, Person, Role
from desk.demo import register
from tests import factories


@pytest.mark.django_db
def test_some_stand_twice_and_one_is_merged() -> None:
    theme = factories.make_theme()
    for name in ("Aino", "Bertta", "Cecilia", "Daniel"):
        person = factories.make_person(theme, first_name=name, city="Kuopio")
        Role.objects.create(person=person, organisation=factories.make_organisation(theme))
    register.bring_twice(theme)
    assert Person.objects.count() == 8
    assert Pair.objects.waiting().count() == 4
    register.merge_one(theme)
    assert (Person.objects.count(), Pair.objects.waiting().count(), Merge.objects.standing().count()) == (7, 3, 1)
