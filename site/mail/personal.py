"""Personal data in the ledger: what is exported, moved by a merge, and erased."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from base import personal
from base.personal import Holding, Subject
from mail import flights, summing, suppression
from mail.models import Bounce, Click, Delivery, Lift, Suppression
from mail.transports import address_mark

if TYPE_CHECKING:
    from django.db.models import QuerySet


def register_holdings() -> None:
    # Clicks and bounces go first: they are found through deliveries that know their recipient.
    clicks = ("link__url", "at", "is_human", "rule")
    personal.register(Holding(Click, clicks_of, clicks, lambda *_: None, lambda _: None))
    bounces = ("delivery__subject", "kind", "status", "diagnostic", "source", "at")
    personal.register(Holding(Bounce, bounces_of, bounces, lambda *_: None, erase_bounces))
    deliveries = ("stream", "mailing__key", "subject", "variant__subject", "address", "state", "created_at", "settled_at", "reply")
    # A copy that was withheld because the other had one does not leave late.
    stays = ("state", "settled_at", "lease_until")
    personal.register(Holding(Delivery, deliveries_of, deliveries, merge_deliveries, erase_deliveries, stays=stays))
    personal.register(Holding(Lift, lifts_of, ("at",), lambda *_: None, forget_lifts))
    personal.register(Holding(Suppression, suppressions_of, ("reason", "since"), lambda *_: None, leave_suppression))


def deliveries_of(who: Subject) -> QuerySet[Delivery]:
    """By the lasting key; by address only where a row names no recipient, since two people may share an address."""
    by_address = Q()
    for email in who.emails:
        by_address |= Q(recipient_key=None, address__iexact=email)
    return Delivery.objects.filter(Q(recipient_key=who.key) | by_address)


def clicks_of(who: Subject) -> QuerySet[Click]:
    return Click.objects.filter(delivery__in=deliveries_of(who))


def bounces_of(who: Subject) -> QuerySet[Bounce]:
    hashes = [suppression.hash_of(email) for email in who.emails]
    return Bounce.objects.filter(Q(delivery__in=deliveries_of(who)) | Q(delivery=None, address_hash__in=hashes))


def erase_bounces(who: Subject) -> None:
    """A copy's bounces stay with it, as numbers; a server's words may name somebody."""
    ids = list(bounces_of(who).values_list("pk", flat=True))
    Bounce.objects.filter(pk__in=ids, delivery=None).delete()
    Bounce.objects.filter(pk__in=ids).update(diagnostic="")


def lifts_of(who: Subject) -> QuerySet[Lift]:
    return Lift.objects.filter(hash__in=[suppression.hash_of(email) for email in who.emails])


def forget_lifts(who: Subject) -> None:
    lifts_of(who).delete()


def suppressions_of(who: Subject) -> QuerySet[Suppression]:
    return Suppression.objects.filter(hash__in=[suppression.hash_of(email) for email in who.emails])


def merge_deliveries(winner: Subject, loser: Subject) -> None:
    """Where both had a copy of one mailing, both stay, the loser's marked; a copy that has not left yet does not leave."""
    of_loser = Delivery.objects.filter(recipient_key=loser.key)
    both = of_loser.filter(mailing__in=Delivery.objects.filter(recipient_key=winner.key, mailing__isnull=False).values("mailing"))
    ids = list(both.values_list("pk", flat=True))
    doubled = Delivery.objects.filter(pk__in=ids)
    flights.take_back(doubled)
    doubled.update(recipient_key=winner.key, is_merged=True)
    of_loser.update(recipient_key=winner.key)


def erase_deliveries(who: Subject) -> None:
    """A mailing's copies stay without address and recipient, so that its ledger still balances; single messages go."""
    found = deliveries_of(who)
    addresses = set(found.values_list("address", flat=True)) | set(who.emails)
    ids = list(found.values_list("pk", flat=True))
    of_mailings = Delivery.objects.filter(pk__in=ids, mailing__isnull=False)
    flights.take_back(of_mailings)
    summing.forget(of_mailings.values_list("mailing", flat=True))
    of_mailings.update(address="", recipient_key=None, reply="", is_merged=False)
    Delivery.objects.filter(pk__in=ids, mailing__isnull=True).delete()
    _remove_files(addresses - {""})


def leave_suppression(who: Subject) -> None:
    for email in who.emails:
        suppression.suppress(email, Suppression.Reason.ERASED)


def _remove_files(addresses: set[str]) -> None:
    if settings.EMAIL_ADDRESS.scheme == "outbox":
        for address in addresses:
            for file in Path(settings.EMAIL_ADDRESS.path).glob(f"*-{address_mark(address)}.eml"):
                file.unlink(missing_ok=True)
