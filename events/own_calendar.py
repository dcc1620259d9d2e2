"""A person's own calendar: what they have a seat at and the meetings that they take part in, behind a signed address that can be taken back.

The address is made when its owner asks for it, and again when it is renewed: then the old one leads nowhere. It shows the place, or the link to the
meeting, as the mails do: so it is nobody else's business, and says so.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events import calendar, links
from events.models import MeetingPage, OwnCalendar, Registration, pages_in
from events.zones import Zones
from mail import signing
from themes.places import address_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from contacts.models import Person

PURPOSE = "events.own_calendar"
SHOWN = (Registration.State.CONFIRMED, Registration.State.ATTENDED)


@transaction.atomic
def make(*, person: Person, language: str) -> OwnCalendar:
    """Makes or renews it: an address that was given before leads nowhere from now on."""
    row, _made = OwnCalendar.objects.update_or_create(person=person, defaults={"secret": secrets.token_urlsafe(12), "language": language})
    return row


def end(*, person: Person) -> bool:
    return bool(OwnCalendar.objects.filter(person=person).delete()[0])


def address(row: OwnCalendar) -> str:
    with translation.override(row.language):
        path = reverse("events:own_calendar", args=[signing.sign(PURPOSE, row.pk, row.secret)])
    return address_of(row.person.theme) + path


def settings_url(registration: Registration) -> str:
    """Where the registrant makes the address, renews it, and takes it back."""
    with translation.override(registration.language):
        token = signing.sign(links.PURPOSE, registration.pk)
        return address_of(registration.event.theme) + reverse("events:own_calendar_settings", args=[token])


def at(token: str) -> OwnCalendar:
    """Raises BadToken, also for an address that was taken back."""
    values = signing.read(PURPOSE, token)
    row = OwnCalendar.objects.select_related("person__theme").filter(pk=values[0], secret=values[1]).first()
    if row is None:
        raise signing.BadToken("taken back")
    return row


def feed(row: OwnCalendar) -> bytes:
    since = timezone.now() - calendar.IN_FEED_AFTER_END
    found = Registration.objects.filter(person=row.person_id, state__in=SHOWN, event__ends_at__gte=since).select_related("event", "person")
    registrations = list(found.order_by("event__starts_at", "pk"))
    pages = pages_in(row.language, [one.event for one in registrations])
    zones = Zones()
    with translation.override(row.language):
        entries = [calendar.own_entry(one, pages[one.event.item_key], zones) for one in registrations if one.event.item_key in pages]
        entries += [calendar.meeting_entry(page, zones) for page in _meetings(row, since)]
        return calendar.calendar_of("PUBLISH", entries, zones, name=_("My events"))


def _meetings(row: OwnCalendar, since: datetime) -> list[MeetingPage]:
    """Those whose page names the person among who takes part: in the language of the calendar, else in that of the source."""
    pages = MeetingPage.objects.live().filter(theme=row.person.theme_id, ends_at__gte=since).select_related("locale").order_by("starts_at", "pk")
    found: dict[UUID, MeetingPage] = {}
    for page in pages:
        named = {str(child["value"].get("person")) for child in page.attendance.raw_data}
        is_better = page.translation_key not in found or page.locale.language_code == row.language
        if str(row.person_id) in named and is_better:
            found[page.translation_key] = page
    return list(found.values())
