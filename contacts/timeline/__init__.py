"""Everything that happened with a contact, newest first, from whatever package knows of it.

A package registers its sources in `ready()`:

    timeline.register(Source("events.cancelled", read_cancelled))

`read(whose, sheet)` gives the newest moments that come after the sheet's mark, at most `sheet.size`; `sheet.newest(rows, "ended_at")` narrows
and orders rows so. Each source costs one query a page, however much has happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from heapq import nlargest
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from contacts.models import Organisation, Person, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Self

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

SIZE = 25
# Beyond these, an organisation's people are asked for by the database.
MOST_NAMED = 1000


@dataclass(frozen=True)
class Moment:
    """`key` is the row's number: with its source it tells two moments of one second apart. `person` is named where the subject is an organisation."""

    at: datetime
    source: str
    key: int
    what: str | _StrPromise
    text: str = ""
    url: str = ""
    person: Person | None = None

    @property
    def place(self) -> tuple[datetime, str, int]:
        return self.at, self.source, self.key


@dataclass(frozen=True)
class Whose:
    """A person, or an organisation with its units and the people who had a role there at the time."""

    person: Person | None = None
    organisation: Organisation | None = None
    organisations: tuple[int, ...] = ()
    people: tuple[int, ...] | QuerySet[Any] = ()

    @classmethod
    def of(cls, contact: Person | Organisation) -> Self:
        """Of an organisation two queries."""
        if isinstance(contact, Person):
            return cls(person=contact, people=(contact.pk,))
        units = tuple(sorted(contact.with_units()))
        people = Role.objects.filter(organisation__in=units).values_list("person_id", flat=True).distinct()
        named = tuple(people[: MOST_NAMED + 1])
        return cls(organisation=contact, organisations=units, people=named if len(named) <= MOST_NAMED else people)

    def of_people(self, rows: QuerySet[Any], at: str, *, person: str = "person", is_date: bool = False) -> QuerySet[Any]:
        """What happened to the people; of an organisation's while they had a role there."""
        rows = rows.filter(**{f"{person}__in": self.people})
        if self.person:
            return rows
        day = OuterRef("day_of_role")
        held = Role.objects.filter(person=OuterRef(f"{person}_id" if "__" not in person else person), organisation__in=self.organisations)
        held = held.filter(Q(starts=None) | Q(starts__lte=day), Q(ends=None) | Q(ends__gte=day))
        found: QuerySet[Any] = rows.alias(day_of_role=F(at) if is_date else TruncDate(at)).filter(Exists(held))
        return found

    def of_either(self) -> Q:
        """Rows that have a `person` and an `organisation`: those of the one that is asked about."""
        return Q(person__in=self.people) if self.person else Q(organisation__in=self.organisations)


@dataclass(frozen=True)
class Sheet:
    """What a source is asked for: `size` moments after `mark`, the place of the last one shown."""

    source: str
    mark: tuple[datetime, str, int] | None = None
    size: int = SIZE + 1

    def newest(self, rows: QuerySet[Any], name: str, *, is_date: bool = False) -> QuerySet[Any]:
        """The rows by their moment in `name`, newest first. A date is its midnight."""
        rows = rows.filter(**{f"{name}__isnull": False})
        return rows.filter(self._after(name, is_date=is_date)).order_by(f"-{name}", "-pk")[: self.size]

    def _after(self, name: str, *, is_date: bool) -> Q:
        if self.mark is None:
            return Q()
        at, source, key = self.mark
        value: date = timezone.localdate(at) if is_date else at
        if is_date and midnight(value) < at:
            return Q(**{f"{name}__lte": value})
        before, same = Q(**{f"{name}__lt": value}), Q(**{name: value})
        if self.source == source:
            return before | (same & Q(pk__lt=key))
        return before | same if self.source < source else before


@dataclass(frozen=True)
class Source:
    """`key` begins with the package. `permission` is what one needs to see it, beside seeing the contact."""

    key: str
    read: Callable[[Whose, Sheet], Iterable[Moment]]
    permission: str = ""


@dataclass
class Timeline:
    """One page. `older` is the mark of the next one, "" on the last."""

    moments: list[Moment] = field(default_factory=list)
    older: str = ""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.key] = source


def registered() -> list[Source]:
    return list(_sources.values())


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def read(contact: Person | Organisation, *, mark: str = "", user: Any = None, size: int = SIZE) -> Timeline:
    """A page of what happened. A mark that is none begins at the newest. Without a user, nothing is kept back."""
    whose, place = Whose.of(contact), _place(mark)
    found: list[Moment] = []
    for source in registered():
        if user is None or not source.permission or user.has_perm(source.permission):
            found += source.read(whose, Sheet(source.key, place, size + 1))
    newest = nlargest(size + 1, found, key=lambda moment: moment.place)
    shown = newest[:size]
    return Timeline(shown, _mark(shown[-1]) if len(newest) > size else "")


def _mark(moment: Moment) -> str:
    return f"{moment.at.isoformat()}~{moment.source}~{moment.key}"


def _place(mark: str) -> tuple[datetime, str, int] | None:
    try:
        at, source, key = mark.split("~")
        moment = datetime.fromisoformat(at)
        return (moment, source, int(key)) if moment.tzinfo else None
    except ValueError:
        return None
