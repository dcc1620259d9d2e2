"""Addresses in mails, and the tokens in them."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation

from events.models import EventPage, Registration
from mail import signing
from themes.places import address_of

PURPOSE = "events.registration"


def registration_url(registration: Registration, *, to_cancel: bool = False) -> str:
    name = "events:cancel" if to_cancel else "events:confirm"
    with translation.override(registration.language):
        return address_of(registration.event.theme) + reverse(name, args=[signing.sign(PURPOSE, registration.pk)])


def registration_at(token: str) -> Registration:
    """Raises BadToken, also for a registration that was erased, and for an event whose pages were deleted."""
    pk = signing.read(PURPOSE, token)[0]
    found = Registration.objects.select_related("event__theme", "person").filter(pk=pk).first()
    if found and EventPage.objects.filter(translation_key=found.event.item_key).exists():
        return found
    raise signing.BadToken("erased")


def calendar_file_url(page: EventPage) -> str:
    with translation.override(page.locale.language_code):
        return reverse("events:file", args=[page.pk])
