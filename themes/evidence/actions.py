from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.log_actions import log

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.models import User
    from themes.models import Goal


@transaction.atomic
def bring(rows: Iterable[tuple[Any, list[Goal]]], *, by: User | None) -> tuple[int, int]:
    """All of a table or nothing. What is there already, by its day and name, gets the table's figures.

    Returns how many are new, and how many were known.
    """
    new = known = 0
    for row, goals in rows:
        same = {name: getattr(row, name) for name in row.same}
        told = [field.name for field in row._meta.concrete_fields if not field.primary_key and field.name not in (*same, "theme")]
        kept, is_new = type(row).objects.update_or_create(theme=row.theme, **same, defaults={name: getattr(row, name) for name in told})
        kept.goals.add(*goals)
        log(kept, "wagtail.create" if is_new else "wagtail.edit", user=by)
        new, known = new + is_new, known + (not is_new)
    return new, known
