"""Addresses in mails, and the tokens in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from events.models import Registration
from mail import signing

if TYPE_CHECKING:
    from events.models import EventPage

PURPOSE = "events.registration"


def registration_url(registration: Registration, *, to_cancel: bool = False) -> str:
    name = "events:cancel" if to_cancel else "events:confirm"
    with translation.override(registration.language):
        return settings.BASE_URL + reverse(name, args=[signing.sign(PURPOSE, registration.pk)])


def registration_at(token: str) -> Registration:
    """Raises BadToken, also for a registration that was erased."""
    pk = signing.read(PURPOSE, token)[0]
    if found := Registration.objects.select_related("event__theme", "person").filter(pk=pk).first():
        return found
    raise signing.BadToken("erased")


def calendar_file_url(page: EventPage) -> str:
    with translation.override(page.locale.language_code):
        return reverse("events:file", args=[page.pk])
