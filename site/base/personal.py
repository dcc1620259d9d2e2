"""The registry of personal data: each package says what it holds on a person, and how that is exported, merged and erased.

`contacts.people` asks it; `tests/test_personal.py` fails for a model with personal data that nobody registered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from django.db.models import Model, QuerySet

    # By the number of a row, what stood in the columns that were edited.
    Edited = dict[Any, dict[str, Any]]
    Part = Callable[["Subject", "Subject", set[Any], Edited], None]


@dataclass(frozen=True)
class Subject:
    """The person in question. `person_id` is of contacts' Person, `key` its lasting key, `emails` are in lower case."""

    person_id: int
    key: UUID
    emails: tuple[str, ...]


@dataclass(frozen=True)
class Holding:
    """What one model holds on a person.

    `find` gives the subject's rows. `fields` are those of an export, as `values()` takes them. `merge(winner, loser)`
    moves the loser's rows; it must never weaken an opt-out. `erase` removes the rows or what identifies in them.

    A merge that is undone puts every row back as it was, and leaves what was edited since. Columns that `stays` names keep what the merge made of
    them. Columns that `watched` names are told when they were edited since the merge: `part(winner, loser, again, edited)` then makes what was ended
    on the one end for both. `again` are the numbers of the model's rows that are there again, `edited` the watched columns by number, each with what
    stood in it before the merge, as JSON has it.
    """

    model: type[Model]
    find: Callable[[Subject], QuerySet[Any]]
    fields: tuple[str, ...]
    merge: Callable[[Subject, Subject], None]
    erase: Callable[[Subject], None]
    stays: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    part: Part | None = None


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    _holdings[holding.model._meta.label] = holding


def register_rows_of_person(model: type[Model], *, fields: tuple[str, ...], person: str = "person") -> None:
    """For a plain child row: merged by changing its owner, erased by deleting it."""

    def find(subject: Subject) -> QuerySet[Any]:
        return model._default_manager.filter(**{f"{person}_id": subject.person_id})

    def merge(winner: Subject, loser: Subject) -> None:
        find(loser).update(**{f"{person}_id": winner.person_id})

    register(Holding(model, find, fields, merge, lambda subject: void(find(subject).delete())))


def void(_: object) -> None:
    """Drops a result, so that a lambda fits `Holding.erase`."""


def holdings() -> Iterator[Holding]:
    yield from _holdings.values()


def is_registered(model: type[Model]) -> bool:
    return model._meta.label in _holdings
