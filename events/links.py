"""Addresses in mails, and the tokens in them."""

from __future__ import annotations

import re

from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare

from events.models import EventPage, Registration
from mail import signing
from themes.places import address_of

PURPOSE, CALENDAR = "events.registration", "events.uid"
# `<uid of the event>.<number of the registration>.<signature>`
UID = re.compile(r"([0-9a-f-]{36})\.(\d{1,19})\.([0-9a-f]{16})", re.IGNORECASE)


def registration_url(registration: Registration, *, to: str = "confirm") -> str:
    """`to` confirm, change or cancel."""
    with translation.override(registration.language):
        return address_of(registration.event.theme) + reverse(f"events:{to}", args=[signing.sign(PURPOSE, registration.pk)])


def uid_of(registration: Registration) -> str:
    """Of the registrant's own invitation. Programs send it back with an answer, and nobody else can make it."""
    return f"{registration.event.uid}.{registration.pk}.{_mark(str(registration.event.uid), str(registration.pk))}"


def registration_of_uid(uid: str) -> Registration:
    """Raises BadToken for any other UID, and for a registration that was erased."""
    found = UID.fullmatch(uid.partition("@")[0])
    if found is None or not constant_time_compare(found[3].lower(), _mark(found[1].lower(), found[2])):
        raise signing.BadToken("not a UID of ours")
    registration = Registration.objects.select_related("event__theme", "person").filter(pk=found[2], event__uid=found[1]).first()
    if registration is None:
        raise signing.BadToken("erased")
    return registration


def _mark(*values: str) -> str:
    return signing.mac(f"kantama.{CALENDAR}", ".".join(values)).hex()[:16]


def registration_at(token: str) -> Registration:
    """Raises BadToken, also for a registration that was erased, and for an event whose pages were deleted."""
    pk = signing.read(PURPOSE, token)[0]
    found = Registration.objects.select_related("event__theme", "person").filter(pk=pk).first()
    if found and EventPage.objects.filter(translation_key=found.event.item_key).exists():
        return found
    raise signing.BadToken("erased")
