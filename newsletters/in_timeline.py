"""What a contact's timeline hears of subscriptions and of what came back, beside the touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from contacts.timeline import Moment, Source, register
from mail.models import Bounce
from newsletters.models import Subscription

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contacts.timeline import Sheet, Whose


def ended(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    rows = Subscription.objects.filter(state=Subscription.State.ENDED).select_related("newsletter", "person")
    for row in sheet.newest(whose.of_people(rows, "ended_at"), "ended_at"):
        who = row.person if whose.organisation else None
        yield Moment(row.ended_at or row.asked_at, sheet.source, row.pk, _("Subscription ended"), str(row.newsletter), person=who)


def came_back(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    """Of a person alone: a mail box is nobody else's."""
    if whose.person:
        rows = Bounce.objects.filter(delivery__recipient_key=whose.person.key, is_about_us=False).select_related("delivery")
        for row in sheet.newest(rows, "at"):
            yield Moment(row.at, sheet.source, row.pk, row.get_kind_display(), row.delivery.subject if row.delivery else "")


def register_all() -> None:
    register(Source("newsletters.ended", ended))
    register(Source("newsletters.came_back", came_back))
