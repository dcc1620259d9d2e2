"""A contact is found while its name is typed: letters, order of words, slips of the fingers, and what must not be found."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from base.bounds import within
from base.roles import Role
from contacts import people, search
from contacts.folding import fold
from contacts.models import ContactPoint, Organisation, Person
from contacts.models import Role as Post
from tests import factories

NAMES = [
    ("Aino", "Häkkinen"), ("Åke", "Öström"), ("Sirkka-Liisa", "Wirtanen"), ("Günther", "Größe"), ("Søren", "Ærø"), ("Mikko", "Mäkeläinen"),
    ("Aimo", "Hakala"),
]  # fmt: skip


@pytest.fixture
def theme(db):
    theme = factories.make_theme()
    for number, (first_name, last_name) in enumerate(NAMES):
        factories.make_person(theme, first_name=first_name, last_name=last_name, email=f"posti{number}@esimerkki.example")
    return theme


def names(typed):
    return [found.contact.last_name for found in search.find(typed) if isinstance(found.contact, Person)]


@pytest.mark.parametrize(
    ("typed", "last_name"),
    [
        ("häkk", "Häkkinen"), ("hakki", "Häkkinen"), ("HÄKKINEN AINO", "Häkkinen"), ("aino h", "Häkkinen"), ("h aino", "Häkkinen"),
        ("ostrom", "Öström"), ("åke", "Öström"), ("virtanen", "Wirtanen"), ("liisa", "Wirtanen"), ("sirkka-li", "Wirtanen"), ("grosse", "Größe"),
        ("soren", "Ærø"), ("aero", "Ærø"), ("posti5", "Mäkeläinen"), ("posti5@esimerkki.example", "Mäkeläinen"),
    ],
)  # fmt: skip
def test_beginnings_of_words_are_enough(theme, typed, last_name):
    found = search.find(typed)
    assert last_name in [row.contact.last_name for row in found if not row.is_near]


@pytest.mark.parametrize(
    ("typed", "last_name"),
    [
        ("hakinnen", "Häkkinen"), ("häkinen", "Häkkinen"), ("virtannen", "Wirtanen"), ("vritanen", "Wirtanen"), ("mäkeläine mikk", "Mäkeläinen"),
        ("makelianen", "Mäkeläinen"), ("ostromm", "Öström"), ("ainoo häkkinen", "Häkkinen"),
    ],
)  # fmt: skip
def test_slips_of_the_fingers_are_forgiven(theme, typed, last_name):
    assert last_name in names(typed)


@pytest.mark.parametrize("typed", ["", "a", " ", "%", "__", "\0", "ei ketään", "posti5 häkkinen", "x" * 500, "') OR 1=1 --"])
def test_nothing_is_found_by_nothing(theme, typed):
    assert names(typed) == []


def test_what_is_found_follows_what_changes(theme):
    body = factories.make_organisation(theme, name_fi="Kuusiharjun Konepaja", name_sv="Granås Verkstad")
    person = Person.objects.get(last_name="Hakala")
    post = Post.objects.create(person=person, organisation=body, title="Luottamusmies")
    point = ContactPoint.objects.create(person=person, value="+358 40 7654321")
    for typed in ("kuusih", "granas", "luottamus", "7654321"):
        assert names(typed) == ["Hakala"], typed
    assert [row.where for row in search.find("hakala")] == ["Luottamusmies, Kuusiharjun Konepaja"]
    body.name_fi = "Peltolan Paja"
    body.save()
    assert names("peltolan") == ["Hakala"]
    assert names("kuusih") == []
    post.delete()
    point.delete()
    assert names("peltolan") == names("7654321") == []
    person.last_name = "Salo"
    person.save()
    assert names("salo") == ["Salo"]
    Person.objects.bulk_create([Person(theme=theme, first_name="Joukko")])
    assert len(names("joukko")) == 1
    Post.objects.create(person=person, organisation=body)
    people.merge_people(winner=Person.objects.get(last_name="Wirtanen"), loser=person)
    assert names("peltolan") == ["Wirtanen"]
    people.erase_person(Person.objects.get(last_name="Wirtanen"))
    assert names("peltolan") == names("wirtanen") == []
    assert [row.contact for row in search.find("peltolan")] == [Organisation.objects.get()]


def test_another_themes_contacts_are_not_found(theme):
    with within(factories.make_theme().pk):
        assert search.find("häkkinen") == search.find("häkkkinen") == []


def test_the_screen_without_scripts(theme, cast):
    client, page = cast.enter(Role.COORDINATORS), reverse("contacts_search")
    shown = client.get(page, {"q": "häkk <"}).content.decode()
    assert "Häkkinen" in shown
    assert "häkk <" not in shown
    assert "Häkkinen" in client.get(reverse("wagtailsnippets_contacts_person:list"), {"q": "hakkinen ai"}).content.decode()
    assert "Wirtanen" in client.get(reverse("contacts_search_answers"), {"q": "virtannen"}).content.decode()
    client = cast.enter(Role.COMMUNICATIONS)
    for address in (page, reverse("contacts_search_answers")):
        assert client.get(address, {"q": "häkk"}).status_code in (302, 403)


@given(text=st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
