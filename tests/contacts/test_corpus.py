"""The labelled register that duplicates are looked for in: it is what it says that it is."""

from __future__ import annotations

from collections import Counter

from tests.contacts.corpus import TUNED, UNSEEN, make_organisations, make_people


def test_the_same_seed_makes_the_same_people() -> None:
    one, other = make_people(7, 300), make_people(7, 300)
    assert (one.records, one.pairs) == (other.records, other.pairs)
    assert make_people(8, 300).records != one.records
    assert not set(TUNED) & set(UNSEEN)


def test_people_stand_twice_and_none_of_them_is_a_plain_copy() -> None:
    made = make_people(7, 3000)
    by_number = {record.external_id: record for record in made.records}
    assert len(by_number) == len(made.records)
    assert 300 < len(made.pairs) < 600
    both = [(by_number[one], by_number[other]) for one, other in made.pairs]
    same_name = sum((one.first_name, one.last_name) == (other.first_name, other.last_name) for one, other in both)
    same_mail = sum(bool(set(one.emails) & set(other.emails)) for one, other in both)
    assert 0.3 < same_name / len(both) < 0.7
    assert 0.3 < same_mail / len(both) < 0.6


def test_others_only_look_alike() -> None:
    made = make_people(7, 3000)
    firsts = [record for record in made.records if record.external_id.endswith("-0")]
    names = Counter((record.first_name, record.last_name) for record in firsts)
    mails = Counter(mail for record in firsts for mail in record.emails)
    assert sum(number > 1 for number in names.values()) > 60
    assert sum(number > 1 for number in mails.values()) > 20


def test_organisations_stand_twice_and_some_have_the_name_of_another() -> None:
    made = make_organisations(7, 2000)
    names = Counter(body.name for body in made.records if body.external_id.endswith("-0"))
    assert len(made.pairs) > 150
    assert sum(number > 1 for number in names.values()) > 30
    assert {one.partition("-")[0] == other.partition("-")[0] for one, other in made.pairs} == {True}
