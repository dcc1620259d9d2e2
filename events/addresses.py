"""What a reader of an event's page follows: by its number, or by the token by which they came to an internal one (`EventPage.token`).

A page that is only being made, such as a copy that the publication checks look at, has no such address yet: they are empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import translation

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.models import EventPage


def page_url(page: EventPage, request: HttpRequest | None = None) -> str:
    own: str = reverse("events:inside", args=[page.token]) if page.token else page.get_url(request)
    return own


def inside(token: str, language: str) -> str:
    with translation.override(language):
        return reverse("events:inside", args=[token])


def register_url(page: EventPage) -> str:
    if page.pk is None:
        return ""
    return reverse("events:inside_register", args=[page.token]) if page.token else reverse("events:register", args=[page.pk])


def file_url(page: EventPage, date: int = 0) -> str:
    """Of the next date, or of the one whose number it is."""
    if page.pk is None:
        return ""
    way, who = ("inside_", page.token) if page.token else ("", page.pk)
    return reverse(f"events:{way}date_file", args=[who, date]) if date else reverse(f"events:{way}file", args=[who])
