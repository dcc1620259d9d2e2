"""An import that was cancelled leaves nothing behind: neither subscribers, nor consents, nor people whom it alone has brought."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from zlib import crc32

from django.db import transaction
from django.db.models import Exists, OuterRef

from contacts.models import Consent, HeldFor, Person
from newsletters.models import COUNTED, SubscriberImport, Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable

BATCH = 250
State = Subscription.State


def take_back(bringing: SubscriberImport, deadline: float) -> bool:
    """A batch a transaction; False when the time is over first. Whoever confirmed or left by themselves meanwhile stays as they are."""
    while _take_back_batch(bringing):
        if time.monotonic() > deadline:
            return False
    with transaction.atomic():
        _take_names_back(bringing)
        nothing = dict.fromkeys(COUNTED, 0)
        SubscriberImport.objects.filter(pk=bringing.pk).update(content=None, looked=None, named=[], left_out="", rows=0, **nothing)
    return True


@transaction.atomic
def _take_back_batch(bringing: SubscriberImport) -> int:
    rows = Subscription.objects.filter(brought_by=bringing, state__in=(State.COMING, State.PENDING))
    batch = list(rows.select_for_update(of=("self",)).order_by("pk")[:BATCH])
    people = [row.person_id for row in batch]
    Subscription.objects.filter(pk__in=[row.pk for row in batch if row.state == State.COMING]).delete()
    # They had asked by themselves, and still wait for their confirmation.
    Subscription.objects.filter(pk__in=[row.pk for row in batch if row.state == State.PENDING]).update(brought_by=None, consent=None)
    Consent.objects.filter(person__in=people, text_version=bringing.mark, subscriptions=None).delete()
    ours = HeldFor.objects.filter(person__in=people, source=bringing.source)
    # Held for something else as well: known before, or by something since.
    others = HeldFor.objects.filter(person=OuterRef("person")).exclude(source=bringing.source)
    ours.filter(Exists(others)).delete()
    Person.objects.filter(pk__in=list(ours.values_list("person", flat=True))).exclude(pk__in=_held_elsewhere(people)).delete()
    return len(batch)


def _held_elsewhere(people: Iterable[int]) -> set[int]:
    """Of whom something else is known by now than what they are held for."""
    found: set[int] = set()
    for relation in (relation for relation in Person._meta.related_objects if relation.related_model is not HeldFor):
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": people})
        found |= set(rows.values_list(relation.field.name, flat=True))
    return found


def _take_names_back(bringing: SubscriberImport) -> None:
    """Where they are still what the file said."""
    people = Person.objects.in_bulk([person for person, _name, _sum in bringing.named])
    for pk, name, checksum in bringing.named:
        person = people.get(pk)
        if person and crc32(getattr(person, name).encode()) == checksum:
            Person.objects.filter(pk=pk).update(**{name: ""})
