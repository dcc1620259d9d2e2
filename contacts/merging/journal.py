"""Which rows a merge changed. The rows that hold something of the two are read before and after it; what differs is what an undo puts back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db import models

from contacts.models.merges import Exactly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from base.personal import Edited

# The label of a model and the number of a row, and the columns of it.
Key = tuple[str, Any]
Rows = dict[Key, dict[str, Any]]


class Undone(NamedTuple):
    """How many rows are as they were, and how many kept something that was changed since. By model, the numbers of those that are there again, and
    which columns were edited, with what stood in them before the merge."""

    restored: int
    kept: int
    again: dict[str, set[Any]]
    edited: dict[str, Edited]


def rows_of(querysets: Iterable[Any]) -> Rows:
    """The rows, and those that would go along with them."""
    found: Rows = {}
    for queryset in querysets:
        _collect(queryset, found)
    return found


def _collect(queryset: Any, found: Rows) -> None:
    model = queryset.model
    columns = [field.attname for field in model._meta.concrete_fields if not isinstance(field, models.BinaryField)]
    new = []
    for values in queryset.values(*columns):
        key = (model._meta.label, values[model._meta.pk.attname])
        if key not in found:
            found[key] = values
            new.append(key[1])
    if new and model._meta.label not in ("contacts.Person", "contacts.Organisation"):
        for field in fields_to(model):
            _collect(field.model._base_manager.filter(**{f"{field.name}__in": new}), found)


def fields_to(model: Any) -> Iterator[Any]:
    """The columns of other models that point at it, those of many-to-many tables too."""
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.concrete_fields:
            if field.remote_field and field.remote_field.model is model and not getattr(field.remote_field, "parent_link", False):
                yield field


def steps_between(before: Rows, after: Rows, watched: dict[str, tuple[str, ...]] | None = None) -> list[dict[str, Any]]:
    """As JSON would have them. Of a row that changed, the columns that did, and those that are watched."""
    steps = []
    for key in dict.fromkeys([*before, *after]):
        was, became = before.get(key), after.get(key)
        if was and became:
            told = [name for name in was if was[name] != became[name] or name in (watched or {}).get(key[0], ())]
            was, became = {name: was[name] for name in told}, {name: became[name] for name in told}
        if was or became:
            steps.append({"model": key[0], "pk": key[1], "was": was, "became": became})
    plain: list[dict[str, Any]] = json.loads(json.dumps(steps, cls=Exactly))
    return plain


def undo(steps: list[dict[str, Any]], *, stays: dict[str, tuple[str, ...]]) -> Undone:
    """What has changed changes back first, so that rows find their places free; foreign keys are looked at when the transaction ends. Then come
    those that are gone, those that are pointed at before those that point; then what was made goes."""
    restored, kept = 0, 0
    again: dict[str, set[Any]] = {}
    edited: dict[str, Edited] = {}
    for step in (step for step in steps if step["became"] and step["was"]):
        others = _change_back(step, stays.get(step["model"], ()))
        if others:
            edited.setdefault(step["model"], {})[step["pk"]] = {name: step["was"][name] for name in others}
        restored, kept = restored + (not others), kept + bool(others)
    for step in _in_order(step for step in steps if step["became"] is None):
        is_back = _put_back(step)
        restored, kept = restored + is_back, kept + (not is_back)
        if is_back:
            again.setdefault(step["model"], set()).add(step["pk"])
    for step in (step for step in steps if step["was"] is None):
        is_gone = _take_away(step)
        restored, kept = restored + is_gone, kept + (not is_gone)
    return Undone(restored, kept, again, edited)


def _in_order(steps: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = {(step["model"], str(step["pk"])): step for step in steps}
    placed: dict[tuple[str, str], dict[str, Any]] = {}

    def place(key: tuple[str, str]) -> None:
        step = rows.get(key)
        if step is None or key in placed:
            return
        for field in _foreign(apps.get_model(step["model"])):
            target = (field.remote_field.model._meta.label, str(step["was"].get(field.attname)))
            if target != key:
                place(target)
        placed[key] = step

    for key in rows:
        place(key)
    return list(placed.values())


def _foreign(model: Any) -> Iterator[Any]:
    yield from (field for field in model._meta.concrete_fields if field.remote_field)


def _put_back(step: dict[str, Any]) -> bool:
    """With its number. Not, if what it belongs to has gone since: then a later act has ended it."""
    model = apps.get_model(step["model"])
    values = {field.attname: _read(field, step["was"]) for field in model._meta.concrete_fields if field.attname in step["was"]}
    if model._base_manager.filter(pk=step["pk"]).exists():
        return False
    for field in _foreign(model):
        target = values.get(field.attname)
        if target is not None and not field.remote_field.model._base_manager.filter(**{field.target_field.attname: target}).exists():
            if not field.null:
                return False
            values[field.attname] = None
    # As a loaded row: no automatic value of a field is made anew, and no signal takes it for a new one.
    models.QuerySet(model).bulk_create([model(**values)])
    return True


def _change_back(step: dict[str, Any], stays: tuple[str, ...]) -> set[str]:
    """A column that was edited since keeps what it has. Those; all of them, if the row is gone."""
    model = apps.get_model(step["model"])
    rows: Any = models.QuerySet(model).filter(pk=step["pk"])
    now = rows.values(*step["was"]).first()
    if now is None:
        return set(step["was"])
    now = json.loads(json.dumps(now, cls=Exactly))
    same = {name for name in step["was"] if now[name] == step["became"][name]}
    fields = {field.attname: field for field in model._meta.concrete_fields}
    changed = {name: _read(fields[name], step["was"]) for name in same if step["was"][name] != step["became"][name] and name not in stays}
    if changed:
        models.QuerySet.update(rows, **changed)
    return set(step["was"]) - same


def _take_away(step: dict[str, Any]) -> bool:
    model = apps.get_model(step["model"])
    rows: Any = models.QuerySet(model).filter(pk=step["pk"])
    now = json.loads(json.dumps(rows.values(*step["became"]).first(), cls=Exactly))
    if now is not None and now != step["became"]:
        return False
    rows.delete()
    return True


def _read(field: Any, values: dict[str, Any]) -> Any:
    value = values[field.attname]
    if value is None or isinstance(field, models.JSONField):
        return value
    return field.target_field.to_python(value) if field.remote_field else field.to_python(value)
