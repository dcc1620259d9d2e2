"""Who was there. Each attendance is a touch of the event's goals; who came without a name is counted, as a tally."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from base.bounds import everywhere
from contacts import outreach
from contacts.models import Tally, Touch
from contacts.outreach import Contact
from events.inviting import cause_of
from events.models import Event, Registration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from base.models import User

State = Registration.State
BATCH = 500


@transaction.atomic
def mark(registrations: Iterable[Registration], *, minutes: Mapping[int, int] | None = None, by: User | None = None) -> int:
    """How many of the confirmed ones are marked now; others are left as they are. `minutes` they were present, by the registration's number.

    A short statement for each, then one for the touches of 500, and one line in the event's history.
    """
    known, number = minutes or {}, 0
    for event, rows in _by_event(registrations).items():
        marked = [row for row in rows if _change(row, State.CONFIRMED, State.ATTENDED)]
        _note_minutes([row for row in rows if row.pk in known and row.state in {State.CONFIRMED, State.ATTENDED}], known)
        if marked:
            number += len(marked)
            _touch(event, marked)
            log(event, "wagtail.edit", user=by, data={"attended": [row.pk for row in marked]})
    return number


def _by_event(registrations: Iterable[Registration]) -> dict[Event, list[Registration]]:
    found: dict[Event, list[Registration]] = {}
    for registration in registrations:
        found.setdefault(registration.event, []).append(registration)
    return found


def _change(row: Registration, before: str, after: str) -> bool:
    """Of two at once, one."""
    with everywhere():
        rows = Registration.objects.filter(pk=row.pk)
    return rows.filter(state=before).update(state=after) == 1


def _note_minutes(rows: list[Registration], minutes: Mapping[int, int]) -> None:
    for row in rows:
        row.minutes_present = minutes[row.pk]
    Registration.objects.bulk_update(rows, ["minutes_present"], batch_size=BATCH)


def _touch(event: Event, rows: list[Registration]) -> None:
    if act := outreach.of_item(event.item_key):
        at = when(event)
        outreach.touch_many(act, Touch.Kind.ATTENDED, [Contact(row.person_id, cause_of(row), at, row.language) for row in rows])


def when(event: Event) -> datetime:
    """At which time an attendance counts: when the event began, or now where it has not."""
    return min(timezone.now(), event.starts_at)


@transaction.atomic
def unmark(registrations: Iterable[Registration], *, by: User | None = None) -> int:
    """Takes an attendance back: the touch goes, and who had confirmed has a confirmed seat as before."""
    number = 0
    for event, rows in _by_event(registrations).items():
        taken_back = [row for row in rows if _change(row, State.ATTENDED, State.CONFIRMED)]
        act = outreach.of_item(event.item_key)
        for row in taken_back if act else ():
            outreach.remove_touches(act, Touch.Kind.ATTENDED, cause=cause_of(row))  # type: ignore[arg-type]  # not None here
        Registration.objects.filter(pk__in=[row.pk for row in taken_back]).update(minutes_present=None)
        if taken_back:
            number += len(taken_back)
            log(event, "wagtail.edit", user=by, data={"attendance_undone": [row.pk for row in taken_back]})
    return number


@transaction.atomic
def count_unnamed(*, event: Event, number: int, language: str, by: User | None = None) -> None:
    """How many came who had not registered; what was said before is put right. `language` is that of the source page: nobody knows theirs."""
    if act := outreach.of_item(event.item_key):
        day = timezone.localdate(event.starts_at)
        outreach.set_count(act, Tally.Kind.ATTENDED, cause=unnamed_cause(event), language=language, number=number, day=day)
        log(event, "wagtail.edit", user=by, data={"attended_unnamed": number})


def unnamed_cause(event: Event) -> str:
    return f"events.event:{event.pk}"


def unnamed(event: Event) -> int:
    """How many came without a name, as was said last."""
    rows = Tally.objects.filter(outreach__item_key=event.item_key, kind=Tally.Kind.ATTENDED, cause=unnamed_cause(event))
    return sum(rows.values_list("count", flat=True))
