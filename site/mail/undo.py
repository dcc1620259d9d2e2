"""Taking a mailing back before anything of it has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from mail import flights
from mail.models import Delivery, Mailing

if TYPE_CHECKING:
    from base.models import User


class HasLeft(Exception):
    """A copy was tried, or is on the wire."""


def withdraw(mailing: Mailing, *, by: User | None) -> bool:
    """Deletes the mailing with its copies, as if it had never been frozen. False, and nothing is changed, once a copy was tried.

    Either this takes a copy's row first, and a worker that has claimed it finds it gone, or the worker puts it on the wire first, and this
    sees that when it has waited for the row.
    """
    try:
        with transaction.atomic():
            rows = Delivery.objects.filter(mailing=mailing)
            flights.take_back(rows.filter(attempts=0))
            if rows.exclude(state=Delivery.State.SUPPRESSED, attempts=0).exists():
                raise HasLeft
            log(mailing, "mail.withdraw", user=by, data={"copies": mailing.frozen_count}, title=mailing.key)
            Mailing.objects.get(pk=mailing.pk).delete()
    except (HasLeft, Mailing.DoesNotExist):
        return False
    return True
