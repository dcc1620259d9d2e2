"""All dates of an event as its page says them: its own first date, then those of its `dates`, each with a key that stays.

A date's key is the id of its block, and for a rule it is made of the block's id and the day: the clock may change without the date being another one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import weekday
from dateutil.rrule import MONTHLY, WEEKLY, rrule
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail import blocks

from events.date_blocks import MONTHS, MOST
from events.models.facts import Mode
from events.wall import moment, same_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.models import EventPage


@dataclass(frozen=True)
class PageDate:
    """One date, as the page has it. `online_capacity` counts beside `capacity` where it is hybrid."""

    key: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    mode: str
    place: str
    region: str
    capacity: int
    online_capacity: int
    online_link: str

    @property
    def capacities(self) -> dict[str, int]:
        """Of each way to take part: a hybrid date has seats in the room and online."""
        if self.mode == Mode.HYBRID:
            return {Mode.IN_PERSON: self.capacity, Mode.ONLINE: self.online_capacity}
        return {self.mode: self.capacity}


def dates_of(page: EventPage) -> list[PageDate]:
    """The first date, then the others by time. Raises a StreamBlockValidationError that says in which block which time cannot be."""
    return [first_of(page), *sorted(further_dates(page), key=lambda one: (one.starts_at, one.key))]


def first_of(page: EventPage) -> PageDate:
    return PageDate(
        key=page.translation_key,
        starts_at=page.starts_at,
        ends_at=page.ends_at,
        mode=page.mode,
        place=page.place,
        region="",
        capacity=page.capacity,
        online_capacity=page.online_capacity,
        online_link=page.online_link,
    )


def further_dates(page: EventPage) -> list[PageDate]:
    found: list[PageDate] = []
    errors: dict[int, ValidationError] = {}
    for place, child in enumerate(page.dates):
        try:
            found += [_date(page, child.value, key, day, last) for key, day, last in _days(page, child)]
        except ValidationError as refusal:
            errors[place] = refusal
    if errors:
        raise blocks.StreamBlockValidationError(block_errors=errors)
    if len(found) > MOST:
        told = _("These are %(number)d dates: an event has %(most)d at most.") % {"number": len(found), "most": MOST}
        raise blocks.StreamBlockValidationError(non_block_errors=[ValidationError(told)])
    return found


def _days(page: EventPage, child: Any) -> Iterator[tuple[uuid.UUID, date, date]]:
    """(key, first day, last day) of each date that a block stands for."""
    block_key = uuid.UUID(str(child.id)) if child.id else uuid.uuid4()
    first = page.starts_at.astimezone(ZoneInfo(page.time_zone)).date()
    last = page.ends_at.astimezone(ZoneInfo(page.time_zone)).date()
    if child.block_type == "date":
        day = child.value["day"]
        yield block_key, day, child.value["last_day"] or day + (last - first)
        return
    for day in repeated(first, child.value):
        yield uuid.uuid5(block_key, day.isoformat()), day, day + (last - first)


def repeated(first: date, rule: Any) -> Iterator[date]:
    """The days after the first. A month that has no fifth Tuesday is counted from its end when the first day was its month's last."""
    how: dict[str, Any] = {"freq": WEEKLY}
    if rule["unit"] == MONTHS:
        how = {"freq": MONTHLY, "byweekday": weekday(first.weekday(), _place_in_month(first))}
    until = rule["until"] and datetime.combine(rule["until"], time.max)
    # One more than may be: too many are told, not cut.
    count = rule["times"] + 1 if rule["times"] else None
    days = rrule(dtstart=datetime.combine(first, time.min), interval=rule["every"], until=until, count=count, **how)
    left_out = set(rule["leave_out"])
    yield from (at.date() for at in islice(days, 1, MOST + 2) if at.date() not in left_out)


def _place_in_month(day: date) -> int:
    """The second Tuesday is 2. The last one is -1, so that each month has it."""
    is_last = (day + timedelta(days=7)).month != day.month
    return -1 if is_last else (day.day - 1) // 7 + 1


def _date(page: EventPage, value: Any, key: uuid.UUID, day: date, last: date) -> PageDate:
    starts, ends, _days = same_span(page.starts_at, page.ends_at, page.time_zone)
    starts_at = _at("starts", day, value["starts"] or starts, page.time_zone)
    ends_at = _at("ends", last, value["ends"] or ends, page.time_zone)
    if ends_at <= starts_at:
        raise blocks.StructBlockValidationError({"ends": ValidationError(_("The event must end after it starts."))})
    mode = value["mode"] or page.mode
    return PageDate(
        key=key,
        starts_at=starts_at,
        ends_at=ends_at,
        mode=mode,
        place=("" if mode == Mode.ONLINE else value["place"] or page.place),
        region=value["region"] or "",
        capacity=page.capacity if value["capacity"] is None else value["capacity"],
        online_capacity=page.online_capacity if value["online_capacity"] is None else value["online_capacity"],
        online_link="" if mode == Mode.IN_PERSON else value["online_link"] or page.online_link,
    )


def _at(field: str, day: date, clock: time, zone: str) -> datetime:
    try:
        return moment(day, clock, zone)
    except ValidationError as refusal:
        raise blocks.StructBlockValidationError({field: refusal}) from None


def place_on(page: EventPage, event: Any) -> str:
    """Where the date is held, in the words of this page's language. The page's own place where it names none."""
    return page.places_by_date.get(event.date_key) or page.place


def places_by_date(page: EventPage) -> dict[uuid.UUID, str]:
    try:
        return {one.key: one.place for one in dates_of(page)}
    except ValidationError:
        # A draft that nobody could publish.
        return {}
