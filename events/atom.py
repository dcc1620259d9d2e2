"""Coming events as an Atom feed (RFC 4287), for readers of feeds and for other sites. Narrowed as the calendar is."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed

from base.pages import web_address
from events import words
from events.calendar import fitting_events, title_of_feed
from events.models import Event, pages_in
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.models import EventPage
    from themes.models import Theme

ENTRIES = 50
LONG_AGO = datetime(2021, 1, 1, tzinfo=UTC)


def feed(language: str, theme: Theme, chosen: Mapping[str, str]) -> bytes:
    """The soonest first. An entry is new to a reader when the event's facts or its page have changed, and stays the same one for ever."""
    events = list(Event.objects.public().filter(theme=theme, ends_at__gte=timezone.now()).select_related("region").order_by("starts_at", "pk"))
    pages = pages_in(language, events)
    with translation.override(language):
        fitting = fitting_events(events, pages, chosen)[:ENTRIES]
        changes = [_changed(event, pages[event.item_key]) for event in fitting]
        own = address_of(theme) + reverse("events:atom")
        made = Atom1Feed(
            title=title_of_feed(theme, chosen), link=address_of(theme), description="", language=language, feed_url=own,
            feed_guid=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{theme.key}/{language}/{sorted(chosen.items())}')}", author_name=theme.name,
        )  # fmt: skip
        for event, changed in zip(fitting, changes, strict=True):
            _add(made, event, pages[event.item_key], changed)
        # The generator would say now.
        made.latest_post_date = lambda: max(changes, default=LONG_AGO)  # type: ignore[method-assign]
        return made.writeString("utf-8").encode()


def _add(made: Atom1Feed, event: Event, page: EventPage, changed: datetime) -> None:
    facts = f"{words.when_text(event)}, {words.where_text(event, page)}"
    status = f"{translation.gettext('Cancelled')}: " if event.is_cancelled else ""
    made.add_item(
        title=f"{status}{page.title}",
        link=web_address(page) if page.live else "",
        description=f"{facts}. {page.lead}",
        unique_id=f"urn:uuid:{uuid.uuid5(event.uid, page.locale.language_code)}",
        pubdate=page.first_published_at,
        updateddate=changed,
    )


def _changed(event: Event, page: EventPage) -> datetime:
    return max(event.updated_at, page.last_published_at or event.updated_at)
