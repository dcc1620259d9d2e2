"""What goes out by the clock to who registered: reminders a week, a day and an hour before an event, thanks after it, and word to who still waits
when it begins.

Each is due at one moment. It goes to those whose seat was confirmed by then, once for each time that the event has: one that is moved reminds
anew, and what waits in the outbox for the old time is taken back. What could not be sent within its grace, as the worker was down, is not sent at
all: a reminder that comes when the event has begun is worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from events import mails
from events.models import Event, Registration
from mail import outbox
from themes.models import Scope

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

State = Registration.State
KEY = "events.reminder:"
THANKS, UNSEATED = "thanks", "unseated"


@dataclass(frozen=True)
class Reminder:
    """Due `before` the event begins, and for `grace` after that."""

    kind: str
    before: timedelta
    grace: timedelta


REMINDERS = (
    Reminder("week", timedelta(days=7), timedelta(days=1)),
    Reminder("day", timedelta(days=1), timedelta(hours=6)),
    Reminder("hour", timedelta(hours=1), timedelta(minutes=30)),
)
# By then attendance is marked, and materials are on the page.
THANKS_AFTER, THANKS_GRACE = timedelta(hours=20), timedelta(days=3)
# Who waits in vain hears it when the event begins, or soon after.
UNSEATED_GRACE = timedelta(hours=6)


def send_due() -> int:
    """Once a minute. Bears a repeat, and a crash in the middle: each mail has its key. Returns how many events something was sent for."""
    now = timezone.now()
    standing = Event.objects.filter(is_cancelled=False)
    number = 0
    for reminder in REMINDERS:
        first = now + reminder.before
        for event in standing.filter(starts_at__lte=first, starts_at__gt=max(now, first - reminder.grace)):
            number += _send_once(event, reminder.kind, event.starts_at - reminder.before)
    for event in standing.filter(starts_at__lte=now, starts_at__gt=now - UNSEATED_GRACE):
        number += _send_once(event, UNSEATED, event.starts_at)
    over = standing.filter(scope=Scope.EXTERNAL, ends_at__lte=now - THANKS_AFTER, ends_at__gt=now - THANKS_AFTER - THANKS_GRACE)
    for event in over:
        number += _send_once(event, THANKS, event.ends_at)
    return number


def _send_once(event: Event, kind: str, due: datetime) -> bool:
    """The mark on the event is for speed alone: most minutes nothing is due."""
    mark = f"{kind}:{event.starts_at.timestamp():.0f}"
    if mark in event.reminded:
        return False
    for registration in _recipients(event, kind, due):
        # One by one: an event may have been moved, or a seat given back, while others were written to.
        with transaction.atomic():
            if _still(registration, event, kind):
                mails.send_by_the_clock(registration, kind, key=f"{KEY}{mark}:{registration.pk}")
    Event.objects.filter(pk=event.pk).update(reminded=[*event.reminded, mark])
    return True


def _recipients(event: Event, kind: str, due: datetime) -> QuerySet[Registration]:
    """Of who waits, those who have confirmed it. After the event, who attended, where that was marked. Else everybody confirmed; who confirmed after
    the time of a reminder has just read all of it."""
    found = event.registrations.select_related("person", "event__theme").order_by("pk")
    if kind == UNSEATED:
        return found.filter(state=State.WAITING, verified_at__isnull=False)
    if kind == THANKS and found.filter(state=State.ATTENDED).exists():
        return found.filter(state=State.ATTENDED)
    return found.filter(state__in=(State.CONFIRMED, State.ATTENDED), confirmed_at__lte=due)


def _still(registration: Registration, event: Event, kind: str) -> bool:
    states = (State.WAITING,) if kind == UNSEATED else (State.CONFIRMED, State.ATTENDED)
    rows = Registration.objects.filter(pk=registration.pk, state__in=states)
    return rows.filter(event__starts_at=event.starts_at, event__is_cancelled=False).exists()


def take_back(registration: Registration) -> None:
    """Reminders that wait in the outbox, of a registration whose event has changed or whose seat was given back."""
    outbox.withdraw(thread=mails.thread_of(registration), prefix=KEY)
