"""The events that readers can still go to, for newsletters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from base import coming
from events.blocks import in_region
from events.models import Event, EventPage

if TYPE_CHECKING:
    from uuid import UUID

    from base.coming import Wanted


def keys(wanted: Wanted) -> list[UUID]:
    """Those that have not begun and are not cancelled."""
    pages = EventPage.objects.live()
    if wanted.sub_theme:
        pages = pages.filter(sub_themes__key=wanted.sub_theme)
    events = Event.objects.filter(theme=wanted.theme_id, starts_at__gt=timezone.now(), is_cancelled=False)
    if wanted.region:
        events = events.filter(in_region(wanted.region, pages))
    if not wanted.is_internal:
        events, pages = events.public(), pages.public()
    found = events.filter(item_key__in=pages.values("translation_key")).order_by("starts_at", "pk")
    # Of an event with many dates, the next one.
    return list(dict.fromkeys(found.values_list("item_key", flat=True)))


def register() -> None:
    coming.register(coming.EVENTS, keys)
