"""Recording outreach and what came of it. Nothing else in the product creates touches or tallies.

Every function is idempotent: the same cause recorded twice counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Min, Sum
from django.utils import timezone
from wagtail.log_actions import log

from contacts.late import forget_acts
from contacts.measures import midnight
from contacts.models import Outreach, Tally, Touch
from themes.models import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from base.models import User
    from contacts.models import Person
    from themes.models import Channel, Goal, Message, Region, TargetGroup, Theme

BATCH = 500
DOCUMENT = "base.sitedocument:"


@dataclass(frozen=True)
class Contact:
    """One touch to be recorded: whom, by what proof, when, in which language."""

    person_id: int
    cause: str
    at: datetime
    language: str


@transaction.atomic
def record(
    *,
    theme: Theme,
    kind: Outreach.Kind,
    title: str,
    goals: Iterable[Goal],
    item_key: UUID | None = None,
    channel: Channel | None = None,
    audiences: Iterable[TargetGroup] = (),
    regions: Iterable[Region] = (),
    core_messages: Iterable[Message] = (),
    done_at: datetime | None = None,
    by: User | None = None,
) -> Outreach:
    """Makes the outreach of an item, or brings it up to date; `done_at` keeps its first value. Its scope is that of its goals."""
    goals = list(goals)
    values = {"theme": theme, "kind": kind, "title": title[:255], "scope": scope_of(goals)}
    # A kind of page whose channel the plan lacks leaves the channel that somebody planned.
    values |= {"channel": channel} if channel else {}
    if item_key is None:
        outreach = Outreach.objects.create(**values, responsible=by, done_at=done_at or timezone.now())
    else:
        firsts = {"responsible": by, "done_at": done_at or timezone.now()}
        outreach, _made = Outreach.objects.update_or_create(item_key=item_key, defaults=values, create_defaults=values | firsts)
        if outreach.done_at is None:
            outreach.done_at = done_at or timezone.now()
            outreach.save(update_fields=["done_at"])
    outreach.goals.set(goals)
    outreach.audiences.set(audiences)
    outreach.regions.set(regions)
    outreach.core_messages.set(core_messages)
    return outreach


def scope_of(goals: Collection[Goal]) -> Scope:
    """Internal where all of the goals are."""
    return Scope.INTERNAL if goals and all(goal.scope == Scope.INTERNAL for goal in goals) else Scope.EXTERNAL


def of_item(item_key: UUID) -> Outreach | None:
    return Outreach.objects.filter(item_key=item_key).first()


def touch(outreach: Outreach, person: Person, kind: Touch.Kind, *, cause: str, at: datetime | None = None, language: str = "") -> None:
    touch_many(outreach, kind, [Contact(person.pk, cause, at or timezone.now(), language or person.language)])


def touch_many(outreach: Outreach, kind: Touch.Kind, contacts: Collection[Contact]) -> None:
    """Records many touches of one kind, in batches of one statement each."""
    Touch.objects.bulk_create(
        [
            Touch(outreach=outreach, person_id=contact.person_id, kind=kind, cause=contact.cause, at=contact.at, language=contact.language)
            for contact in contacts
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    if contacts and min(contact.at for contact in contacts) < midnight(timezone.localdate()):
        forget_acts([outreach.pk])


TOUCH_EACH = """
INSERT INTO contacts_touch (outreach_id, kind, person_id, cause, at, language)
WITH rows (person_id, cause, at, language) AS ({rows})
SELECT %s, %s, person_id, cause, at, language FROM rows WHERE person_id IS NOT NULL
ON CONFLICT DO NOTHING
"""


def touch_each(outreach: Outreach, kind: Touch.Kind, rows: QuerySet[Any]) -> None:
    """As `touch_many`, from rows of the database that never leave it: they give `person_id`, `cause`, `at` and `language`. One statement."""
    inner, values = rows.order_by().values_list("person_id", "cause", "at", "language").query.sql_with_params()
    with connection.cursor() as cursor:
        # `inner` is the ORM's own SQL, with its values beside it.
        cursor.execute(TOUCH_EACH.format(rows=inner), [*values, outreach.pk, kind.value])


def remove_touches(outreach: Outreach, kind: Touch.Kind, *, cause: str) -> None:
    """Takes back what turned out not to be so, such as a cancelled registration."""
    rows = outreach.touches.filter(kind=kind, cause=cause)
    first = rows.aggregate(first=Min("at"))["first"]
    rows.delete()
    if first and first < midnight(timezone.localdate()):
        forget_acts([outreach.pk])


@transaction.atomic
def count(outreach: Outreach, kind: Tally.Kind, *, cause: str, language: str, number: int = 1, day: date | None = None) -> None:
    """Adds to a day's tally. Not idempotent: an anonymous view has no name to know it by."""
    place = {"outreach": outreach, "kind": kind, "day": day or timezone.localdate(), "language": language, "cause": cause}
    if not Tally.objects.filter(**place).update(count=F("count") + number):
        # The day's first; of two at once, one finds the other's row.
        tally, is_new = Tally.objects.get_or_create(**place, defaults={"count": number})
        if not is_new:
            Tally.objects.filter(pk=tally.pk).update(count=F("count") + number)
    if day and day < timezone.localdate():
        forget_acts([outreach.pk])


