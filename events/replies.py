"""What the public side answers to forms and links: one question with one button, or what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _

from base.by_link import private
from events import addresses, words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from events.models import EventPage, Registration

UNPROCESSABLE, TOO_MANY, GONE = 422, 429, 410


def question(
    request: HttpRequest, registration: Registration, page: EventPage, *, title: str, label: str, text: str = "", cancel_url: str = ""
) -> HttpResponse:
    facts = [*words.facts_of(registration, page), *words.group_of(registration)]
    context = {"title": title, "event_title": page.title, "facts": facts, "submit_label": label, "text": text, "cancel_url": cancel_url}
    return private(render(request, "events/registration.html", page.frame(request) | context))


def answer(request: HttpRequest, page: EventPage, title: str, text: str, *, status: int = 200, **links: str) -> HttpResponse:
    """`links` are those of the template, such as `cancel_url`, and its `note`."""
    frame, next_url = page.frame(request), addresses.page_url(page, request) if page.live else ""
    context = {"title": title, "text": text, "next_url": next_url, "next_label": _("To the event's page")}
    return private(render(request, "events/answer.html", frame | context | links, status=status))
