"""Finding a contact while its name is typed: by the beginnings of words, in any order, and by near misses where nothing begins so.

Each person and organisation carries the words that it is found by (`sought`): names, addresses, numbers, the organisations of a person's roles.
On PostgreSQL a trigram index serves both questions (extension pg_trgm); SQLite reads the words of all, which is quick enough for ten thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, transaction
from django.db.models import BooleanField, Case, F, Func, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from rapidfuzz.distance import OSA

from base.bounds import everywhere
from contacts.folding import fold, words_of
from contacts.models import ContactPoint, Organisation, Person, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

Contact = TypeVar("Contact", Person, Organisation)

LEAST = 2
SHOWN = 20
# Of what begins as typed, so many are put in order; of what is near, so many are looked at.
CANDIDATES, NEAR = 1000, 300
# Below these many, near misses are shown beneath.
ENOUGH = 5
WRITTEN = 500


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
    people = best(Person.objects.all(), words, size)
    bodies = best(Organisation.objects.select_related("parent"), words, size)
    where = _places([person.pk for person, _near in people])
    return [
        *(Found(person, where.get(person.pk, ""), person.email, near) for person, near in people),
        *(Found(body, str(body.parent or body.city), body.email, near) for body, near in bodies),
    ]


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
    """Numbers of those where each word is near one of theirs, the nearest first. Words of three letters and fewer have no near ones."""
    if not any(_slips(word) for word in words):
        return
    scored = []
    for pk, sought in _candidates(rows, words):
        told = sought.split()
        misses = [_misses(word, told) for word in words]
        if None not in misses:
            scored.append((sum(filter(None, misses)), sought, pk))
    yield from (pk for _misses_, _sought, pk in sorted(scored)[: 2 * SHOWN])


def _slips(word: str) -> int:
    """How many letters of it may be wrong, missing, too many or changed with their neighbour."""
    if any(sign.isdigit() for sign in word):
        return 0
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def _misses(word: str, told: Iterable[str]) -> int | None:
    """How far the word is from the beginning of the nearest of those; None where it is too far."""
    slips = _slips(word)
    least = slips + 1
    for other in told:
        # The first letter is seldom wrong, and a word that is still being typed is the beginning of a longer one.
        if abs(len(other) - len(word)) <= slips or len(other) > len(word):
            for end in (len(other), len(word), len(word) + 1):
                least = min(least, OSA.distance(word, other[:end], score_cutoff=least))
        if least == 0:
            return 0
    return least if least <= slips else None


def _candidates(rows: QuerySet[Contact], words: list[str]) -> Iterable[tuple[int, str]]:
    if connection.vendor != "postgresql":
        return _by_vocabulary(rows, words)
    return _by_trigrams(rows, words)


def _by_vocabulary(rows: QuerySet[Contact], words: list[str]) -> Iterator[tuple[int, str]]:
    """Each word of the register is compared once, however many have it."""
    every = list(rows.order_by().values_list("pk", "sought"))
    vocabulary = {told for _pk, sought in every for told in sought.split()}
    near = [{told for told in vocabulary if _misses(word, (told,)) is not None} for word in words]
    for pk, sought in every:
        told = set(sought.split())
        if all(told & close for close in near):
            yield pk, sought


def _by_trigrams(rows: QuerySet[Contact], words: list[str]) -> list[tuple[int, str]]:
    """A word that somebody's begins with is meant so. Each word asks for one thing: of two, joined by OR, the planner reads the whole table."""
    begun = {word for word in words if not _slips(word) or rows.filter(_begins([word])).exists()}
    if begun == set(words):
        begun = {word for word in words if not _slips(word)}
    near = [word for word in words if word not in begun]
    wanted = rows.order_by().filter(_begins(begun))
    alike: Any = Value(0.0)
    for word in near:
        is_like = Func(F("sought"), Value(word), arg_joiner=" %%> ", template="(%(expressions)s)", output_field=BooleanField())
        wanted = wanted.filter(is_like)
        alike = alike + Func(Value(word, output_field=TextField()), F("sought"), function="word_similarity")
    # Short words share few trigrams with their near ones.
    threshold = 0.4 if min(map(len, near)) < 6 else 0.5
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(threshold)])
        return list(wanted.annotate(alike=alike).order_by("-alike").values_list("pk", "sought")[:NEAR])


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
