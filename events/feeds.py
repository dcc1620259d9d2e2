"""Calendars and feeds that programs ask for again and again: built once, and kept until what is in them changes, or the clock takes something out.

Kept as what pages share is (`base.remembered`): in each process, until any page or event changes, for a minute at most. Who asks with the ETag
of what they have then costs next to nothing. Feeds with more than one choice are built each time: there are too many of those to keep.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from base.remembered import remember
from events import atom, calendar
from events.models import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
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


def calendar_of(language: str, theme: Theme, chosen: Mapping[str, str]) -> Built:
    return _kept(_build_calendar, language, theme, chosen)


def atom_of(language: str, theme: Theme, chosen: Mapping[str, str]) -> Built:
    return _kept(_build_atom, language, theme, chosen)


def _kept(build: Callable[[str, Theme, Mapping[str, str]], Built], language: str, theme: Theme, chosen: Mapping[str, str]) -> Built:
    key = (build.__name__, theme.pk, language, *sorted(chosen.items()))
    if len(chosen) > MOST_CHOICES_KEPT:
        return build(language, theme, chosen)
    kept = remember(key, lambda: build(language, theme, chosen))
    return kept if kept.until is None or timezone.now() < kept.until else build(language, theme, chosen)


def _build_calendar(language: str, theme: Theme, chosen: Mapping[str, str]) -> Built:
    """Moments that grow old are let go a minute late at most: nobody's calendar needs them any more."""
    since = timezone.now() - calendar.IN_FEED_AFTER_END
    first = _first_end(theme, since)
    return built(calendar.feed(language, theme, chosen), first + calendar.IN_FEED_AFTER_END if first else None)


def _build_atom(language: str, theme: Theme, chosen: Mapping[str, str]) -> Built:
    first = _first_end(theme, timezone.now())
    return built(atom.feed(language, theme, chosen), first)


def _first_end(theme: Theme, since: datetime) -> datetime | None:
    """Of the public events that end after `since`, when the first of them does."""
    rows = Event.objects.public().filter(theme=theme, ends_at__gte=since)
    return rows.order_by("ends_at").values_list("ends_at", flat=True).first()
