"""How long people are held: until nothing has happened with them for some months, and nothing goes on (GDPR, Article 5(1)(e))."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from wagtail.log_actions import log

from contacts import people, timeline
from contacts.models import Consent, Membership, Person, ProjectParty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.models import User
    from themes.models import Theme


def unused(theme: Theme, *, months: int) -> Iterator[Person]:
    """Obtained that long ago, without a current membership, a consent in force or a part in a project, and with nothing newer in the timeline.

    What packages above know counts as well: a registration for an event to come is newer than any limit.
    """
    limit, today = timezone.now() - relativedelta(months=months), timezone.localdate()
    goes_on = (
        Q(Exists(Membership.objects.filter(person=OuterRef("pk")).current(today)))
        | Q(Exists(Consent.objects.filter(person=OuterRef("pk"), withdrawn_at=None)))
        | Q(Exists(ProjectParty.objects.filter(person=OuterRef("pk"))))
    )
    for person in Person.objects.filter(theme=theme, obtained_at__lt=limit).exclude(goes_on).order_by("pk").iterator(chunk_size=500):
        newest = timeline.read(person, size=1).moments
        if not newest or newest[0].at < limit:
            yield person


def forget_unused(theme: Theme, *, months: int, by: User | None = None) -> int:
    """Erases them, each by itself: a fault with one leaves the others erased. Returns how many; the log has the number, and no name."""
    number = 0
    for person in list(unused(theme, months=months)):
        # Who has become another meanwhile is looked at again next time.
        with suppress(people.GoneError), transaction.atomic():
            people.erase_person(person)
            log(theme, "contacts.erased", user=by, data={"unused_months": months})
            number += 1
    return number
