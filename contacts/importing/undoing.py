"""Taking a whole import back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from wagtail.models import ModelLogEntry

from base.bounds import everywhere
from contacts import search
from contacts.models import ContactImport, ContactPoint, Filled, Organisation, Person, Role

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

# What the import brought with a person, and what goes with the person.
WITH_A_PERSON = (Role, ContactPoint, Filled)


class Undone(NamedTuple):
    """`kept` have something by now that the import did not bring, or were edited: they stay, with what it brought."""

    removed: int
    kept: int


@transaction.atomic
def undo(bringing: ContactImport) -> Undone:
    """Whom it made goes, with roles, addresses and organisations; what it filled in on others is empty again. Twice is once."""
    with everywhere():
        bringing = ContactImport.objects.select_for_update().get(pk=bringing.pk)
        if bringing.undone_at:
            return Undone(0, 0)
        others = _take_from_others(bringing)
        made = Person.objects.filter(brought_by=bringing)
        kept = set(made.filter(_has_more(Person, besides=bringing) | Q(pk__in=_edited(bringing))).values_list("pk", flat=True))
        gone = made.exclude(pk__in=kept)
        number = gone.count()
        for rows in (
            Role.objects.filter(person__in=gone.values("pk")),
            ContactPoint.objects.filter(person__in=gone.values("pk")),
            Person.tags.through.objects.filter(person__in=gone.values("pk")),
            gone,
        ):
            _remove(rows)
        _remove(Organisation.objects.filter(brought_by=bringing).exclude(_has_more(Organisation)))
        search.index_people(others)
        bringing.undone_at = timezone.now()
        bringing.save()
    return Undone(number, len(kept))


def _take_from_others(bringing: ContactImport) -> set[int]:
    """What people who were known before had got by it. Their numbers."""
    found: set[int] = set()
    for mark in Filled.objects.filter(brought_by=bringing).select_related("person"):
        person, empty = mark.person, None if mark.field == "region_id" else ""
        found.add(person.pk)
        if str(getattr(person, mark.field)) == mark.value and (mark.field in ("external_id", "city", "region_id") or person.email):
            Person.objects.filter(pk=person.pk).update(**{mark.field: empty})
    for model in (Role, ContactPoint):
        rows = model._default_manager.filter(brought_by=bringing).exclude(person__brought_by=bringing)
        found |= set(rows.values_list("person_id", flat=True))
        rows.delete()
    return found


def _edited(bringing: ContactImport) -> list[int]:
    entries = ModelLogEntry.objects.get_for_model(Person).filter(timestamp__gte=bringing.began_at)
    return [int(number) for number in entries.values_list("object_id", flat=True).distinct()]


def _has_more(model: type[Model], *, besides: ContactImport | None = None) -> Q:
    """Something points at it, beside what the import brought."""
    found = Q(pk__in=[])
    for relation in model._meta.related_objects:
        rows: Any = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        if relation.many_to_many:
            continue
        if besides and relation.related_model in WITH_A_PERSON:
            rows = rows.exclude(brought_by=besides)
        found |= Q(Exists(rows))
    return found


def _remove(rows: QuerySet[Any]) -> None:
    """In one statement. Nothing else points at them, and the database would refuse if it did; Django would ask all models for each."""
    rows._raw_delete(rows.db)
