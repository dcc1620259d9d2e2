"""What a contact's timeline hears of registrations, beside their touches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.timeline import Moment, Source, register
from events.models import Registration
from events.viewsets import titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contacts.timeline import Sheet, Whose

State = Registration.State


def waiting(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    return _told(whose, sheet, Registration.objects.all(), "waiting_since", _("Joined the waiting list"))


def cancelled(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    return _told(whose, sheet, Registration.objects.filter(state=State.CANCELLED), "ended_at", _("Cancelled the registration"))


def rejected(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    return _told(whose, sheet, Registration.objects.filter(state=State.REJECTED), "ended_at", _("Registration was not accepted"))


def _told(whose: Whose, sheet: Sheet, rows: Any, name: str, what: str) -> Iterator[Moment]:
    found = whose.of_people(rows.select_related("person").annotate(event_title=titles("event__item_key")), name)
    for row in sheet.newest(found, name):
        url = reverse("events_desk_registration", args=[row.pk])
        yield Moment(getattr(row, name), sheet.source, row.pk, what, row.event_title or "", url, row.person if whose.organisation else None)


def register_all() -> None:
    for key, read in (("waiting", waiting), ("cancelled", cancelled), ("rejected", rejected)):
        register(Source(f"events.{key}", read, "events.view_registration"))
