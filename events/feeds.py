"""Calendars that programs ask for again and again: built once, and kept until what is in them changes, or the clock takes something out.

Kept as what pages share is (`base.remembered`): in each process, until any page or event changes, for a minute at most. Who asks with the ETag
of what they have then costs next to nothing. Feeds with more than one choice are built each time: there are too many of those to keep.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from base.remembered import remember
from events import calendar
from events.models import Event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from themes.models import Theme

MOST_CHOICES_KEPT = 1


@dataclass(frozen=True)
class Built:
    """`etag` is a strong one. `until` is when the clock alone changes the bytes; None where it does not."""

    content: bytes
    etag: str
    until: datetime | None = None


def built(content: bytes, until: datetime | None = None) -> Built:
    return Built(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"', until)


def of_theme(language: str, theme: Theme, chosen: Mapping[str, str]) -> Built:
    key = ("calendar feed", theme.pk, language, *sorted(chosen.items()))
    if len(chosen) > MOST_CHOICES_KEPT:
        return _build(language, theme, chosen)
    kept = remember(key, lambda: _build(language, theme, chosen))
    return kept if kept.until is None or timezone.now() < kept.until else _build(language, theme, chosen)


def _build(language: str, theme: Theme, chosen: Mapping[str, str]) -> Built:
    """Moments that grow old are let go a minute late at most: nobody's calendar needs them any more."""
    since = timezone.now() - calendar.IN_FEED_AFTER_END
    first = Event.objects.public().filter(theme=theme, ends_at__gte=since).order_by("ends_at").values_list("ends_at", flat=True).first()
    return built(calendar.feed(language, theme, chosen), first + calendar.IN_FEED_AFTER_END if first else None)
