"""Taking a whole import back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from base.bounds import everywhere
from contacts import search
from contacts.models import ContactImport, ContactPoint, Filled, HeldFor, Organisation, Person, Role
from contacts.models.imports import NO_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model, QuerySet

    from base.models import User

# What the import brought with a person, and what goes with the person.
WITH_A_PERSON = (Role, ContactPoint, Filled, HeldFor)


class Undone(NamedTuple):
    """`kept` have something by now that the import did not bring, or were edited: they stay, with what it brought."""

    removed: int
    kept: int


class Kept(NamedTuple):
    person: Person
    reasons: list[str]


@transaction.atomic
def undo(bringing: ContactImport, *, by: User | None = None) -> Undone:
    """Whom it made goes, with roles, addresses and organisations; what it filled in on others is empty again. Twice is once."""
    with everywhere():
        bringing = ContactImport.objects.select_for_update().get(pk=bringing.pk)
        if bringing.undone_at:
            return Undone(0, 0)
        others = _take_from_others(bringing)
        made = Person.objects.filter(brought_by=bringing)
        stays = set(made.filter(_has_more(Person, besides=bringing) | Q(pk__in=_edited(bringing))).values_list("pk", flat=True))
        gone = made.exclude(pk__in=stays)
        number = gone.count()
        for rows in (
            Role.objects.filter(person__in=gone.values("pk")),
            ContactPoint.objects.filter(person__in=gone.values("pk")),
            HeldFor.objects.filter(person__in=gone.values("pk")),
            Person.tags.through.objects.filter(person__in=gone.values("pk")),
            gone,
        ):
            _remove(rows)
        # Units before what they are a part of.
        while _remove(Organisation.objects.filter(brought_by=bringing).exclude(_has_more(Organisation))):
            pass
        search.index_people(others)
        ContactImport.objects.filter(pk=bringing.pk).update(undone_at=timezone.now(), **NO_FILE)
        log(bringing.theme, "contacts.import_undone", user=by, data={"of": "person", "import": bringing.pk, "rows": number})
    return Undone(number, len(stays))


def undo_soon(pk: int) -> None:
    """For the worker."""
    if bringing := ContactImport.objects.filter(pk=pk).first():
        undo(bringing)


def kept(bringing: ContactImport, most: int) -> list[Kept]:
    """Of an import that was taken back: who stayed, and why. A question for each kind of thing, whatever the number of people."""
    people = list(Person.objects.filter(brought_by=bringing)[:most])
    numbers, edited = [person.pk for person in people], set(_edited(bringing))
    reasons: dict[int, list[str]] = {person.pk: [_("edited since")] if person.pk in edited else [] for person in people}
    for relation, rows in _pointing(Person, besides=bringing):
        found = rows.filter(**{f"{relation.field.name}__in": numbers}).values_list(relation.field.attname, flat=True)
        for pk in dict.fromkeys(found):
            reasons[pk].append(str(relation.related_model._meta.verbose_name))
    return [Kept(person, list(dict.fromkeys(reasons[person.pk]))) for person in people]


def _take_from_others(bringing: ContactImport) -> set[int]:
    """What people who were known before had got by it. Their numbers."""
    people: dict[int, Person] = {}
    for mark in Filled.objects.filter(brought_by=bringing).select_related("person"):
        person = people.setdefault(mark.person_id, mark.person)
        value = getattr(person, mark.field)
        if str(value) != mark.value or (mark.field == "email" and _is_written_to(person)):
            continue
        setattr(person, mark.field, None if mark.field == "region_id" else "")
        if person.first_name or person.last_name or person.email:
            Person.objects.filter(pk=person.pk).update(**{mark.field: getattr(person, mark.field)})
        else:
            setattr(person, mark.field, value)
    found = set(people)
    for model in (Role, ContactPoint):
        rows = model._default_manager.filter(brought_by=bringing).exclude(person__brought_by=bringing)
        found |= set(rows.values_list("person_id", flat=True))
        rows.delete()
    # Nobody is left that is held for nothing.
    others = HeldFor.objects.filter(person=OuterRef("person")).exclude(brought_by=bringing)
    HeldFor.objects.filter(Exists(others), brought_by=bringing).exclude(person__brought_by=bringing).delete()
    return found


def _is_written_to(person: Person) -> bool:
    """Somebody outside the register reaches them by the address: a subscription, a registration."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: person.pk}).exists()
        for relation in Person._meta.related_objects
        if relation.related_model._meta.app_label != "contacts"
    )


def _edited(bringing: ContactImport) -> list[int]:
    entries = ModelLogEntry.objects.get_for_model(Person).filter(timestamp__gte=bringing.began_at)
    return [int(number) for number in entries.values_list("object_id", flat=True).distinct()]


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
