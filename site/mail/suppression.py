"""The suppression list: addresses that get no mail, each as a keyed hash that tells nobody who it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from mail import signing
from mail.models import Lift, Suppression

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

SALT = "kantama.suppression"
# A person who has just asked for a mail gets it even so, unless the address cannot receive.
UNREACHABLE = (Suppression.Reason.HARD_BOUNCE,)
# Who comes back of their own will is off the list: who was erased, or whose mailbox was full three times.
LIFTED_BY_RETURN = (Suppression.Reason.ERASED, Suppression.Reason.SOFT_BOUNCES)


def hash_of(address: str) -> str:
    """Keyed by SECRET_KEY, so a new key needs the list's addresses again: docs/running.md says so."""
    return signing.mac(SALT, address.strip().lower()).hex()


def suppress(address: str, reason: str) -> Suppression:
    """An address that is on the list already keeps its first reason, except that a graver one is always noted."""
    row, made = Suppression.objects.get_or_create(hash=hash_of(address), defaults={"reason": reason})
    is_graver = reason in UNREACHABLE or (reason == Suppression.Reason.COMPLAINT and row.reason in LIFTED_BY_RETURN)
    if not made and is_graver and row.reason not in UNREACHABLE:
        row.reason = Suppression.Reason(reason)
        row.save(update_fields=["reason"])
    return row


def lift(address: str) -> None:
    """For a person who comes back of their own will. Hard bounces, complaints and what was set by hand stay."""
    for row in Suppression.objects.filter(hash=hash_of(address), reason__in=LIFTED_BY_RETURN):
        take_off(row)


@transaction.atomic
def take_off(row: Suppression) -> None:
    """From now on soft bounces are counted anew."""
    Lift.objects.update_or_create(hash=row.hash, defaults={"at": timezone.now()})
    row.delete()


def lifted_at(address: str) -> datetime | None:
    """None for an address that never was on the list."""
    return Lift.objects.filter(hash=hash_of(address)).values_list("at", flat=True).first()


def is_suppressed(address: str) -> bool:
    return Suppression.objects.filter(hash=hash_of(address)).exists()


def suppressed_among(addresses: Iterable[str], reasons: Collection[str] = Suppression.Reason.values) -> set[str]:
    """Those of the addresses, as given, that are on the list for one of the reasons. One query."""
    by_hash: dict[str, list[str]] = {}
    for address in addresses:
        by_hash.setdefault(hash_of(address), []).append(address)
    found = Suppression.objects.filter(hash__any_of=list(by_hash), reason__in=reasons).values_list("hash", flat=True)
    return {address for hash_ in found for address in by_hash[hash_]}
