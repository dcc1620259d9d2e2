"""Deleting a person in the admin is erasing them: everywhere, and by whichever button."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.urls import reverse

from base.roles import Role
from contacts.models import Person
from events import actions
from events.models import Event, Registration
from mail.models import Delivery
from tests import factories

ADDRESS = "aino@example.org"


@pytest.fixture(scope="module")
def made(shared_db):
    theme = factories.make_theme()
    event = factories.make_event_page(factories.make_events_page(factories.make_home(theme)), goals=[factories.make_goal(theme)]).event
    actions.confirm_registration(actions.ask_registration(event=event, email=ADDRESS, first_name="Aino", last_name="Esimerkki", language="fi"))
    return Person.objects.get()


@pytest.fixture
def person(db, made):
    return deepcopy(made)


def one(person):
    return reverse("wagtailsnippets_contacts_person:delete", args=[person.pk])


def many(person):
    return f"{reverse('wagtail_bulk_action', args=['contacts', 'person', 'delete'])}?id={person.pk}"


@pytest.mark.parametrize("path", [one, many])
def test_an_administrator_erases(person, cast, path):
    client = cast.enter(Role.ADMINISTRATORS)
    assert client.get(path(person)).status_code == 200
    assert Person.objects.exists()
    assert client.post(path(person)).status_code == 302
    assert not Person.objects.exists()
    assert not Registration.objects.exists()
    assert Event.objects.get().taken == 0
    assert not Delivery.objects.filter(address=ADDRESS).exists()


@pytest.mark.parametrize("path", [one, many])
def test_a_coordinator_does_not(person, cast, path):
    cast.enter(Role.COORDINATORS).post(path(person))
    assert Person.objects.exists()
