"""The report of the site's history names rows of every theme. Beside pages, whoever works in one theme reads of what they did themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import ModelLogEntry

from themes.teams import standing_of

if TYPE_CHECKING:
    from django.db.models import QuerySet


def register() -> None:
    """Wagtail has no place to say it: its own question is asked first."""
    manager: Any = type(ModelLogEntry.objects)
    viewable = manager.viewable_by_user

    def of_their_own(self: Any, user: Any) -> QuerySet[ModelLogEntry]:
        rows: QuerySet[ModelLogEntry] = viewable(self, user)
        return rows if standing_of(user).bound is None else rows.filter(user=user)

    manager.viewable_by_user = of_their_own