def set_count(outreach: Outreach, kind: Tally.Kind, *, cause: str, language: str, number: int, day: date) -> None:
    """What somebody counted, in the place of what was said before for that cause and day. Idempotent, unlike `count`."""
    place: dict[str, Any] = {"outreach": outreach, "kind": kind, "day": day, "language": language, "cause": cause}
    if number:
        Tally.objects.update_or_create(**place, defaults={"count": number})
    else:
        Tally.objects.filter(**place).delete()
    if day < timezone.localdate():
        forget_acts([outreach.pk])


def of_document(number: int) -> str:
    """The cause of a download: which document it was."""
    return f"{DOCUMENT}{number}"


def downloads_of(item_key: UUID) -> dict[int, int]:
    """How often each document of an item was downloaded, by the document's number. One query."""
    rows = Tally.objects.filter(outreach__item_key=item_key, kind=Tally.Kind.DOWNLOAD, cause__startswith=DOCUMENT).order_by()
    return {int(cause.removeprefix(DOCUMENT)): number for cause, number in rows.values_list("cause").annotate(number=Sum("count"))}


@transaction.atomic
def log_meeting(
    *,
    theme: Theme,
    kind: Outreach.Kind,
    title: str,
    goals: Iterable[Goal],
    people: Iterable[Person],
    channel: Channel | None = None,
    at: datetime | None = None,
    planned: Outreach | None = None,
    by: User | None = None,
) -> Outreach:
    """A meeting or a call that was held: the outreach and a touch for each who took part. `planned` is the act that was planned, now done."""
    at = at or timezone.now()
    if planned is None:
        outreach = record(theme=theme, kind=kind, title=title, goals=goals, channel=channel, done_at=at, by=by)
    else:
        outreach = _held(planned, kind=kind, title=title, goals=list(goals), at=at, by=by)
    touched = Touch.Kind.CALLED if kind == Outreach.Kind.CALL else Touch.Kind.MET
    cause = f"contacts.outreach:{outreach.pk}"
    touch_many(outreach, touched, [Contact(person.pk, cause, at, person.language) for person in people])
    log(outreach, "wagtail.create" if planned is None else "wagtail.edit", user=by)
    return outreach


def _held(planned: Outreach, *, kind: Outreach.Kind, title: str, goals: list[Goal], at: datetime, by: User | None) -> Outreach:
    planned.kind, planned.title, planned.scope, planned.done_at = kind, title[:255], scope_of(goals), at
    planned.responsible = planned.responsible or by
    planned.save()
    planned.goals.set(goals)
    return planned


@transaction.atomic
def plan(
    *,
    theme: Theme,
    kind: Outreach.Kind,
    title: str,
    goals: Iterable[Goal],
    planned_on: date | None,
    audiences: Iterable[TargetGroup] = (),
    channel: Channel | None = None,
    responsible: User | None = None,
    item_key: UUID | None = None,
    by: User | None = None,
) -> Outreach:
    """What is still to be done; without a day it is an idea. Where nobody is named, whoever plans it answers for it. `item_key` is of what
    will do it.
    """
    goals = list(goals)
    facts = {"scope": scope_of(goals), "planned_on": planned_on, "channel": channel, "responsible": responsible or by, "item_key": item_key}
    act = Outreach.objects.create(theme=theme, kind=kind, title=title[:255], **facts)
    act.goals.set(goals)
    act.audiences.set(audiences)
    log(act, "wagtail.create", user=by)
    return act


@transaction.atomic
def undo_log(act: Outreach, *, by: User | None) -> None:
    """Takes a logged meeting or call back: nobody was touched by it, and what was planned is planned again. Raises ValueError for other acts."""
    if act.item_key or act.kind not in (Outreach.Kind.MEETING, Outreach.Kind.CALL):
        raise ValueError("only what was logged by hand is taken back")
    if act.planned_on:
        log(act, "wagtail.edit", user=by)
        act.touches.all().delete()
        act.done_at = None
        act.save(update_fields=["done_at"])
        return
    log(act, "wagtail.delete", user=by)
    act.delete()
