"""Writes sorted rows into the register: organisations and people who are new, and on those who are known what was empty. Nothing is overwritten.

Of a large file most people are new, and nobody else has their numbers yet: they and what belongs to them are copied (`base.copying`).
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import timezone
from django.utils.text import slugify

from base import copying
from contacts import purposes, search
from contacts.folding import fold, words_of
from contacts.importing.matching import Fate
from contacts.models import ContactPoint, Filled, Organisation, Person, Role, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contacts.importing.bodies import NewBody
    from contacts.importing.matching import Sorter, Verdict
    from contacts.importing.rows import Row
    from contacts.models import ContactImport

FILLED = ("external_id", "first_name", "last_name", "email", "city", "region_id")
PERSON = ("id", "key", "theme_id", "brought_by_id", "obtained_at", *FILLED, "language", "sought")
BODY = ("id", "theme_id", "brought_by_id", "key", "parent_id", "name_fi", "business_id", "city", "sought")
ROLE = ("person_id", "organisation_id", "title", "starts", "ends", "brought_by_id")
POINT = ("person_id", "medium", "value", "brought_by_id")


class Writer:
    """Of one import. Numbers below zero, which rows and new organisations have while they are sorted, become those of the register."""

    def __init__(self, bringing: ContactImport, sorter: Sorter) -> None:
        self.bringing, self.sorter = bringing, sorter
        # By their numbers of the file, in eight octets each.
        self.people, self.bodies = array("q"), array("q")
        self.tags = {fold(tag.name): tag.pk for tag in Tag.objects.filter(theme=bringing.theme)}
        self.language = Person._meta.get_field("language").get_default()

    def write(self, verdicts: list[Verdict]) -> None:
        """Counts what became of them on the import, which is not saved. For one transaction."""
        for verdict in verdicts:
            setattr(self.bringing, verdict.fate.value, getattr(self.bringing, verdict.fate.value) + 1)
        self._make_bodies(self.sorter.bodies.take())
        new = self._make_people([verdict for verdict in verdicts if verdict.fate is Fate.NEW])
        self._copy_rows(new)
        old = [(verdict, _number(self.people, verdict.person)) for verdict in verdicts if verdict.fate is Fate.KNOWN]
        if old:
            found = Person.objects.in_bulk([pk for _verdict, pk in old])
            # Who was deleted this moment gets nothing.
            self._add_to([(verdict, found[pk]) for verdict, pk in old if pk in found])
        self._tag([*new, *((verdict, pk) for verdict, pk in old if pk in found)] if old else new)

    # ---- who and what is new
    def _make_bodies(self, new: list[NewBody]) -> None:
        rows = []
        for body, pk in zip(new, copying.numbers(Organisation, len(new)), strict=True):
            _keep(self.bodies, body.number, pk)
            row, parent = body.row, _number(self.bodies, body.parent) or None
            key = f"{slugify(body.name)[:55] or 'organisation'}-{self.bringing.pk}-{row.number}-{-body.number}"
            business_id = "" if parent else row.business_id
            sought = words_of(body.name, business_id, row.city)
            # A new unit closes no circle: nothing is below it but what is new too.
            rows.append((pk, self.bringing.theme_id, self.bringing.pk, key, parent, body.name, business_id, row.city, sought))
        copying.copy(Organisation, BODY, rows)
        self.bringing.organisations += len(rows)

    def _make_people(self, verdicts: list[Verdict]) -> list[tuple[Verdict, int]]:
        """With their numbers."""
        new = list(zip(verdicts, copying.numbers(Person, len(verdicts)), strict=True))
        for verdict, pk in new:
            _keep(self.people, verdict.person, pk)
        copying.copy(Person, PERSON, self._people(new))
        if purpose := self.bringing.purpose:
            purposes.hold_new((pk for _verdict, pk in new), purpose, source=self.bringing.source, brought_by=self.bringing)
        return new

    def _people(self, new: list[tuple[Verdict, int]]) -> Iterator[tuple[Any, ...]]:
        bringing, now = self.bringing, timezone.now()
        for verdict, pk in new:
            row = verdict.row
            number, first, last, email, city, region = self._values(row, verdict.person)
            if not (first or last or email):
                last = row.emails[0][:100]
            sought = words_of(first, last, email, city, *row.emails, *row.phones, row.title) + self.sorter.bodies.words.get(verdict.body, "")
            values = (number, first, last, email, city, region, row.language or self.language, sought)
            yield pk, uuid4(), bringing.theme_id, bringing.pk, now, *values

    def _values(self, row: Row, person: int) -> tuple[str, str, str, str, str, int | None]:
        """As FILLED. An address or a number that somebody else has does not become the person's own."""
        email = row.emails[0] if row.emails and self.sorter.owner(row.emails[0].lower()) == person else ""
        number = row.external_id if row.external_id and self.sorter.owner(f"#{row.external_id}") == person else ""
        return number, row.first_name, row.last_name, email, row.city, row.region

    def _copy_rows(self, new: list[tuple[Verdict, int]]) -> None:
        bringing, roles, points = self.bringing.pk, [], []
        for verdict, pk in new:
            row = verdict.row
            if verdict.body:
                roles.append((pk, _number(self.bodies, verdict.body), row.title, row.starts, row.ends, bringing))
            points += [(pk, medium, value, bringing) for medium, value in self._points(verdict, self._values(row, verdict.person)[3])]
        copying.copy(Role, ROLE, roles)
        copying.copy(ContactPoint, POINT, points)

    def _points(self, verdict: Verdict, email: str) -> list[tuple[str, str]]:
        """(medium, address) of each that is not the person's first, once."""
        row, own = verdict.row, email.lower()
        told = {("email", value.lower()): ("email", value) for value in row.emails if value.lower() != own}
        return [*told.values(), *{("phone", value.lower()): ("phone", value) for value in row.phones}.values()]

    # ---- those who are known
    def _add_to(self, known: list[tuple[Verdict, Person]]) -> None:
        """Only what they do not have. They are held for the purpose too, from now on and beside what they were held for before."""
        if purpose := self.bringing.purpose:
            each = {person.pk: person for _verdict, person in known}
            purposes.hold(each.values(), purpose, source=self.bringing.source, brought_by=self.bringing)
        search.index_people(self._fill(known) | self._add_rows(known))

    def _fill(self, pairs: list[tuple[Verdict, Person]]) -> set[int]:
        """The numbers of those who have got something."""
        marks, changed = [], {}
        for verdict, person in pairs:
            for name, value in zip(FILLED, self._values(verdict.row, verdict.person), strict=True):
                if value and not getattr(person, name):
                    setattr(person, name, value)
                    marks.append(Filled(brought_by=self.bringing, person=person, field=name, value=str(value)))
                    changed[person.pk] = person
        Person.objects.bulk_update(changed.values(), FILLED)
        # What the import itself has made goes with the person.
        Filled.objects.bulk_create((mark for mark in marks if mark.person.brought_by_id != self.bringing.pk), ignore_conflicts=True)
        return set(changed)

    def _add_rows(self, pairs: list[tuple[Verdict, Person]]) -> set[int]:
        """Roles and further addresses. The numbers of those who have got one."""
        people = {person.pk for _verdict, person in pairs}
        held = set(Role.objects.filter(person__in=people).values_list("person", "organisation"))
        has = {
            (pk, medium, value.lower())
            for pk, medium, value in ContactPoint.objects.filter(person__in=people).values_list("person", "medium", "value")
        }
        roles, points = [], []
        for verdict, person in pairs:
            row, body = verdict.row, _number(self.bodies, verdict.body)
            if body and (person.pk, body) not in held:
                held.add((person.pk, body))
                term = {"starts": row.starts, "ends": row.ends}
                roles.append(Role(person=person, organisation_id=body, title=row.title, brought_by=self.bringing, **term))
            for medium, value in self._points(verdict, person.email):
                if (person.pk, medium, value.lower()) not in has:
                    points.append(ContactPoint(person=person, medium=medium, value=value, brought_by=self.bringing))
        Role.objects.bulk_create(roles)
        # Somebody may have typed it this moment.
        ContactPoint.objects.bulk_create(points, ignore_conflicts=True)
        return {role.person_id for role in roles} | {point.person_id for point in points}

    # ---- both
    def _tag(self, pairs: list[tuple[Verdict, int]]) -> None:
        tagged = Person.tags.through
        links = dict.fromkeys((person, self._tag_named(tag)) for verdict, person in pairs for tag in verdict.row.tags)
        tagged.objects.bulk_create((tagged(person_id=person, tag_id=tag) for person, tag in links), ignore_conflicts=True)

    def _tag_named(self, name: str) -> int:
        if fold(name) not in self.tags:
            self.tags[fold(name)] = Tag.objects.create(theme=self.bringing.theme, name=name).pk
        return self.tags[fold(name)]


def _keep(kept: array[int], number: int, pk: int) -> None:
    """`number` is below zero."""
    if len(kept) <= -number:
        kept.extend([0] * (1 - number - len(kept)))
    kept[-number] = pk


def _number(kept: array[int], number: int) -> int:
    """Of the register: itself, unless it is one of the file's. 0 where that never came."""
    return kept[-number] if number < 0 and -number < len(kept) else max(number, 0)
