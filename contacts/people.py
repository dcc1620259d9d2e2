"""What can be done to a person: found, made, exported, merged, erased. The registry of personal data carries the last three everywhere."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from base import personal
from base.personal import Subject
from contacts import purposes, search
from contacts.models import ContactPoint, Merge, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from base.personal import Holding
    from contacts.models import Purpose
    from themes.models import Theme


def subject(person: Person) -> Subject:
    """Known by every address that the person has had; by none, if none was given."""
    further = ContactPoint.objects.filter(person_id=person.pk, medium=ContactPoint.Medium.EMAIL).values_list("value", flat=True)
    addresses = dict.fromkeys(address.lower() for address in (person.email, *further) if address)
    return Subject(person.pk, person.key, tuple(addresses))


@transaction.atomic(savepoint=False)
def person_at(*, theme: Theme, email: str, source: str, purpose: Purpose, **details: Any) -> Person:
    """The person with this address, made if there is none: by what they wrote to us themselves. They are held for the purpose from now on, beside
    what they were held for before. Details never overwrite what is known already."""
    person, is_new = _person_at(theme, email, {"from_others": False} | details)
    purposes.hold([person], purpose, source=source, since=person.obtained_at if is_new else None)
    return person


def _person_at(theme: Theme, email: str, details: dict[str, Any]) -> tuple[Person, bool]:
    known = Person.objects.filter(theme=theme).with_address(email).first()
    if known is None:
        try:
            with transaction.atomic():
                return Person.objects.create(theme=theme, email=email, **details), True
        except IntegrityError:
            # Two forms at once: the other's row is there now.
            known = Person.objects.filter(theme=theme).with_address(email).get()
    missing = {name: value for name, value in details.items() if value and name != "from_others" and not getattr(known, name)}
    for name, value in missing.items():
        setattr(known, name, value)
    if missing:
        known.save(update_fields=list(missing))
    return known, False


def export_person(person: Person, *, fields_of: Callable[[Holding], Iterable[str]] = attrgetter("fields")) -> dict[str, list[dict[str, Any]]]:
    """All that is held on the person: a list of rows by the model's label."""
    who = subject(person)
    found = {holding.model._meta.label: list(holding.find(who).values(*fields_of(holding))) for holding in personal.holdings()}
    return {label: rows for label, rows in found.items() if rows}


@transaction.atomic
def merge_people(*, winner: Person, loser: Person) -> Person:
    """Moves everything of the loser to the winner, then removes the loser. Opt-outs are never weakened."""
    kept, gone = subject(winner), subject(loser)
    for holding in personal.holdings():
        if holding.model is not Person:
            holding.merge(kept, gone)
    loser.delete()
    # What was the loser's came by updates.
    search.index_people([winner.pk])
    return winner


class GoneError(Exception):
    """The person is not in the register any more: somebody has merged them into another or erased them."""


def became(person: Person) -> Person | None:
    """Whom somebody who is gone was merged into, while that stands."""
    for merge in Merge.objects.standing().filter(gone_number=person.pk).exclude(person=None).select_related("person"):
        # Numbers may be given again, keys are not.
        if any(step["pk"] == person.pk and (step["was"] or {}).get("key") == str(person.key) for step in merge.steps):
            found: Person | None = merge.person
            return found
    return None


@transaction.atomic
def erase_person(person: Person) -> None:
    """Erases the person everywhere. Only a keyed hash on the suppression list may remain.

    Raises GoneError where the person has become another meanwhile, who is not erased by this, or is erased already.
    """
    # Whoever merges or erases the same person waits here, before any of its rows is held.
    if not Person.objects.select_for_update(of=("self",)).filter(pk=person.pk).exists():
        raise GoneError
    who = subject(person)
    for holding in personal.holdings():
        if holding.model is not Person:
            holding.erase(who)
    person.delete()
