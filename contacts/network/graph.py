"""The ties of a theme as an undirected graph without loops, each pair once, whatever ties it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from contacts.models import Organisation, Person, Tie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from themes.models import Theme

BATCH = 20_000
# A contact's number and whether it is an organisation, in one whole number; a pair is two of these in one.
BITS = 64
LOW = (1 << BITS) - 1


class Contact(NamedTuple):
    is_organisation: bool
    pk: int

    @property
    def id(self) -> str:
        """As exports have it. The two tables count apart."""
        return f"{'organisation' if self.is_organisation else 'person'}:{self.pk}"


@dataclass(frozen=True)
class Graph:
    """Pairs are places in `contacts`; `strengths` are theirs, above 0 up to 1. Contacts without a tie are not in it."""

    contacts: list[Contact]
    pairs: list[tuple[int, int]]
    strengths: list[float]


def read(theme: Theme, today: date | None = None) -> Graph:
    """The ties in force on the day. One query; the same ties give the same graph, in the same order."""
    ends = ("person_id", "organisation_id", "other_person_id", "other_organisation_id", "strength")
    rows = Tie.objects.filter(theme=theme).current(today or timezone.localdate()).order_by().values_list(*ends)
    return joined(rows.iterator(chunk_size=BATCH))


def joined(rows: Iterable[tuple[int | None, int | None, int | None, int | None, float]]) -> Graph:
    """Of several ties of two contacts, each as a chance that they work together: that at least one of them holds.

    Half a million are joined in two seconds: a contact is one whole number meanwhile, and so is a pair.
    """
    apart: dict[int, float] = {}
    for person, organisation, other_person, other_organisation, strength in rows:
        one, other = _number(person, organisation), _number(other_person, other_organisation)
        pair = one << BITS | other if one < other else other << BITS | one
        apart[pair] = apart.get(pair, 1.0) * (1.0 - strength)
    numbers = sorted({pair >> BITS for pair in apart} | {pair & LOW for pair in apart})
    place = {number: at for at, number in enumerate(numbers)}
    contacts = [Contact(bool(number & 1), number >> 1) for number in numbers]
    pairs = sorted(apart)
    return Graph(contacts, [(place[pair >> BITS], place[pair & LOW]) for pair in pairs], [1.0 - apart[pair] for pair in pairs])


def _number(person: int | None, organisation: int | None) -> int:
    return person << 1 if person else (organisation or 0) << 1 | 1


class Named(NamedTuple):
    name: str
    external_id: str = ""


def names_of(contacts: Iterable[Contact]) -> Mapping[Contact, Named]:
    """Two queries for each BATCH of them. One who is gone meanwhile is missing."""
    found: dict[Contact, Named] = {}
    wanted = list(contacts)
    for is_organisation in (False, True):
        numbers = [contact.pk for contact in wanted if contact.is_organisation is is_organisation]
        for start in range(0, len(numbers), BATCH):
            found |= _names(numbers[start : start + BATCH], is_organisation=is_organisation)
    return found


def _names(numbers: list[int], *, is_organisation: bool) -> dict[Contact, Named]:
    if is_organisation:
        rows = Organisation.objects.filter(pk__in=numbers).only("name_fi", "name_sv", "name_en")
        return {Contact(True, row.pk): Named(str(row)) for row in rows}
    people = Person.objects.filter(pk__in=numbers).only("first_name", "last_name", "email", "external_id")
    return {Contact(False, row.pk): Named(str(row), row.external_id) for row in people}
