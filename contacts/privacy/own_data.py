"""All that is held on a person, given out: to read, as JSON, and as PDF."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base import values
from base.documents import table_document
from base.languages import FALLBACK, active
from contacts import people
from contacts.privacy import words

if TYPE_CHECKING:
    from base.personal import Holding
    from contacts.models import Person

# Kept for us to find rows by, and said in words elsewhere.
KEYS = {"source", "purpose", "stream"}
# Whole rows as they were: in JSON alone.
NOT_IN_WORDS = {"steps"}


class Held(NamedTuple):
    """One row, as pairs of a label and a value in words."""

    kind: str
    pairs: list[tuple[str, str]]


def held_on(person: Person) -> list[Held]:
    """In the active language. What is empty is left out."""
    found = people.export_person(person, fields_of=_spoken)
    said = words.in_words({str(row[key]) for rows in found.values() for row in rows for key in KEYS & set(row)})
    every = (_held(label, row, said) for label, rows in found.items() for row in rows)
    return [held for held in every if held.pairs]


def _spoken(holding: Holding) -> list[str]:
    """Names in the active language beside those in Finnish, which stand for those that are missing."""
    others = [_in_language(path) for path in holding.fields if path.endswith(f"_{FALLBACK}")]
    return list(dict.fromkeys([*holding.fields, *(path for path in others if _field(holding.model, path))]))


def _in_language(path: str) -> str:
    return f"{path.removesuffix(FALLBACK)}{active()}"


def _held(label: str, row: dict[str, Any], said: dict[str, str]) -> Held:
    model = apps.get_model(label)
    for path in [path for path in row if path.endswith(f"_{FALLBACK}") and active() != FALLBACK]:
        row[path] = row.pop(_in_language(path), "") or row[path]
    pairs = [(_label(model, name), _value(model, name, value, said)) for name, value in row.items() if _is_told(name, value)]
    return Held(_upper(str(_told_of(model)._meta.verbose_name)), pairs)


def _told_of(model: Any) -> Any:
    """What a row that only ties two others is about, such as a tag."""
    if whose := model._meta.auto_created:
        return next(field.related_model for field in model._meta.fields if field.is_relation and field.related_model is not whose)
    return model


def _is_told(name: str, value: Any) -> bool:
    """Not what is empty, nor keys that say nothing to anybody."""
    return name not in NOT_IN_WORDS and not isinstance(value, UUID) and value not in (None, "", [], {})


def _upper(label: str) -> str:
    return label[:1].upper() + label[1:]


def _field(model: Any, path: str) -> Any:
    """The field at the end of a path of `values()`; None where there is none, such as a key of JSON."""
    found = None
    for name in path.split("__"):
        try:
            found = model._meta.get_field(name)
        except (FieldDoesNotExist, AttributeError):
            return found
        model = found.related_model
    return found


def _label(model: Any, path: str) -> str:
    """Of another row's name, what that row is: “organisation”, not “name in Finnish”. What is chosen of a list has a name of its own."""
    if model._meta.auto_created:
        return _upper(str(_told_of(model)._meta.verbose_name))
    field, first = _field(model, path), _field(model, path.split("__")[0])
    told = field if getattr(field, "flatchoices", None) else first
    return _upper(str(getattr(told, "verbose_name", path)))


def _value(model: Any, path: str, value: Any, said: dict[str, str]) -> str:
    field = _field(model, path)
    choices = dict(getattr(field, "flatchoices", None) or ())
    if path in KEYS:
        return said[str(value)]
    if isinstance(value, str | int) and value in choices:
        return str(choices[value])
    return values.in_words(value)


def as_json(person: Person) -> bytes:
    """Keys are those of the register's own rows, times in ISO 8601: for machines (GDPR, Article 20)."""
    told = {"exported_at": timezone.now(), "theme": person.theme.key, "data": people.export_person(person)}
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()


def as_pdf(person: Person) -> bytes:
    rows = [[held.kind, label, value] for held in held_on(person) for label, value in held.pairs]
    facts = [str(person), _("All that the contact register of %(theme)s holds.") % {"theme": person.theme.name}]
    head = [_("What"), _("Field"), _("Value")]
    return table_document(title=_("Your data in our contact register"), facts=facts, head=head, rows=rows, widths=[3, 3, 6])


@transaction.atomic
def correct(person: Person, told: dict[str, Any]) -> None:
    """By the person. What is wrong elsewhere, such as a role, is told to us and corrected by the staff."""
    changed = [name for name, value in told.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, told[name])
    if changed:
        person.full_clean()
        person.save(update_fields=changed)
        # Which fields, never what stood in them: what was wrong is gone.
        log(person, "contacts.corrected", data={"fields": changed})


@transaction.atomic
def erase(person: Person) -> None:
    """By the person. That somebody was erased stays with the theme; who, nowhere. Who has become another meanwhile is erased as that one."""
    theme = person.theme
    who: Person | None = person
    while who:
        try:
            people.erase_person(who)
        except people.GoneError:
            who = people.became(who)
        else:
            break
    log(theme, "contacts.erased")
