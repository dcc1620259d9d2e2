"""When calls open and close, for the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid5

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base import agenda
from base.agenda import Moment
from base.fallbacks import readable
from pages.calls import CallPage, of_theme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def moments(theme_id: int, language: str, since: datetime) -> Iterator[Moment]:
    """Joint calls are in the calendars of all their themes."""
    calls: Any = CallPage.objects.filter(Q(theme=theme_id) | of_theme(theme_id), closes_at__gte=since).live().public()
    for call in readable(calls, language).select_related("locale"):
        for name, what, at in (("opens", _("The call opens"), call.opens_at), ("closes", _("The call closes"), call.closes_at)):
            if at >= since:
                yield Moment(uuid5(call.translation_key, name), at, what, call, call.last_published_at or call.latest_revision_created_at)


def register() -> None:
    agenda.register("pages.calls", moments)
