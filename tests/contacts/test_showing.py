"""People on the site: only those who have agreed, and not a moment longer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from base.roles import Role as StaffRole
from contacts import people, showing
from contacts.blocks import cards, choices
from contacts.models import Consent, Role
from tests import factories


@pytest.fixture
def person(section):
    person = factories.make_person(section.theme, first_name="Maija", last_name="Esimerkki")
    office = factories.make_organisation(section.theme, name_fi="Esimerkkikunta", address="Esimerkkikatu 1, Tampere")
    Role.objects.create(person=person, organisation=office, title="kehittäjä")
    return person


def block(*shown):
    return ("people", {"title": "Kysy lisää", "people": [str(one.key) for one in shown]})


def test_who_has_agreed_is_shown_with_role_and_office(client, section, person):
    consent = showing.allow_showing(person, how="sähköpostilla")
    assert consent.text.startswith("Nimeni")
    assert showing.allow_showing(person, how="uudelleen") == consent
    other = factories.make_person(section.theme, first_name="Pekka", last_name="Piilo")
    text = client.get(factories.make_story(section, body=[block(person, other)]).url).content.decode()
    for words in ("Maija Esimerkki", "kehittäjä", "Esimerkkikunta", "Esimerkkikatu 1, Tampere"):
        assert words in text
    assert "Piilo" not in text
    assert person.email not in text
    assert choices() == [(str(person.key), "Maija Esimerkki")]


def test_who_withdraws_or_is_erased_is_gone_from_the_page_and_was_never_indexed(client, section, person):
    from pages.search.models import Entry

    showing.allow_showing(person, how="sähköpostilla")
    story = factories.make_story(section, body=[("paragraph", "<p>Teksti</p>"), block(person)])
    assert "Esimerkki" in client.get(story.url).content.decode()
    assert not Entry.objects.filter(text__contains="Maija").exists()
    showing.end_showing(person, how="puhelimessa")
    assert Consent.objects.get(person=person).withdrawn_how == "puhelimessa"
    assert "Maija" not in client.get(story.url).content.decode()
    showing.allow_showing(person, how="uudelleen")
    people.erase_person(person)
    assert "Maija" not in client.get(story.url).content.decode()


def test_the_number_of_queries_does_not_grow(section, django_assert_num_queries):
    several = [factories.make_person(section.theme) for _ in range(8)]
    for one in several:
        showing.allow_showing(one, how="testi")
    with django_assert_num_queries(2):
        assert len(cards([str(one.key) for one in several])) == 8


def test_the_agreement_is_written_down_by_who_may_change_people(cast, person):
    address = reverse("contacts_showing", args=[person.pk])
    client = cast.enter(StaffRole.COORDINATORS)
    assert "Nimeni" in client.get(address).content.decode()
    assert client.post(address, {"how": ""}).status_code == 422
    client.post(address, {"how": "Sähköpostilla 12.3."})
    assert showing.consent_of(person).given_how == "Sähköpostilla 12.3."
    client.post(address, {"how": "Puhelimessa 13.3."})
    assert showing.consent_of(person) is None


@pytest.mark.parametrize("role", [StaffRole.COMMUNICATIONS, StaffRole.ORGANISERS, None])
def test_others_may_not(cast, person, role):
    client = cast.enter(role)
    assert client.post(reverse("contacts_showing", args=[person.pk]), {"how": "itse"}).status_code in {302, 403}
    assert showing.consent_of(person) is None
