"""The register's people and organisations as records, and the pairs among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from contacts.duplicates.records import THRESHOLD, OrganisationRecord, Pair, PersonRecord
from contacts.models import ContactPoint, Organisation, Person, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from themes.models import Theme

NAMES = ("name_fi", "name_sv", "name_en")


def people_of(theme: Theme) -> Iterator[PersonRecord]:
    """Three queries, whatever their number."""
    points: dict[str, dict[int, list[str]]] = {medium: {} for medium in ContactPoint.Medium.values}
    for person, medium, value in ContactPoint.objects.filter(person__theme=theme).values_list("person", "medium", "value").iterator():
        points[medium].setdefault(person, []).append(value)
    bodies = _workplaces(theme)
    rows = Person.objects.filter(theme=theme).order_by("pk").values_list("pk", "first_name", "last_name", "email", "city")
    for pk, first, last, email, city in rows.iterator():
        emails = [*([email] if email else []), *points[ContactPoint.Medium.EMAIL].get(pk, ())]
        yield PersonRecord(pk, first, last, emails, points[ContactPoint.Medium.PHONE].get(pk, ()), bodies.get(pk, ()), city)


def _workplaces(theme: Theme) -> dict[int, list[str]]:
    """Of each person, those of today first."""
    found: dict[int, list[str]] = {}
    today = timezone.localdate()
    rows = Role.objects.filter(person__theme=theme).order_by("-pk").values_list("person", "organisation__name_fi", "ends")
    for person, name, ends in rows.iterator():
        known = found.setdefault(person, [])
        known.insert(0 if ends is None or ends >= today else len(known), name)
    return found


def organisations_of(theme: Theme) -> Iterator[OrganisationRecord]:
    columns = ("pk", *NAMES, "business_id", "email", "phone", "city", "parent_id")
    for pk, *names, business_id, email, phone, city, above in (
        Organisation.objects.filter(theme=theme).order_by("pk").values_list(*columns).iterator()
    ):
        yield OrganisationRecord(pk, list(filter(None, names)), business_id, list(filter(None, [email])), list(filter(None, [phone])), city, above)


def find_pairs(model: type[Any], theme: Theme, threshold: float = THRESHOLD) -> list[Pair]:
    """Of Person or Organisation. Minutes for very large registers: in a task or a command."""
    from contacts.duplicates import finding

    if model is Person:
        return finding.pairs_of_people(people_of(theme), threshold)
    return finding.pairs_of_organisations(organisations_of(theme), threshold)
