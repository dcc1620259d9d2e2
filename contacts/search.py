"""Finding a contact while its name is typed: by the beginnings of words, in any order, and by near misses where nothing begins so.

Each person and organisation carries the words that it is found by (`sought`): names, addresses, numbers, the organisations of a person's roles.
On PostgreSQL a trigram index finds them (extension pg_trgm); SQLite reads the words of all, which is quick enough for ten thousand. Near misses are
looked for among the different words that there are, of which there are few, and then asked for as if they had been typed.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection
from django.db.models import Case, F, Func, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from rapidfuzz.distance import OSA

from base.bounds import bound, everywhere
from contacts.folding import fold, words_of
from contacts.models import ContactPoint, Organisation, Person, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

Contact = TypeVar("Contact", Person, Organisation)

LEAST = 2
SHOWN = 20
# So many are put in order, and so many spellings of one word are near enough.
CANDIDATES, SPELLINGS = 1000, 20
# Below these many, near misses are shown beneath.
ENOUGH = 5
WRITTEN = 500
KEPT_SECONDS = 900
WITHOUT_NEAR = re.compile(r"[0-9@]")

_kept: dict[tuple[type, int | None], tuple[float, list[str]]] = {}


@dataclass(frozen=True)
class Found:
    """`is_near` where no word begins as typed. `where` is the person's organisation today, or what the organisation is a part of."""

    contact: Person | Organisation
    where: str
    email: str
    is_near: bool = False


def find(typed: str, *, size: int = SHOWN) -> list[Found]:
    """People, then organisations: what begins as typed before what is near. At most `size` of each."""
    words = fold(typed).split()
    if sum(map(len, words)) < LEAST:
        return []
    bodies = best(Organisation.objects.select_related("parent"), words, size)
    return [*find_people(typed, size=size), *(Found(body, str(body.parent or body.city), body.email, near) for body, near in bodies)]


def find_people(typed: str, *, size: int = SHOWN) -> list[Found]:
    words = fold(typed).split()
    if sum(map(len, words)) < LEAST:
        return []
    people = best(Person.objects.all(), words, size)
    where = _places([person.pk for person, _near in people])
    return [Found(person, where.get(person.pk, ""), person.email, near) for person, near in people]


def matching(rows: QuerySet[Contact], typed: str) -> QuerySet[Contact]:
    """For a list: those that begin as typed, and where there are none, those that are near."""
    words = fold(typed).split()
    found = rows.filter(_begins(words))
    return found if found.exists() else rows.filter(pk__in=list(_near(rows, words))[:SHOWN])


def best(rows: Any, words: list[str], size: int) -> list[tuple[Any, bool]]:
    """(contact, whether it is only near)."""
    candidates = rows.filter(_begins(words)).order_by().values("pk")[:CANDIDATES]
    first = Case(When(sought__startswith=" " + " ".join(words), then=0), default=1, output_field=IntegerField())
    found = [(row, False) for row in rows.filter(pk__in=candidates).order_by(first, *rows.model.by_name)[:size]]
    if len(found) >= min(ENOUGH, size):
        return found
    known = {row.pk for row, _near in found}
    near = list(islice((pk for pk in _near(rows, words) if pk not in known), size - len(found)))
    by_number = rows.in_bulk(near)
    return [*found, *((by_number[pk], True) for pk in near)]


def _begins(words: Iterable[str]) -> Q:
    wanted = Q()
    for word in words:
        wanted &= Q(sought__contains=f" {word}")
    return wanted


# ---- near misses
def _near(rows: QuerySet[Contact], words: list[str]) -> Iterator[int]:
    """Numbers of those where each word is near one of theirs, the nearest first. Words of three letters and numbers have no near ones."""
    if not any(map(_slips, words)):
        return
    known = _vocabulary(rows)
    wanted = Q()
    for word in words:
        near = sorted((misses, told) for told in known if (misses := _misses(word, told)) is not None) if _slips(word) else []
        like = _begins([word])
        for _number, told in near[:SPELLINGS]:
            like |= Q(sought__contains=f" {told}")
        wanted &= like
    scored = []
    for pk, sought in rows.filter(wanted).order_by().values_list("pk", "sought")[:CANDIDATES]:
        least = [min((found for told in sought.split() if (found := _misses(word, told)) is not None), default=0) for word in words]
        scored.append((sum(least), sought, pk))
    yield from (pk for _sum, _sought, pk in sorted(scored)[: 2 * SHOWN])


