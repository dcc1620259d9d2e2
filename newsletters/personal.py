"""What newsletters hold on a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base import personal
from base.personal import Holding, Subject
from newsletters.models import Subscription

if TYPE_CHECKING:
    from django.db.models import QuerySet

FIELDS = ("newsletter__name_fi", "language", "state", "asked_at", "confirmed_at", "ended_at")


def _of(who: Subject) -> QuerySet[Subscription]:
    return Subscription.objects.filter(person_id=who.person_id)


def _merge(winner: Subject, loser: Subject) -> None:
    """Where both subscribed, one row stays: an ended one wins, so that nobody who left is written to again."""
    for row in Subscription.objects.filter(person_id=loser.person_id):
        own = Subscription.objects.filter(person_id=winner.person_id, newsletter_id=row.newsletter_id).first()
        if own is None:
            row.person_id = winner.person_id
            row.save(update_fields=["person_id"])
        else:
            if row.state == Subscription.State.ENDED:
                own.state, own.ended_at = row.state, row.ended_at
                own.save(update_fields=["state", "ended_at"])
            row.delete()


def _erase(who: Subject) -> None:
    Subscription.objects.filter(person_id=who.person_id).delete()


def register() -> None:
    personal.register(Holding(Subscription, _of, FIELDS, _merge, _erase))
