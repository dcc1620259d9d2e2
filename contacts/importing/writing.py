"""Writes sorted rows into the register: organisations and people who are new, and on those who are known what was empty. Nothing is overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import slugify

from contacts import purposes, search
from contacts.folding import fold, words_of
from contacts.importing.matching import Fate
from contacts.models import ContactPoint, Filled, Organisation, Person, Role, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from contacts.importing.matching import Sorter, Verdict
    from contacts.importing.rows import Row
    from contacts.models import ContactImport

FILLED = ("external_id", "first_name", "last_name", "email", "city", "region_id")


class Writer:
    """Of one import. Numbers below zero, which rows and new organisations have while they are sorted, become those of the register."""

    def __init__(self, bringing: ContactImport, sorter: Sorter) -> None:
        self.bringing, self.sorter = bringing, sorter
        self.people: dict[int, int] = {}
        self.bodies: dict[int, int] = {}
        self.tags = {fold(tag.name): tag.pk for tag in Tag.objects.filter(theme=bringing.theme)}

    def write(self, verdicts: list[Verdict]) -> None:
        """Counts what became of them on the import, which is not saved. For one transaction."""
        for verdict in verdicts:
            setattr(self.bringing, verdict.fate.value, getattr(self.bringing, verdict.fate.value) + 1)
        coming = [verdict for verdict in verdicts if verdict.fate in (Fate.NEW, Fate.KNOWN)]
        self._make_bodies(coming)
        new = [(verdict, self._person(verdict)) for verdict in coming if verdict.fate is Fate.NEW]
        Person.objects.bulk_create(person for _verdict, person in new)
        self.people |= {verdict.person: person.pk for verdict, person in new}
        old = [(verdict, self.people.get(verdict.person, verdict.person)) for verdict in coming if verdict.fate is Fate.KNOWN]
        found = {person.pk: person for _verdict, person in new} | Person.objects.in_bulk([pk for _verdict, pk in old])
        # Who was deleted this moment gets nothing.
        known = [(verdict, found[pk]) for verdict, pk in old if pk in found]
        self._hold(person for _verdict, person in (*new, *known))
        self._fill(known)
        self._add_rows(new, known)

    def _hold(self, people: Iterable[Person]) -> None:
        """The known too, from now on and beside what they were held for before."""
        if purpose := self.bringing.purpose:
            each = {person.pk: person for person in people}
            purposes.hold(each.values(), purpose, source=self.bringing.source, brought_by=self.bringing)

    def _make_bodies(self, verdicts: list[Verdict]) -> None:
        wanted: dict[int, Organisation] = {}
        for verdict in verdicts:
            row, body = verdict.row, verdict.body
            if body < 0 and body not in self.bodies and body not in wanted:
                key = f"{slugify(row.organisation)[:60] or 'organisation'}-{self.bringing.pk}-{row.number}"
                named = {"name_fi": row.organisation, "business_id": row.business_id, "city": row.city}
                wanted[body] = Organisation(theme=self.bringing.theme, key=key, brought_by=self.bringing, **named)
        made = Organisation.objects.bulk_create(wanted.values())
        self.bodies |= {number: body.pk for number, body in zip(wanted, made, strict=True)}
        self.bringing.organisations += len(made)

    def _body(self, verdict: Verdict) -> int:
        return self.bodies.get(verdict.body, verdict.body)

    def _person(self, verdict: Verdict) -> Person:
        """An address or a number that somebody else has does not become the person's own."""
        row = verdict.row
        person = Person(theme=self.bringing.theme, brought_by=self.bringing)
        for name, value in self._values(row, verdict.person).items():
            setattr(person, name, value)
        person.language = row.language or person.language
        if not (person.first_name or person.last_name or person.email):
            person.last_name = row.emails[0][:100]
        further = [*row.emails, *row.phones, row.title]
        person.sought = person.own_words() + words_of(*further) + self.sorter.words.get(verdict.body, "")
        return person

    def _values(self, row: Row, person: int) -> dict[str, Any]:
        email = row.emails[0] if row.emails and self.sorter.owner(row.emails[0].lower()) == person else ""
        number = row.external_id if self.sorter.owner(f"#{row.external_id}") == person else ""
        values = (number, row.first_name, row.last_name, email, row.city, row.region)
        return dict(zip(FILLED, values, strict=True))

    def _fill(self, pairs: list[tuple[Verdict, Person]]) -> None:
        marks, changed = [], {}
        for verdict, person in pairs:
            for name, value in self._values(verdict.row, verdict.person).items():
                if value and not getattr(person, name):
                    setattr(person, name, value)
                    marks.append(Filled(brought_by=self.bringing, person=person, field=name, value=str(value)))
                    changed[person.pk] = person
        Person.objects.bulk_update(changed.values(), FILLED)
        # What the import itself has made goes with the person.
        Filled.objects.bulk_create((mark for mark in marks if mark.person.brought_by_id != self.bringing.pk), ignore_conflicts=True)

    def _add_rows(self, new: list[tuple[Verdict, Person]], old: list[tuple[Verdict, Person]]) -> None:
        """Roles, further addresses and tags: to the known only what they do not have."""
        touched = {person.pk for _verdict, person in old}
        held = set(Role.objects.filter(person__in=touched).values_list("person", "organisation"))
        roles, points, links, tagged = [], [], set(), Person.tags.through
        for verdict, person in (*new, *old):
            row, body = verdict.row, self._body(verdict)
            if body and (person.pk, body) not in held:
                held.add((person.pk, body))
                term: dict[str, date | None] = {"starts": row.starts, "ends": row.ends}
                roles.append(Role(person=person, organisation_id=body, title=row.title, brought_by=self.bringing, **term))
            for medium, values in (("email", row.emails), ("phone", row.phones)):
                told = [value for value in values if value.lower() != person.email.lower()]
                points += [ContactPoint(person=person, medium=medium, value=value, brought_by=self.bringing) for value in told]
            links |= {(person.pk, self._tag(tag)) for tag in row.tags}
        Role.objects.bulk_create(roles)
        ContactPoint.objects.bulk_create(points, ignore_conflicts=True)
        tagged.objects.bulk_create([tagged(person_id=person, tag_id=tag) for person, tag in links], ignore_conflicts=True)
        search.index_people(touched)

    def _tag(self, name: str) -> int:
        if fold(name) not in self.tags:
            self.tags[fold(name)] = Tag.objects.create(theme=self.bringing.theme, name=name).pk
        return self.tags[fold(name)]
