"""Who stands in the register twice. `make bench-duplicates` measures the whole of what these look at a part of."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from contacts.duplicates import words
from contacts.duplicates.finding import pairs_of_people
from contacts.duplicates.records import PersonRecord, number_of
from contacts.models import ContactPoint, Person, Role
from tests import factories
from tests.contacts.corpus import UNSEEN
from tests.contacts.corpus.scoring import score_febrl, score_people


def test_people_of_an_unseen_seed_are_found() -> None:
    found = score_people(UNSEEN[0], 2_000)
    assert found.precision >= 0.98
    assert found.recall >= 0.91


def test_febrl_is_found() -> None:
    found = score_febrl(1)
    assert found.precision >= 0.99
    assert found.recall >= 0.93


def crowd() -> list[PersonRecord]:
    """Other people, of other names."""
    names = ("Aalto", "Berg", "Eskola", "Forsman", "Harju", "Ikonen", "Jokinen", "Kallio", "Lahti", "Moilanen")
    return [PersonRecord(1000 + place, f"Etu{place}", f"{name}{place}", [f"{place}@example.org"]) for place, name in enumerate(names * 20)]


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        # One address, and a name as it is said: the same.
        (("Johanna", "Sjöberg", ["j@example.org"]), ("Hanna", "Sjoberg", ["J@example.org"]), True),
        # First and last name in each other's place.
        (("Aino", "Wirtanen", [], ["040 123 4567"]), ("Virtanen", "Aino", [], ["+358401234567"]), True),
        # Married, with the old address.
        (("Ritva-Liisa", "Hakola", ["ritva@example.org"]), ("Ritva-Liisa", "Niemi", ["ritva@example.org"]), True),
        # Married too, and first and last name in each other's place; the register says which is which.
        (("Lipponen", "Etu7", ["a@example.org"], [], ["Paja Oy"]), ("Etu7", "Lahti8", ["a@example.org"], [], ["Paja Oy"]), True),
        # Married; an address has the name that the other record still has.
        (("Pauliina", "Mattila", ["psimonen@example.org"], [], ["Paja Oy"]), ("Pauliina", "Simonen", [], ["040 123 4567"], ["Paja Oy"]), True),
        # A short name, with its letters in the wrong order.
        (("Gnu", "Salmi", [], ["040 123 4567"], [], "Pori"), ("Gun", "Salmi", [], ["0401234567"], [], "Pori"), True),
        # The first name stands in the address alone, and is another one than the family's with the same telephone.
        (("", "Korhonen", ["uolevikorhonen@example.org"], ["040 123 4567"]), ("Johannes", "Korhonen", [], ["040 123 4567"]), False),
        # A town in two languages.
        (("Göran", "Lillkvist", [], [], ["Eko Oy"], "Turku"), ("Goran", "Lillqvist", [], [], ["EKO"], "Åbo"), True),
        # A family with one address; namesakes; a switchboard's two.
        (("Timo", "Raitio", ["raitio@example.org"], [], [], "Lahti"), ("Sirpa", "Raitio", ["raitio@example.org"], [], [], "Lahti"), False),
        (("Anna", "Korhonen", ["a@example.org"], [], ["Yksi"], "Oulu"), ("Anna", "Korhonen", ["b@example.org"], [], ["Kaksi"], "Pori"), False),
        (("Kari", "Mäki", [], ["09 1234567"], ["Yksi"]), ("Outi", "Salo", [], ["09 1234567"], ["Yksi"]), False),
    ],
)
def test_of_two_records(one: tuple[object, ...], other: tuple[object, ...], is_one: bool) -> None:
    found = pairs_of_people([PersonRecord(1, *one), PersonRecord(2, *other), *crowd()])  # type: ignore[arg-type]
    assert [(pair.left, pair.right) for pair in found if pair.left == 1] == [(1, 2)] * is_one


def test_words() -> None:
    assert {number_of(text) for text in ("0401234567", "+358 40 123 4567", "00358401234567", "040-123 4567")} == {"401234567"}
    assert number_of("112") == ""
    assert words.town("Åbo") == words.town("TURKU") == "turku"
    assert words.core("Työpaja Oy") == words.core("TYOPAJA") == "tyopaja"
    assert words.core("Oy Ab") == "oy ab"
    assert set(words.called("hanna")) & set(words.called("johanna"))
    assert words.first_in_mails("korhonen", ["info@x.example", "uolevi.korhonen@x.example"]) == "uolevi"
    assert words.first_in_mails("korhonen", ["korhonenu12@x.example", "a@x.example"]) == ""
    assert {
        name for mail in ("p.simonen", "psimonen3", "simonenpa", "pauliina.simonen") for name in words.lasts_in_mails("pauliina", "mattila", [mail])
    } >= {"simonen"}
    assert words.lasts_in_mails("pauliina", "simonen", ["psimonen@x.example"]) == []
    assert words.sound("alexandersson") == words.sound("aleksanderson")


@pytest.mark.django_db
class TestTheCommand:
    def test_it_tells_the_pairs_of_one_theme(self) -> None:
        theme, other = factories.make_theme(), factories.make_theme()
        body = factories.make_organisation(theme, name_fi="Työpaja Oy")
        one = factories.make_person(theme, first_name="Aino", last_name="Esimerkki", external_id="a-1", city="Kuopio")
        two = Person.objects.create(theme=theme, first_name="Aino", last_name="Esimrekki", external_id="a-2", city="Kuopio")
        ContactPoint.objects.create(person=two, medium="email", value=one.email.upper())
        Role.objects.create(person=one, organisation=body)
        factories.make_person(theme, first_name="Olli", last_name="Toinen")
        factories.make_person(other, first_name="Aino", last_name="Esimerkki", email=one.email)
        call_command("find_duplicates", theme=theme.key, json=True, stdout=(told := StringIO()))
        [row] = json.loads(told.getvalue())
        assert {row["left_external_id"], row["right_external_id"]} == {"a-1", "a-2"}
        assert 0.7 < row["score"] <= 1

    def test_organisations_and_what_it_cannot_do(self) -> None:
        theme = factories.make_theme()
        factories.make_organisation(theme, key="one", name_fi="Työpaja Pyry Oy", city="Åbo")
        factories.make_organisation(theme, key="two", name_fi="Työpaja Pyry", city="Turku")
        factories.make_organisation(theme, key="three", name_fi="Toinen")
        call_command("find_duplicates", theme=theme.key, organisations=True, json=True, stdout=(told := StringIO()))
        assert [(row["left_external_id"], row["right_external_id"]) for row in json.loads(told.getvalue())] == [("one", "two")]
        with pytest.raises(CommandError, match="probability"):
            call_command("find_duplicates", theme=theme.key, threshold=2.0)
        with pytest.raises(CommandError, match="There is no theme"):
            call_command("find_duplicates", theme="nobody")

    def test_an_empty_register_has_none(self) -> None:
        call_command("find_duplicates", theme=factories.make_theme().key, json=True, stdout=(told := StringIO()))
        assert json.loads(told.getvalue()) == []
