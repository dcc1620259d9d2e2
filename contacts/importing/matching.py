"""Whom a row of a file may be: known by number or address, possibly somebody in the register or on an earlier row, or nobody yet.

People are numbers here: those of the register theirs, those of rows of the file the row's with a minus in front. Nothing is written, so a file is
looked at with the same eyes as it is brought with.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import TextChoices
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from contacts.duplicates.records import SHARED, number_of
from contacts.duplicates.words import called
from contacts.folding import fold
from contacts.importing.bodies import Bodies
from contacts.models import ContactPoint, Person, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from contacts.importing.rows import Row
    from themes.models import Theme

# So many of one name are compared, and so many are shown beside a row.
COMPARED, SHOWN = 200, 3
# What may be chosen for a possible duplicate, beside the number of whom the row is.
LEAVE, ANOTHER = "leave", "another"


class Why(TextChoices):
    NAME = "name", _("The same name in the same organisation")
    NEAR = "near", _("Almost the same name in the same organisation")
    NAME_ALONE = "alone", _("The same name, and the row says nothing else")
    PHONE = "phone", _("The same telephone number")
    ADDRESS = "address", _("The same e-mail address and another name")


class Candidate(NamedTuple):
    person: int
    why: str


class Fate(StrEnum):
    """Named as the import counts them."""

    NEW = "created"
    KNOWN = "known"
    DOUBLED = "doubled"
    REFUSED = "refused"


@dataclass(slots=True)
class Verdict:
    row: Row
    fate: Fate
    person: int = 0
    body: int = 0
    candidates: Sequence[Candidate] = ()


class Numbers(dict[int, Any]):
    """People by what they share, compactly: by the hash of a key, and of one person the number itself. Whoever asks looks whether it is so."""

    def add(self, key: object, person: int) -> None:
        place = hash(key)
        held = self.setdefault(place, person)
        if isinstance(held, list):
            held.append(person)
        elif held != person:
            self[place] = [held, person]

    def of(self, key: object) -> list[int]:
        held = self.get(hash(key))
        return held if isinstance(held, list) else [] if held is None else [held]


class Register:
    """The names, organisations and telephones of a theme's people, and of the rows that have come. Some 600 octets each.

    Whoever works in a unit works in the organisation that it is a part of: `body` is always the uppermost.
    """

    def __init__(self, theme: Theme, uppermost: Callable[[int], int]) -> None:
        self.names: dict[int, tuple[str, str]] = {}
        self.by_name, self.by_body, self.by_phone = Numbers(), Numbers(), Numbers()
        for pk, first, last in Person.objects.filter(theme=theme).values_list("pk", "first_name", "last_name").iterator():
            self.add_name(pk, fold(first), fold(last))
        # Without a join: of tables that have just grown, the database may choose one of hours.
        for pk, body in Role.objects.values_list("person", "organisation").iterator():
            if pk in self.names:
                self.add_role(pk, uppermost(body))
        for pk, value in ContactPoint.objects.filter(medium=ContactPoint.Medium.PHONE).values_list("person", "value").iterator():
            if pk in self.names:
                self.add_phone(pk, value)

    def add_name(self, person: int, first: str, last: str) -> None:
        # Of one name there is one text, however many have it.
        names = self.names[person] = (intern(first), intern(last))
        if first and last:
            self.by_name.add(names, person)

    def add_role(self, person: int, body: int) -> None:
        for name in {*self.names.get(person, ())} - {""}:
            self.by_body.add((body, name), person)

    def add_phone(self, person: int, phone: str) -> None:
        if number := number_of(phone):
            self.by_phone.add(number, person)

    def add(self, verdict: Verdict, body: int) -> None:
        """What the register knows more, once the row is there."""
        row, person = verdict.row, verdict.person
        if person not in self.names:
            self.add_name(person, fold(row.first_name), fold(row.last_name))
        if body:
            self.add_role(person, body)
        for phone in row.phones:
            self.add_phone(person, phone)

    def alike(self, row: Row, body: int) -> list[Candidate]:
        """The likeliest first."""
        first, last = fold(row.first_name), fold(row.last_name)
        found: dict[int, str] = {}
        if first and last:
            if body:
                for person in self._same_body(body, first, last):
                    found[person] = Why.NAME if self.names[person] == (first, last) else Why.NEAR
            elif not (row.emails or row.external_id or row.phones):
                found = dict.fromkeys(self._namesakes(first, last), Why.NAME_ALONE.value)
        for phone in row.phones:
            sharing = self.by_phone.of(number_of(phone))
            if len(sharing) <= SHARED:
                for person in sharing:
                    if self._may_be(person, first, last):
                        found.setdefault(person, Why.PHONE)
        order = list(Why)
        return sorted((Candidate(person, str(why)) for person, why in found.items()), key=lambda one: order.index(Why(one.why)))[:SHOWN]

    def _namesakes(self, first: str, last: str) -> list[int]:
        return [person for person in self.by_name.of((first, last)) if self.names[person] == (first, last)][:SHOWN]

    def _same_body(self, body: int, first: str, last: str) -> set[int]:
        """One of the two names is theirs, in either place, and the other is near."""
        found = set()
        for name in {first, last}:
            for person in self.by_body.of((body, name))[-COMPARED:]:
                if person not in found and _near_names((first, last), self.names[person]):
                    found.add(person)
        return found

    def _may_be(self, person: int, first: str, last: str) -> bool:
        """Of two with one number: families and switchboards have one too."""
        theirs = self.names.get(person, ("", ""))
        return not any(theirs) or not (first or last) or _near_names((first, last), theirs) or (not (theirs[0] and first) and near(last, theirs[1]))


def near(one: str, other: str) -> bool:
    """One slip in names of four letters, two from eight: as `contacts.search` has it."""
    least = min(len(one), len(other))
    slips = 0 if least < 4 else 1 if least < 8 else 2
    return one == other or (slips > 0 and OSA.distance(one, other, score_cutoff=slips) <= slips)


def _near_names(one: tuple[str, str], other: tuple[str, str]) -> bool:
    if one == other[::-1]:
        return True
    firsts = near(one[0], other[0]) or bool({*called(one[0])} & {*called(other[0])})
    return firsts and near(one[1], other[1])


class Sorter:
    """Sorts rows in the order of the file."""

    def __init__(self, theme: Theme, choices: Mapping[str, str], *, keeps_duplicates: bool, keeps_known: bool = False) -> None:
        self.theme, self.choices = theme, choices
        self.keeps_duplicates, self.keeps_known = keeps_duplicates, keeps_known
        self.bodies = Bodies(theme)
        self.register = Register(theme, self.bodies.uppermost)
        # By number and by address, of the rows that came.
        self.marks: dict[str, int] = {}

    def sort(self, rows: Iterable[Row]) -> list[Verdict]:
        rows = list(rows)
        self.marks |= {mark: pk for mark, pk in self._known(rows).items() if mark not in self.marks}
        return [self._verdict(row) for row in rows]

    def owner(self, mark: str) -> int:
        return self.marks.get(mark, 0)

    def _verdict(self, row: Row) -> Verdict:
        if row.problems:
            return Verdict(row, Fate.REFUSED)
        body = self.bodies.of(row)
        uppermost = self.bodies.uppermost(body)
        person = next((self.marks[mark] for mark in marks_of(row) if mark in self.marks), 0)
        candidates: list[Candidate] = []
        if not person:
            candidates = self.register.alike(row, uppermost)
        elif self._clashes(row, person):
            candidates = [Candidate(person, Why.ADDRESS)]
        verdict = self._chosen(row, person, candidates)
        verdict.body = body
        if verdict.fate is Fate.DOUBLED:
            return verdict
        if verdict.fate is Fate.NEW:
            verdict.person = -row.number
        for mark in marks_of(row):
            self.marks.setdefault(mark, verdict.person)
        self.register.add(verdict, uppermost)
        self.bodies.claim(body, row)
        return verdict

    def _chosen(self, row: Row, person: int, candidates: list[Candidate]) -> Verdict:
        if person and self.keeps_known:
            return Verdict(row, Fate.NEW)
        if not candidates:
            return Verdict(row, Fate.KNOWN, person) if person else Verdict(row, Fate.NEW)
        choice = self.choices.get(str(row.number), "")
        if choice == ANOTHER or (not choice and self.keeps_duplicates):
            return Verdict(row, Fate.NEW, candidates=candidates)
        if choice.lstrip("-").isdigit():
            same = int(choice)
            if same < 0 and same not in self.register.names:
                # The row came in an earlier run, and has a number by now.
                same = candidates[0].person
            if any(same == candidate.person for candidate in candidates):
                return Verdict(row, Fate.KNOWN, same, candidates=candidates)
        return Verdict(row, Fate.DOUBLED, candidates=candidates)

    def _clashes(self, row: Row, person: int) -> bool:
        """An address that several share, such as info@, does not make them one. A number of another register does."""
        if row.external_id and self.marks.get(f"#{row.external_id}") == person:
            return False
        first, last = self.register.names.get(person, ("", ""))
        mine = (fold(row.first_name), fold(row.last_name))
        if not (all(mine) and first and last) or mine == (last, first):
            return False
        return not near(mine[0], first) and not near(mine[1], last)

    def _known(self, rows: list[Row]) -> dict[str, int]:
        numbers = {row.external_id for row in rows if row.external_id}
        addresses = {email.lower() for row in rows for email in row.emails}
        of_theme: Any = Person.objects.filter(theme=self.theme)
        found: dict[str, int] = {}
        if addresses:
            by_address = of_theme.exclude(email="").alias(address=Lower("email")).filter(address__in=addresses)
            found |= {email.lower(): pk for pk, email in by_address.values_list("pk", "email")}
        if numbers:
            found |= {f"#{number}": pk for pk, number in of_theme.filter(external_id__in=numbers).values_list("pk", "external_id")}
        return found


def marks_of(row: Row) -> list[str]:
    return [*([f"#{row.external_id}"] if row.external_id else []), *(email.lower() for email in row.emails)]
