"""Taking a whole import back: whom it made goes, with roles, addresses and organisations; what it filled in on others is empty again.

The worker does it a batch a transaction. What was taken back is not there any more for the next, so a worker that dies leaves nothing twice, and
two at once take turns at the row of the import. What it is about is asked anew for each batch: who gets a note meanwhile stays.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from base.bounds import everywhere
from base.tasks import enqueue
from contacts import search
from contacts.models import ContactImport, ContactPoint, Filled, HeldFor, Organisation, Person, Role
from contacts.models.imports import NO_FILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.db.models import Model, QuerySet

    from base.models import User

BATCH = 500
GO_ON = "contacts.importing.undoing.go_on"
# Of one run of the worker; then it asks for another.
RUN_SECONDS = 120
# What the import brought with a person, and what goes with the person.
WITH_A_PERSON = (Role, ContactPoint, Filled, HeldFor)


class Undone(NamedTuple):
    """`kept` have something by now that the import did not bring, or were edited: they stay, with what it brought."""

    removed: int
    kept: int


class Kept(NamedTuple):
    person: Person
    reasons: list[str]


def undo(bringing: ContactImport, *, by: User | None = None) -> Undone:
    """To its end, in this process. Twice is once."""
    if not _mark(bringing, by=by):
        return Undone(0, 0)
    _take_back(bringing.pk, until=float("inf"))
    with everywhere():
        removed = ContactImport.objects.values_list("removed", flat=True).get(pk=bringing.pk)
        return Undone(removed, Person.objects.filter(brought_by=bringing.pk).count())


@transaction.atomic
def ask(bringing: ContactImport, *, by: User | None) -> None:
    """Asks the worker. Nothing more comes of the import from now on, and its file goes."""
    if _mark(bringing, by=by):
        enqueue(GO_ON, bringing.pk)


def go_on(pk: int) -> None:
    """For the worker. Bears any number of repeats and of workers at once."""
    if not _take_back(pk, until=time.monotonic() + RUN_SECONDS):
        enqueue(GO_ON, pk)


def go_on_with_all() -> None:
    """By the clock: what a worker that died has left."""
    for pk in ContactImport.objects.filter(undone_at=None).exclude(undo_asked_at=None).values_list("pk", flat=True):
        go_on(pk)


@transaction.atomic
def _mark(bringing: ContactImport, *, by: User | None) -> bool:
    """False where it was asked for before. A batch that is being brought ends first: it has the row."""
    with everywhere():
        row = ContactImport.objects.select_for_update(of=("self",)).defer("content").get(pk=bringing.pk)
        if row.undo_asked_at or row.undone_at:
            return False
        ContactImport.objects.filter(pk=row.pk).update(undo_asked_at=timezone.now(), undo_by=by, **NO_FILE)
    return True


def _take_back(pk: int, *, until: float) -> bool:
    """False when the time is over first."""
    for step in (_empty_filled, _drop_rows, _drop_purposes, _drop_people, _drop_bodies):
        goes_on = True
        while goes_on:
            with transaction.atomic(), everywhere():
                asked = ContactImport.objects.filter(pk=pk, undone_at=None).exclude(undo_asked_at=None)
                bringing = asked.select_for_update(of=("self",)).defer("content").first()
                if bringing is None:
                    return True
                goes_on = step(bringing)
            if goes_on and time.monotonic() > until:
                return False
    _finish(pk)
    return True


@transaction.atomic
def _finish(pk: int) -> None:
    with everywhere():
        row = ContactImport.objects.select_related("theme", "undo_by").defer("content").get(pk=pk)
        if ContactImport.objects.filter(pk=pk, undone_at=None).update(undone_at=timezone.now(), **NO_FILE):
            log(row.theme, "contacts.import_undone", user=row.undo_by, data={"of": "person", "import": pk, "rows": row.removed})


def kept(bringing: ContactImport, most: int) -> list[Kept]:
    """Of an import that was taken back: who stayed, and why. A question for each kind of thing, whatever the number of people."""
    people = list(Person.objects.filter(brought_by=bringing)[:most])
    numbers = [person.pk for person in people]
    edited = _edited(bringing, numbers)
    reasons: dict[int, list[str]] = {person.pk: [_("edited since")] if person.pk in edited else [] for person in people}
    for relation, rows in _pointing(Person, besides=bringing):
        found = rows.filter(**{f"{relation.field.name}__in": numbers}).values_list(relation.field.attname, flat=True)
        for pk in dict.fromkeys(found):
            reasons[pk].append(str(relation.related_model._meta.verbose_name))
    return [Kept(person, list(dict.fromkeys(reasons[person.pk]))) for person in people]


# ---- the steps, each of which takes a batch, and answers whether there may be more
def _empty_filled(bringing: ContactImport) -> bool:
    """What people who were known before had got. A mark goes with what it is about: a repeat does not empty what was typed since."""
    marks = list(Filled.objects.filter(brought_by=bringing).select_related("person").order_by("person", "pk")[:BATCH])
    people: dict[int, Person] = {}
    for mark in marks:
        person = people.setdefault(mark.person_id, mark.person)
        value = getattr(person, mark.field)
        if str(value) != mark.value or (mark.field == "email" and _is_written_to(person)):
            continue
        setattr(person, mark.field, None if mark.field == "region_id" else "")
        if person.first_name or person.last_name or person.email:
            Person.objects.filter(pk=person.pk).update(**{mark.field: getattr(person, mark.field)})
        else:
            setattr(person, mark.field, value)
    Filled.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    search.index_people(people)
    return bool(marks)


def _drop_rows(bringing: ContactImport) -> bool:
    """Roles and addresses of those who were known before."""
    people: set[int] = set()
    for model in (Role, ContactPoint):
        of_others = model._default_manager.filter(brought_by=bringing).exclude(person__brought_by=bringing)
        rows = dict(of_others.values_list("pk", "person_id")[:BATCH])
        _remove(model._default_manager.filter(pk__in=rows))
        people |= set(rows.values())
    search.index_people(people)
    return bool(people)


def _drop_purposes(bringing: ContactImport) -> bool:
    """Nobody is left that is held for nothing."""
    others = HeldFor.objects.filter(person=OuterRef("person")).exclude(brought_by=bringing)
    rows = HeldFor.objects.filter(Exists(others), brought_by=bringing).exclude(person__brought_by=bringing)
    return _remove(HeldFor.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:BATCH]))) > 0


def _drop_people(bringing: ContactImport) -> bool:
    """By their numbers, from the first to the last: those who stay are looked at once."""
    made = Person.objects.filter(brought_by=bringing)
    numbers = list(made.filter(pk__gt=bringing.removed_to).order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not numbers:
        return False
    more = made.filter(pk__in=numbers).filter(_has_more(Person, besides=bringing))
    stays = {*more.values_list("pk", flat=True), *_edited(bringing, numbers)}
    gone = [pk for pk in numbers if pk not in stays]
    for model in (Role, ContactPoint, HeldFor, Filled, Person.tags.through):
        _remove(model._base_manager.filter(person__in=gone))
    _remove(Person.objects.filter(pk__in=gone))
    ContactImport.objects.filter(pk=bringing.pk).update(removed=bringing.removed + len(gone), removed_to=numbers[-1])
    return True


def _drop_bodies(bringing: ContactImport) -> bool:
    """Units before what they are a part of: that has nothing below it then."""
    rows = Organisation.objects.filter(brought_by=bringing).exclude(_has_more(Organisation))
    return _remove(Organisation.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:BATCH]))) > 0


# ---- what they ask
def _is_written_to(person: Person) -> bool:
    """Somebody outside the register reaches them by the address: a subscription, a registration."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: person.pk}).exists()
        for relation in Person._meta.related_objects
        if relation.related_model._meta.app_label != "contacts"
    )


def _edited(bringing: ContactImport, people: Collection[int]) -> set[int]:
    """Who of them was, since it began."""
    entries = ModelLogEntry.objects.get_for_model(Person).filter(timestamp__gte=bringing.began_at, object_id__in=[str(pk) for pk in people])
    return {int(number) for number in entries.values_list("object_id", flat=True).distinct()}


def _pointing(model: type[Model], *, besides: ContactImport | None = None) -> Iterator[tuple[Any, Any]]:
    """(relation, rows that point at it), without what the import brought itself."""
    for relation in model._meta.related_objects:
        if not relation.many_to_many:
            rows: Any = relation.related_model._default_manager.all()
            yield relation, rows.exclude(brought_by=besides) if besides and relation.related_model in WITH_A_PERSON else rows


def _has_more(model: type[Model], *, besides: ContactImport | None = None) -> Q:
    """Something points at it, beside what the import brought."""
    found = Q(pk__in=[])
    for relation, rows in _pointing(model, besides=besides):
        found |= Q(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return found


def _remove(rows: QuerySet[Any]) -> int:
    """In one statement. Nothing else points at them, and the database would refuse if it did; Django would ask all models for each."""
    return int(rows._raw_delete(rows.db) or 0)