def _slips(word: str) -> int:
    """How many letters of it may be wrong, missing, too many or changed with their neighbour."""
    if any(sign.isdigit() for sign in word):
        return 0
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def _misses(word: str, told: str) -> int | None:
    """How far the word is from the other, or from its beginning: it is still being typed. None where that is too far."""
    slips = _slips(word)
    if len(told) < len(word) - slips:
        return 0 if told == word else None
    least = slips + 1
    for end in {min(len(told), length) for length in (len(word) - 1, len(word), len(word) + 1, len(told) if len(told) <= len(word) + slips else 0)}:
        least = min(least, OSA.distance(word, told[:end], score_cutoff=least))
    return least if least <= slips else None


def _vocabulary(rows: QuerySet[Contact]) -> list[str]:
    """The words that the contacts have, numbers and addresses left out. Kept in memory for a while: a new name has near ones later."""
    key = (rows.model, bound())
    made_at, known = _kept.get(key, (0.0, []))
    if connection.in_atomic_block or time.monotonic() - made_at > KEPT_SECONDS:
        known = sorted(word for word in _words_of(rows) if len(word) > 2 and not WITHOUT_NEAR.search(word))
        if not connection.in_atomic_block:
            _kept[key] = (time.monotonic(), known)
    return known


def _words_of(rows: QuerySet[Contact]) -> set[str]:
    every = rows.model._default_manager.order_by()
    if connection.vendor == "postgresql":
        split = Func(Func(F("sought"), Value(" "), function="string_to_array"), function="unnest", output_field=TextField())
        return set(every.annotate(word=split).values_list("word", flat=True).distinct())
    return {word for sought in every.values_list("sought", flat=True).iterator() for word in sought.split()}


def _places(people: Collection[int]) -> dict[int, str]:
    """The organisation that each has a role in today."""
    rows = Role.objects.current(timezone.localdate()).filter(person__in=people).select_related("organisation").order_by("-pk")
    return {row.person_id: ", ".join(filter(None, [row.title, str(row.organisation)])) for row in rows}


# ---- the words that contacts are found by
def index_people(people: Collection[int]) -> None:
    """Writes anew what the people are found by."""
    with everywhere():
        further: dict[int, list[str]] = {pk: [] for pk in people}
        for pk, value in ContactPoint.objects.filter(person__in=people).order_by("pk").values_list("person", "value"):
            further[pk].append(value)
        names = ("person", "organisation__name_fi", "organisation__name_sv", "organisation__name_en", "title")
        for pk, *texts in Role.objects.filter(person__in=people).order_by("pk").values_list(*names):
            further[pk] += texts
        changed = []
        for person in Person.objects.filter(pk__in=people).only("pk", "sought", *Person.found_by):
            sought = person.own_words() + words_of(*further[person.pk])
            if sought != person.sought:
                person.sought = sought
                changed.append(person)
        Person.objects.bulk_update(changed, ["sought"], batch_size=WRITTEN)


def _of_person(instance: Person, created: bool = False, update_fields: Collection[str] | None = None, **_how: Any) -> None:
    # A new one has its own words already.
    if not created and (update_fields is None or set(update_fields) & set(Person.found_by)):
        index_people([instance.pk])


def _of_row(instance: Role | ContactPoint, **_how: Any) -> None:
    index_people([instance.person_id])


def _of_organisation(instance: Organisation, created: bool = False, **_how: Any) -> None:
    if not created and instance.was_renamed:
        with everywhere():
            people = list(Role.objects.filter(organisation=instance).values_list("person_id", flat=True).distinct())
        index_people(people)


def connect() -> None:
    post_save.connect(_of_person, sender=Person, dispatch_uid="contacts.search.person")
    post_save.connect(_of_organisation, sender=Organisation, dispatch_uid="contacts.search.organisation")
    for model in (Role, ContactPoint):
        for signal in (post_save, post_delete):
            signal.connect(_of_row, sender=model, dispatch_uid=f"contacts.search.{model.__name__}.{id(signal)}")
