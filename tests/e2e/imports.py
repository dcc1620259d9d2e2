"""Runs beside the server (`Server.call`): whom an import may meet, and what has come of it."""

from __future__ import annotations

from typing import Any

from contacts.models import ContactImport, Pair, Person, Role
from themes.models import Theme


def somebody() -> dict[str, str]:
    """Of the theme that the coordinator works in, with a role of today."""
    role = Role.objects.current().filter(person__theme=Theme.objects.order_by("pk")[0]).exclude(person__first_name="").order_by("pk")[0]
    return {"first": role.person.first_name, "last": role.person.last_name, "body": role.organisation.name_fi}


def brought(source: str) -> list[tuple[str, str, str]]:
    """Names and addresses of those who came from there."""
    return list(Person.objects.filter(brought_by__source=source).order_by("last_name").values_list("first_name", "last_name", "email"))


def imports(source: str) -> list[dict[str, Any]]:
    rows = ContactImport.objects.filter(source=source)
    return [{"created": row.created, "known": row.known, "has_file": row.content is not None, "is_undone": bool(row.undone_at)} for row in rows]


def twice(first: str, last: str) -> dict[str, Any]:
    """How many of the name there are, and the waiting pair of two of them."""
    named = Person.objects.filter(first_name=first, last_name=last)
    pair = Pair.objects.waiting().filter(person__in=named, other_person__in=named).first()
    return {"number": named.count(), "pair": pair.pk if pair else None}
