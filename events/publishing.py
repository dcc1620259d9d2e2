"""An event's dates and their facts come from its source page when that is published, and end when it is cancelled."""

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
from events import answers, options, seats, waiting
from events.choosing import pool_of
from events.dates import dates_of
from events.models import Event, EventPage
from events.models.rules import RULES
from events.timetable import chosen_sessions
from themes.models import Region

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.models import User
    from events.dates import PageDate

logger = logging.getLogger(__name__)

# What makes everybody look at the invitation again (RFC 5546, 2.1.4).
WEIGHTY = {"starts_at", "ends_at", "time_zone", "mode", "place", "online_link"}


@transaction.atomic
def publish_event(page: EventPage) -> Event:
    """Brings the source page's dates to their rows. Who registered hears of a new time, place or link, or that their date is held no more.

    No capacity goes below the seats taken: then `event.capacity` differs from the page's. Returns the first date.
    """
    dates = dates_of(page)
    regions = {region.code: region for region in Region.objects.filter(code__in={one.region for one in dates})}
    events = [_bring(page, one, regions.get(one.region)) for one in dates]
    for event in left_out(page, dates):
        _end(event)
    answers.shorten(page)
    forget_pages()
    return events[0]


def _bring(page: EventPage, one: PageDate, region: Region | None) -> Event:
    facts = {name: getattr(page, name) for name in ("theme_id", "scope", "time_zone", *RULES)}
    facts |= {name: getattr(one, name) for name in ("starts_at", "ends_at", "mode", "place", "online_link")} | {"region": region}
    event, made = Event.objects.get_or_create(item_key=page.translation_key, date_key=one.key, defaults=facts)
    changed: dict[str, Any] = {} if made else {name: value for name, value in facts.items() if getattr(event, name) != value}
    if changed:
        moved = not WEIGHTY.isdisjoint(changed)
        if "starts_at" in changed:
            changed["previous_starts_at"] = event.starts_at
        Event.objects.filter(pk=event.pk).update(**changed, updated_at=timezone.now(), sequence=F("sequence") + int(moved))
        if moved:
            enqueue("events.telling.send_updates", event.pk)
    seats.set_ways(event, wanted := one.capacities)
    options.set_options(event, questions_of(page.questions))
    for session in chosen_sessions(page):
        seats.set_capacity(event, pool_of(session.key), session.capacity or 0)
    bring_rules(page, event)
    event.refresh_from_db()
    if event.capacity > sum(wanted.values()):
        logger.warning("event %s keeps %s seats: so many are taken", event.pk, event.capacity)
    return event


def bring_rules(page: EventPage, event: Event) -> None:
    """Who needs a code and who comes first; then what has come free, by a larger capacity or otherwise, is offered."""
    codes = page.codes()
    Event.objects.filter(pk=event.pk).update(access_codes=sorted(codes))
    seats.set_codes(event, codes)
    event.priority_groups.set(page.priority_groups.all())
    waiting.offer_seats(event)


def left_out(page: EventPage, dates: Iterable[PageDate]) -> list[Event]:
    """Dates to come that the page names no more. What has been held has been held."""
    rows = Event.objects.filter(item_key=page.translation_key, ends_at__gt=timezone.now(), is_cancelled=False)
    return list(rows.exclude(date_key__in=[one.key for one in dates]).order_by("starts_at", "pk"))


def _end(event: Event) -> None:
    """One that nobody ever registered for was never there; of the others everybody hears that they are cancelled."""
    if event.registrations.exists():
        cancel_event(event=event)
    else:
        event.delete()


def publish_source_page(sender: type, instance: Any, **kwargs: object) -> None:
    # Wagtail sends it for a time in the future too.
    if isinstance(instance, EventPage) and instance.live and is_source(instance):
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
        enqueue("events.telling.end_registrations", event.pk)
