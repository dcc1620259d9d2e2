"""How long people are held (GDPR, Article 5(1)(e)): until nothing has happened with them for the months of each purpose, and nothing goes on.

`run` does it nightly by what the purposes say; those whose `months` are empty end by nobody. `forget_unused` does it once, by a number of months.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from contacts import people, timeline
from contacts.models import Consent, HeldFor, Keep, Membership, Person, ProjectParty, Purpose
from themes.models import Theme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.db.models import QuerySet

    from base.models import User

# Seen on the screen so long before it happens; and at least so long after it was first known.
SOON, NOTICE = timedelta(days=30), timedelta(days=14)


def stays(person: str) -> Q:
    """Whatever the months: a current membership, a consent in force, a part in a project, or the staff keep them. `person` is the path to them."""
    today, own = timezone.localdate(), OuterRef(person)
    return (
        Q(Exists(Membership.objects.filter(person=own).current(today)))
        | Q(Exists(Consent.objects.filter(person=own, withdrawn_at=None)))
        | Q(Exists(ProjectParty.objects.filter(person=own)))
        | Q(Exists(Keep.objects.filter(person=own).standing(today)))
    )


def last_at(person: Person) -> datetime:
    """The last thing that happened. What packages above know counts as well: a registration for an event to come is newer than any limit."""
    newest = timeline.read(person, size=1).moments
    return max(person.obtained_at, *(moment.at for moment in newest))


# ---- by the purposes, nightly
def ending(theme: Theme | None = None, *, by: date | None = None) -> QuerySet[HeldFor]:
    """What ends by the day, by itself; the first on top."""
    rows = HeldFor.objects.filter(purpose__months__isnull=False, ends_on__lte=by or timezone.localdate() + SOON)
    found: QuerySet[HeldFor] = rows.filter(**({"purpose__theme": theme} if theme else {})).exclude(stays("person")).order_by("ends_on", "pk")
    return found


def run_all() -> None:
    for theme in Theme.objects.all():
        run(theme)


def run(theme: Theme) -> tuple[int, int]:
    """Finds the days anew, and ends what has come to its day. Returns how many people were forgotten, and of how many others a purpose ended."""
    renew(theme)
    forgotten = ended = 0
    for number in list(ending(theme, by=timezone.localdate()).values_list("pk", flat=True)):
        done = ""
        # Who has become another this moment is looked at again next night.
        with suppress(people.GoneError):
            done = _end(number)
        forgotten, ended = forgotten + (done == "forgotten"), ended + (done == "ended")
    return forgotten, ended


def renew(theme: Theme) -> None:
    """On which day each holding ends that may end soon. Of the others a day that was found stays: what happens later can only put it off."""
    HeldFor.objects.filter(purpose__theme=theme, ends_on__isnull=False).filter(Q(purpose__months=None) | stays("person")).update(ends_on=None)
    known: dict[int, datetime] = {}
    for purpose in Purpose.objects.filter(theme=theme, months__isnull=False):
        for row in _candidates(purpose):
            last = known.get(row.person_id) or known.setdefault(row.person_id, last_at(row.person))
            day = _day(row, last)
            if day != row.ends_on:
                HeldFor.objects.filter(pk=row.pk).update(ends_on=day)


def _candidates(purpose: Purpose) -> Iterator[HeldFor]:
    soon = timezone.localdate() + SOON
    # Nothing can have happened before they were obtained.
    old = timezone.now() + SOON - relativedelta(months=purpose.months or 0)
    may_end = Q(ends_on__lte=soon) | Q(ends_on=None, person__obtained_at__lte=old)
    rows = HeldFor.objects.filter(may_end, purpose=purpose).exclude(stays("person")).select_related("person", "purpose").order_by("pk")
    return rows.iterator(chunk_size=500)


def _day(row: HeldFor, last: datetime) -> date:
    """Never so near that nobody could have seen it."""
    due: date = timezone.localdate(last) + relativedelta(months=row.purpose.months or 0)
    return max(due, row.ends_on or timezone.localdate() + NOTICE)


@transaction.atomic
def _end(number: int) -> str:
    """By itself: a fault with one leaves the others. Who has come back meanwhile stays."""
    today = timezone.localdate()
    row = ending(by=today).filter(pk=number).select_related("person", "purpose__theme").select_for_update(of=("self",)).first()
    if row is None or _day(row, last_at(row.person)) > today:
        return ""
    theme = row.purpose.theme
    if HeldFor.objects.filter(person=row.person_id).exclude(pk=row.pk).exists():
        row.delete()
        log(theme, "contacts.purpose_ended")
        return "ended"
    people.erase_person(row.person)
    log(theme, "contacts.forgotten")
    return "forgotten"


@transaction.atomic
def keep(person: Person, *, reason: str, until: date, by: User | None) -> Keep:
    HeldFor.objects.filter(person=person).update(ends_on=None)
    row: Keep = Keep.objects.create(person=person, reason=reason, until=until, by=by)
    log(person, "contacts.kept", user=by, data={"until": until.isoformat()})
    return row


@transaction.atomic
def end_keeping(row: Keep, *, by: User | None) -> None:
    """From tomorrow's night on they are looked at again, and nobody ends without having stood in the list."""
    Keep.objects.filter(pk=row.pk).update(until=timezone.localdate() - timedelta(days=1))
    log(row.person, "contacts.not_kept", user=by)


# ---- once, by a number of months
def unused(theme: Theme, *, months: int) -> Iterator[Person]:
    """Obtained that long ago, with nothing that goes on, and with nothing newer in the timeline."""
    limit = timezone.now() - relativedelta(months=months)
    for person in Person.objects.filter(theme=theme, obtained_at__lt=limit).exclude(stays("pk")).order_by("pk").iterator(chunk_size=500):
        if last_at(person) < limit:
            yield person


def forget_unused(theme: Theme, *, months: int, by: User | None = None) -> int:
    """Erases them, each by itself. Returns how many; the log has the number, and no name."""
    number = 0
    for person in list(unused(theme, months=months)):
        # Who has become another meanwhile is looked at again next time.
        with suppress(people.GoneError), transaction.atomic():
            people.erase_person(person)
            log(theme, "contacts.forgotten", user=by, data={"unused_months": months})
            number += 1
    return number


def done_by_day(theme: int | None = None, *, days: int = 20) -> list[dict[str, Any]]:
    """The newest days on which somebody was forgotten, or a purpose ended: `day`, `forgotten`, `ended`."""
    entries = ModelLogEntry.objects.get_for_model(Theme).filter(action__in=("contacts.forgotten", "contacts.purpose_ended"))
    if theme is not None:
        entries = entries.filter(object_id=str(theme))
    counted = entries.annotate(day=TruncDate("timestamp")).order_by().values("day")
    of = {f"contacts.{action}": name for action, name in (("forgotten", "forgotten"), ("purpose_ended", "ended"))}
    numbers = {name: Count("pk", filter=Q(action=action)) for action, name in of.items()}
    return list(counted.annotate(**numbers).order_by("-day")[:days])
