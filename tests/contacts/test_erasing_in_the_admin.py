"""Deleting a person in the admin is erasing them: everywhere, and by whichever button."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from base.roles import Role
from contacts.merging import actions as merging
from contacts.models import Person
from contacts.wagtail_hooks import erase_people
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


def test_who_erases_somebody_that_is_another_by_now_is_told(person, cast, rf):
    """The rows were read before the colleague's merge, and are erased after it."""
    other = factories.make_person(person.theme, last_name="Toinen")
    request = rf.post("/")
    request.user = cast.user(Role.ADMINISTRATORS)
    request.session = SessionStore()
    request._messages = FallbackStorage(request)
    stale = Person.objects.get(pk=person.pk)
    merging.merge(winner=other, loser=person, by=None)
    assert erase_people(request, [stale]).status_code == 302
    assert [message.level_tag for message in get_messages(request)] == ["error"]
    assert Person.objects.get() == other
    assert Registration.objects.get().person == other
