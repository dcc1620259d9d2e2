"""Bringing the rows of a file into the register. `contacts.importing.undoing` takes a whole import back.

A row whose number or e-mail address is known fills in what was empty on that person, and changes nothing else. One with the name of somebody in the
same organisation is a possible duplicate: it is told and left out, unless duplicates are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from base import spreadsheets
from contacts import search
from contacts.folding import fold, words_of
from contacts.importing.columns import guess
from contacts.importing.rows import Problem, Reader
from contacts.models import ContactImport, ContactPoint, Filled, Organisation, Person, Role, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from base.models import User
    from contacts.importing.rows import Row
    from themes.models import Theme

BATCH = 2000
FILLED = ("external_id", "first_name", "last_name", "city", "region_id")
MOST_TOLD = 1000


class Duplicate(NamedTuple):
    """A row that is like a person in the register: of the same name in the same organisation."""

    row: int
    name: str
    person: int
    person_name: str


@dataclass
class Report:
    """`left` are headings that say nothing. At most MOST_TOLD problems and duplicates are kept; the numbers of the import count all."""

    bringing: ContactImport
    left: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)


@dataclass(frozen=True)
class Why:
    """Why the people may be held (GDPR, Articles 6 and 14)."""

    source: str
    purpose: str
    legal_basis: Person.LegalBasis


class _DryRun(Exception):
    pass


def bring(
    content: bytes, *, theme: Theme, file_name: str, why: Why, by: User | None = None, keep_duplicates: bool = False, dry_run: bool = False
) -> Report:
    """Raises Unreadable for a file that is none, or has no column that names people. A batch of rows is one transaction."""
    lines = spreadsheets.read(content)
    heading = next(lines, None)
    if heading is None:
        raise spreadsheets.Unreadable(_("The file is empty."))
    columns, left = guess(heading.cells)
    if not {"name", "first_name", "last_name", "email"} & set(columns):
        raise spreadsheets.Unreadable(_("The first line names no column of names or e-mail addresses, such as first_name, last_name or email."))
    report = Report(ContactImport(theme=theme, file_name=file_name[:200], by=by), left)
    rows = Reader(heading.cells, columns).rows(lines)
    if dry_run:
        try:
            with transaction.atomic():
                _bring(report, rows, why, keep_duplicates=keep_duplicates)
                raise _DryRun
        except _DryRun:
            return report
    _bring(report, rows, why, keep_duplicates=keep_duplicates)
    return report


def _bring(report: Report, rows: Iterator[Row], why: Why, *, keep_duplicates: bool) -> None:
    bringing = report.bringing
    bringing.save()
    batches = _Batches(report, why, keep_duplicates=keep_duplicates)
    while batch := list(islice(rows, BATCH)):
        with transaction.atomic():
            batches.bring(batch)
            bringing.save()
    bringing.ended_at = timezone.now()
    bringing.save()


class _Batches:
    """What is known of the register while a file is brought."""

    def __init__(self, report: Report, why: Why, *, keep_duplicates: bool) -> None:
        self.report, self.bringing, self.keep = report, report.bringing, keep_duplicates
        self.why = {"source": why.source, "purpose": why.purpose, "legal_basis": why.legal_basis}
        self.bodies: dict[str, tuple[int, str]] = {}
        for pk, business_id, *names in Organisation.objects.filter(theme=self.bringing.theme).values_list("pk", "business_id", *NAMES):
            for name in filter(None, [business_id, *map(fold, names)]):
                self.bodies.setdefault(name, (pk, words_of(*names)))
        self.tags = {fold(tag.name): tag.pk for tag in Tag.objects.filter(theme=self.bringing.theme)}

    def bring(self, batch: list[Row]) -> None:
        self.bringing.rows += len(batch)
        good = []
        for row in batch:
            if row.problems:
                self.bringing.refused += 1
                self.report.problems += row.problems[: max(0, MOST_TOLD - len(self.report.problems))]
            else:
                good.append(row)
        self._make_bodies(good)
        self._make_people(good)

    # ---- organisations
    def _make_bodies(self, rows: list[Row]) -> None:
        wanted: dict[str, Organisation] = {}
        for row in rows:
            name = fold(row.organisation)
            if name and row.business_id not in self.bodies and name not in self.bodies and name not in wanted:
                # Of one ID, the first name.
                business_id = "" if any(body.business_id == row.business_id for body in wanted.values()) else row.business_id
                key = f"{slugify(row.organisation)[:60] or 'organisation'}-{self.bringing.pk}-{len(self.bodies) + len(wanted)}"
                wanted[name] = Organisation(
                    theme=self.bringing.theme, key=key, name_fi=row.organisation, business_id=business_id, city=row.city, brought_by=self.bringing
                )
        for name, body in zip(wanted, Organisation.objects.bulk_create(wanted.values()), strict=True):
            self.bodies[name] = (body.pk, words_of(body.name_fi))
            if body.business_id:
                self.bodies[body.business_id] = self.bodies[name]
        self.bringing.organisations += len(wanted)

    def _body(self, row: Row) -> tuple[int, str] | None:
        return self.bodies.get(row.business_id) or self.bodies.get(fold(row.organisation))

    # ---- people
    def _make_people(self, rows: list[Row]) -> None:
        known, alike = self._known(rows), self._alike(rows)
        new: list[tuple[Row, Person]] = []
        old: list[tuple[Row, Person]] = []
        for row in rows:
            body = self._body(row)
            person = next((known[mark] for mark in _marks(row) if mark in known), None)
            name = (fold(f"{row.first_name} {row.last_name}"), body[0]) if body and row.first_name and row.last_name else None
            if person and not self.keep:
                old.append((row, person))
            elif name in alike and not self.keep:
                self.bringing.doubled += 1
                self._tell_duplicate(row, alike[name])
            else:
                made = self._person(row, body, is_taken=person is not None)
                if self.keep and row.external_id and f"#{row.external_id}" not in known:
                    # Its address is another's; the number is its own.
                    made.external_id = row.external_id
                new.append((row, made))
                known |= {mark: made for mark in _marks(row) if mark not in known}
                if name:
                    alike.setdefault(name, made)
        Person.objects.bulk_create([person for _row, person in new])
        self.bringing.created += len(new)
        self.bringing.known += len(old)
        self._fill(old)
        self._add_rows(new, old)

    def _tell_duplicate(self, row: Row, person: Person) -> None:
        if len(self.report.duplicates) < MOST_TOLD:
            self.report.duplicates.append(Duplicate(row.number, f"{row.first_name} {row.last_name}", person.pk or 0, str(person)))

    def _person(self, row: Row, body: tuple[int, str] | None, *, is_taken: bool) -> Person:
        """Of somebody whose number or address another has already, they do not become the person's own."""
        person = Person(theme=self.bringing.theme, brought_by=self.bringing, **self.why)
        person.first_name, person.last_name, person.city, person.region_id = row.first_name, row.last_name, row.city, row.region
        person.language = row.language or person.language
        if not is_taken:
            person.external_id, person.email = row.external_id, row.emails[0] if row.emails else ""
        elif not (row.first_name or row.last_name):
            person.last_name = row.emails[0]
        further = [*row.emails, *row.phones, row.title]
        person.sought = person.own_words() + words_of(*further) + (body[1] if body else "")
        return person

    def _known(self, rows: list[Row]) -> dict[str, Person]:
        """By number and by address, of the people whom the rows may be."""
        numbers = {row.external_id for row in rows if row.external_id}
        addresses = {email.lower() for row in rows for email in row.emails}
        of_theme = Person.objects.filter(theme=self.bringing.theme)
        by_number = {f"#{person.external_id}": person for person in of_theme.filter(external_id__in=numbers)} if numbers else {}
        by_address = of_theme.exclude(email="").alias(address=Lower("email")).filter(address__in=addresses) if addresses else ()
        return by_number | {person.email.lower(): person for person in by_address}

    def _alike(self, rows: list[Row]) -> dict[Any, Person]:
        """By name and organisation."""
        bodies = {body[0] for row in rows if (body := self._body(row))}
        names = {row.last_name for row in rows if row.last_name}
        found = Role.objects.filter(organisation__in=bodies, person__last_name__in=names, person__theme=self.bringing.theme)
        return {(fold(str(role.person)), role.organisation_id): role.person for role in found.select_related("person")}

    def _fill(self, pairs: list[tuple[Row, Person]]) -> None:
        marks, changed = [], {}
        for row, person in pairs:
            values = {
                "external_id": row.external_id,
                "first_name": row.first_name,
                "last_name": row.last_name,
                "city": row.city,
                "region_id": row.region,
            }
            for name in FILLED:
                # Of a number that is somebody else's, nothing.
                if values[name] and not getattr(person, name):
                    setattr(person, name, values[name])
                    marks.append(Filled(brought_by=self.bringing, person=person, field=name, value=str(values[name])))
                    changed[person.pk] = person
        Person.objects.bulk_update(changed.values(), FILLED)
        Filled.objects.bulk_create(marks, ignore_conflicts=True)

    def _add_rows(self, new: list[tuple[Row, Person]], old: list[tuple[Row, Person]]) -> None:
        """Roles, further addresses and tags: to the known only what they do not have."""
        touched = [person.pk for _row, person in old]
        held = set(Role.objects.filter(person__in=touched).values_list("person", "organisation"))
        roles, points, links, tagged = [], [], set(), Person.tags.through
        for row, person in (*new, *old):
            if (body := self._body(row)) and (person.pk, body[0]) not in held:
                held.add((person.pk, body[0]))
                term: dict[str, date | None] = {"starts": row.starts, "ends": row.ends}
                roles.append(Role(person=person, organisation_id=body[0], title=row.title, brought_by=self.bringing, **term))
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


NAMES = ("name_fi", "name_sv", "name_en")


def _marks(row: Row) -> list[str]:
    return [*([f"#{row.external_id}"] if row.external_id else []), *(email.lower() for email in row.emails)]
