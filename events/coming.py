"""The events that readers can still go to, for newsletters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from base import coming
from events.models import Event, EventPage

if TYPE_CHECKING:
    from uuid import UUID

    from base.coming import Wanted


def keys(wanted: Wanted) -> list[UUID]:
    """Those that have not begun and are not cancelled."""
    pages = EventPage.objects.live()
    if wanted.sub_theme:
        pages = pages.filter(sub_themes__key=wanted.sub_theme)
    if wanted.region:
        pages = pages.filter(regions__code=wanted.region)
    events = Event.objects.filter(theme=wanted.theme_id, starts_at__gt=timezone.now(), is_cancelled=False)
    if not wanted.is_internal:
        events, pages = events.public(), pages.public()
    found = events.filter(item_key__in=pages.values("translation_key")).order_by("starts_at", "pk")
    return list(found.values_list("item_key", flat=True))


def register() -> None:
    coming.register(coming.EVENTS, keys)
