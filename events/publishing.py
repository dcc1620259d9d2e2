"""An event's facts come from its source page when that is published, and end when it is cancelled."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.signals import page_published

from base.page_changes import forget_pages
from base.questions import questions_of
from base.tasks import enqueue
from contacts.pages import is_source
from events import answers, options, seats
from events.models import Event, EventPage, Mode

if TYPE_CHECKING:
    from base.models import User

logger = logging.getLogger(__name__)

FACTS = ("theme_id", "scope", "starts_at", "ends_at", "mode", "place", "online_link")
# What makes everybody look at the invitation again (RFC 5546, 2.1.4).
WEIGHTY = {"starts_at", "ends_at", "mode", "place", "online_link"}


@transaction.atomic
def publish_event(page: EventPage) -> Event:
    """Brings the source page's facts to its Event. Who registered hears of a new time, place or link.

    No capacity goes below the seats taken: then `event.capacity` differs from the page's.
    """
    facts = {name: getattr(page, name) for name in FACTS}
    event, made = Event.objects.get_or_create(item_key=page.translation_key, date_key=page.translation_key, defaults=facts)
    changed: dict[str, Any] = {} if made else {name: value for name, value in facts.items() if getattr(event, name) != value}
    if changed:
        moved = not WEIGHTY.isdisjoint(changed)
        Event.objects.filter(pk=event.pk).update(**changed, updated_at=timezone.now(), sequence=F("sequence") + int(moved))
        if moved:
            enqueue("events.actions.send_updates", event.pk)
    seats.set_ways(event, wanted := capacities(page))
    options.set_options(event, questions_of(page.questions))
    answers.shorten(page)
    event.refresh_from_db()
    forget_pages()
    if event.capacity > sum(wanted.values()):
        logger.warning("event %s keeps %s seats: so many are taken", event.pk, event.capacity)
    return event


def capacities(page: EventPage) -> dict[str, int]:
    """Of each way to take part: a hybrid event has seats in the room and online."""
    if page.mode == Mode.HYBRID:
        return {Mode.IN_PERSON: page.capacity, Mode.ONLINE: page.online_capacity}
    return {page.mode: page.capacity}


def publish_source_page(sender: type, instance: Any, **kwargs: object) -> None:
    if isinstance(instance, EventPage) and is_source(instance):
        publish_event(instance)


def connect() -> None:
    page_published.connect(publish_source_page, dispatch_uid="events.publish_source_page")


@transaction.atomic
def cancel_event(*, event: Event, by: User | None = None) -> None:
    """Cancels for good. Confirmed registrants get a CANCEL; the event stays in the feed as cancelled."""
    made = Event.objects.filter(pk=event.pk, is_cancelled=False).update(is_cancelled=True, updated_at=timezone.now(), sequence=F("sequence") + 1)
    event.refresh_from_db()
    if made:
        forget_pages()
        log(event, "wagtail.edit", user=by, data={"cancelled": True})
        enqueue("events.actions.end_registrations", event.pk)
