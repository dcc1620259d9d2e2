"""Ticked contacts, and members of networks, as files that other programs read; each on record."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from base.roles import Role
from contacts import exporting
from contacts.importing.columns import guess
from contacts.models import ContactPoint, Membership, Network, Person
from contacts.models import Role as Post
from tests import factories
from tests.contacts.test_bulk import place

NASTY = '=HYPERLINK("http://x.example")'


@pytest.fixture
def theme(db):
    return factories.make_theme()


@pytest.fixture
def aino(theme):
    person = factories.make_person(theme, first_name="Aino", last_name="Öhman; os, \nEsimerkki", email="aino@example.org", city=NASTY)
    Post.objects.create(person=person, organisation=factories.make_organisation(theme, name_fi="Työ & elämä oy"), title="Johtaja")
    ContactPoint.objects.create(person=person, value="+358 40 123", kind="mobile")
    return person


def taken(client, action, rows, kind, model="person"):
    return client.post(place(action, rows, model), {"format": kind})


def rows_of_csv(answer):
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def rows_of_workbook(answer):
    return [list(row) for row in openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)]


def test_ticked_people_as_csv_and_as_a_workbook(theme, aino, cast):
    other, client = factories.make_person(theme, email="muu@example.org"), cast.enter(Role.COORDINATORS)
    sheets = [rows_of_csv(taken(client, "take_along", [aino], "csv")), rows_of_workbook(taken(client, "take_along", [aino], "xlsx"))]
    for head, *rows in sheets:
        assert len(rows) == 1
        told = dict(zip(head, rows[0], strict=True))
        assert told["Sähköposti"] == "aino@example.org"
        assert told["Sukunimi"].startswith("Öhman; os, ")
        assert "Työ & elämä oy" in told.values()
        assert "'+358 40 123" in told.values()
        assert f"'{NASTY}" in told.values()
        assert "muu@example.org" not in told.values()
        assert any(value and value.startswith("Yhteistyö teemassa") for value in told.values())
    entries = ModelLogEntry.objects.filter(action="contacts.exported").order_by("pk")
    assert [(entry.data, entry.user.username, entry.object_id) for entry in entries] == [
        ({"format": kind, "rows": 1, "of": "person"}, "kaisa", str(theme.pk)) for kind in ("csv", "xlsx")
    ]
    assert other.email not in str([entry.data for entry in entries])


def test_no_cell_of_a_workbook_is_a_formula(aino, cast):
    book = openpyxl.load_workbook(BytesIO(taken(cast.enter(Role.COORDINATORS), "take_along", [aino], "xlsx").content))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}


def test_the_headings_are_those_that_an_import_knows(aino):
    columns, _left = guess(exporting.people_table([aino]).head)
    assert {"first_name", "last_name", "email", "phone", "organisation", "title", "city", "region"} <= set(columns)


def test_ticked_people_as_cards(theme, aino, cast):
    other = factories.make_person(theme, email="muu@example.org")
    answer = taken(cast.enter(Role.COORDINATORS), "take_along", [aino, other], "vcf")
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    cards = list(vobject.readComponents(answer.content.decode()))
    assert [(card.version.value, card.email.value) for card in cards] == [("4.0", "muu@example.org"), ("4.0", "aino@example.org")]
    assert cards[1].n.value.family == "Öhman; os, \nEsimerkki"
    assert cards[1].org.value == ["Työ & elämä oy"]
    assert ModelLogEntry.objects.get(action="contacts.exported").data["rows"] == 2


def test_organisations_have_no_cards(theme, cast):
    body, client = factories.make_organisation(theme, name_fi="Satama Ab"), cast.enter(Role.COORDINATORS)
    assert taken(client, "take_along", [body], "vcf", "organisation").status_code == 422
    assert not ModelLogEntry.objects.filter(action="contacts.exported").exists()
    assert rows_of_csv(taken(client, "take_along", [body], "csv", "organisation"))[1][0] == "Satama Ab"
    assert ModelLogEntry.objects.get(action="contacts.exported").data["of"] == "organisation"


def test_members_of_networks_of_today(theme, aino, cast):
    network = Network.objects.create(theme=theme, name_fi="Ohjausryhmä")
    body = factories.make_organisation(theme, name_fi="Satama Ab", email="satama@example.org")
    Membership.objects.create(network=network, person=aino, part="chair")
    Membership.objects.create(network=network, organisation=body)
    Membership.objects.create(network=network, person=factories.make_person(theme), ends="2020-01-01")
    client = cast.enter(Role.COORDINATORS)
    assert "take_members_along" in client.get(reverse("wagtailsnippets_contacts_network:inspect", args=[network.pk])).content.decode()
    rows = rows_of_csv(taken(client, "take_members_along", [network], "csv", "network"))
    assert {(row[0], row[3]) for row in rows[1:]} == {("Ohjausryhmä", "aino@example.org"), ("Ohjausryhmä", "satama@example.org")}
    (card,) = vobject.readComponents(taken(client, "take_members_along", [network], "vcf", "network").content.decode())
    assert card.email.value == "aino@example.org"
    assert [entry.data["of"] for entry in ModelLogEntry.objects.filter(action="contacts.exported").order_by("pk")] == ["membership", "person"]
    empty = Network.objects.create(theme=theme, name_fi="Tyhjä")
    for kind in ("csv", "vcf"):
        assert taken(client, "take_members_along", [empty], kind, "network").status_code == 422
    everything = client.post(place("take_members_along", ["all"], "network", "?kind=steering"), {"format": "csv"})
    assert everything.status_code == 404


def test_whoever_may_not_see_contacts_takes_none_along(theme, aino, cast):
    for role in (Role.ORGANISERS, Role.COMMUNICATIONS):
        client = cast.enter(role)
        answer = taken(client, "take_along", [aino], "csv")
        assert b"aino@example.org" not in answer.content
    assert not ModelLogEntry.objects.filter(action="contacts.exported").exists()


@pytest.mark.parametrize("kind", ["csv", "vcf"])
def test_queries_do_not_grow_with_the_rows(theme, kind):
    def queries(number):
        for _count in range(number):
            person = factories.make_person(theme)
            Post.objects.create(person=person, organisation=factories.make_organisation(theme), title="Johtaja")
            ContactPoint.objects.create(person=person, value="+358 40 123")
        people = list(Person.objects.all())
        with CaptureQueriesContext(connection) as found:
            exporting.file_of(people, kind, by=None, name="x")
        return len(found)

    assert queries(2) == queries(10)
