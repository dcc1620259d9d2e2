"""Rows that are copied into the database are as those that were created one by one."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from base import copying
from contacts.models import Organisation, Person, Role
from tests import factories

NAMES = ("id", "key", "theme_id", "obtained_at", "last_name", "sought")


@pytest.fixture
def theme(db):
    return factories.make_theme()


def test_what_is_not_named_has_the_defaults_of_the_model(theme):
    (pk,) = copying.numbers(Person, 1)
    key, now = uuid4(), timezone.now()
    copying.copy(Person, NAMES, [(pk, key, theme.pk, now, 'Tab\there\\ "ja" Ö', " tab")])
    person = Person.objects.get()
    assert (person.pk, person.key, person.obtained_at, person.last_name) == (pk, key, now, 'Tab\there\\ "ja" Ö')
    made = Person.objects.create(theme=theme, last_name="Salo")
    for field in ("language", "languages", "region", "target_group", "from_others", "links_from", "brought_by"):
        assert getattr(person, field) == getattr(made, field), field
    assert made.pk > pk


def test_numbers_are_given_once_and_days_come_back(theme):
    first = factories.make_person(theme)
    body = factories.make_organisation(theme)
    numbers = copying.numbers(Person, 3)
    assert len({first.pk, *numbers}) == 4
    assert copying.numbers(Organisation, 0) == []
    copying.copy(Role, ("person_id", "organisation_id", "starts", "ends"), [(first.pk, body.pk, date(2026, 3, 1), None)])
    role = Role.objects.get()
    assert (role.starts, role.ends, role.title) == (date(2026, 3, 1), None, "")


def test_constraints_hold_and_what_tells_rows_apart_must_be_named(theme):
    (pk,) = copying.numbers(Person, 1)
    with pytest.raises(TypeError):
        copying.copy(Person, ("id", "theme_id", "last_name"), [(pk, theme.pk, "Salo")])
    with pytest.raises(IntegrityError), transaction.atomic():
        copying.copy(Person, NAMES, [(pk, uuid4(), theme.pk, timezone.now(), "", "")])
    assert not Person.objects.exists()
