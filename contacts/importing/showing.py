"""What the screens of an import show: columns with examples, cells with errors, and rows beside the people whom they may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from base.spreadsheets import Unreadable
from contacts.details import url_of
from contacts.importing import forms, undoing
from contacts.importing.looking import COUNTED
from contacts.importing.matching import ANOTHER, LEAVE, Why
from contacts.models import ContactImport, ContactPoint, Person, Role

if TYPE_CHECKING:
    from collections.abc import Iterable


def counts_of(bringing: ContactImport, counts: dict[str, int] | None = None) -> list[tuple[str, int]]:
    """(words, number) of what became of the rows, without their sum."""
    words = {field.name: field.verbose_name for field in ContactImport._meta.fields}
    return [(str(words[name]), counts[name] if counts else getattr(bringing, name)) for name in COUNTED[1:]]


def kept(bringing: ContactImport, most: int) -> list[dict[str, Any]]:
    if not bringing.undone_at:
        return []
    return [{"name": str(one.person), "url": url_of(one.person), "reasons": ", ".join(one.reasons)} for one in undoing.kept(bringing, most)]


def look_of(bringing: ContactImport, form: forms.ColumnsForm) -> dict[str, Any]:
    """The columns, and what was found when the file was looked at."""
    looked = bringing.looked or {}
    try:
        examples = forms.examples(bringing)
    except Unreadable as told:
        return {"unreadable": str(told), "columns": []}
    context: dict[str, Any] = {
        "columns": [(field, held) for field, held in zip(form, examples, strict=True)],
        "unreadable": looked.get("unreadable", ""),
    }
    if "counts" in looked:
        counts = looked["counts"]
        duplicates = _duplicates(bringing, looked["duplicates"])
        context |= {
            "counts": counts_of(bringing, counts),
            "rows": counts["rows"],
            "coming": counts["created"] + counts["known"],
            "problems": _problems(bringing, looked["problems"]),
            "more_problems": counts["refused"] - len({problem[0] for problem in looked["problems"]}),
            "duplicates": duplicates,
            "more_duplicates": counts["doubled"] - sum(one["is_waiting"] for one in duplicates),
        }
    return context


def _problems(bringing: ContactImport, problems: Iterable[list[Any]]) -> list[dict[str, Any]]:
    """Each with the cells by which it is mended: (name of the field, heading, what was typed or stands there)."""
    found, seen = [], set()
    for problem in problems:
        row, column, heading, value, message, _can = problem
        mended = bringing.mended.get(str(row), {})
        cells = []
        for place in forms.places_of(bringing, problem):
            name = f"cell-{row}-{place}"
            if name not in seen:
                seen.add(name)
                cells.append((name, bringing.heading[place], mended.get(str(place), value if column else "")))
        found.append({"row": row, "column": column, "heading": heading, "value": value, "message": message, "cells": cells})
    return found


def _duplicates(bringing: ContactImport, duplicates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    people = _people({person for one in duplicates for person, _why in one["candidates"] if person > 0})
    found = []
    for one in duplicates:
        beside = []
        for person, why in one["candidates"]:
            told = people.get(person, {"name": _("Row %(number)d of the file") % {"number": -person}} if person < 0 else None)
            if told:
                beside.append(told | {"value": str(person), "why": Why(why).label})
        facts = one["facts"]
        row = {
            "name": f"{facts['first_name']} {facts['last_name']}".strip(),
            "email": ", ".join(facts["emails"]),
            "phone": ", ".join(facts["phones"]),
            "where": ", ".join(filter(None, [facts["title"], facts["organisation"], *facts.get("units", ())])),
            "city": facts["city"],
        }
        chosen = bringing.choices.get(str(one["row"]), ANOTHER if bringing.keeps_duplicates else LEAVE)
        is_waiting = chosen == LEAVE
        found.append({"number": one["row"], "row": row, "beside": beside, "chosen": chosen, "is_waiting": is_waiting, "lines": _lines(row, beside)})
    return found


def _lines(row: dict[str, str], beside: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """What stands beside what: (words, values of the row and of each)."""
    words = {"name": _("Name"), "email": _("E-mail"), "phone": _("Telephone"), "where": _("Organisation"), "city": _("Municipality")}
    lines = [(words[name], [row.get(name, ""), *(one.get(name, "") for one in beside)]) for name in words]
    return [(label, values) for label, values in lines if any(values)]


def _people(numbers: set[int]) -> dict[int, dict[str, Any]]:
    """Three queries."""
    phones: dict[int, list[str]] = {}
    for pk, value in ContactPoint.objects.filter(person__in=numbers).values_list("person", "value"):
        phones.setdefault(pk, []).append(value)
    places: dict[int, list[str]] = {}
    for role in Role.objects.current(timezone.localdate()).filter(person__in=numbers).select_related("organisation"):
        places.setdefault(role.person_id, []).append(", ".join(filter(None, [role.title, str(role.organisation)])))
    return {
        person.pk: {
            "name": str(person),
            "url": url_of(person),
            "email": person.email,
            "phone": ", ".join(phones.get(person.pk, ())),
            "where": "; ".join(places.get(person.pk, ())),
            "city": person.city,
        }
        for person in Person.objects.filter(pk__in=numbers)
    }
