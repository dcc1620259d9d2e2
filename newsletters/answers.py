"""What readers get from a link of a mail: a question, an answer, or that the link does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _

from base.by_link import private
from base.languages import active
from base.pages import home_in
from themes.places import front_pages

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from newsletters.models import Subscription
    from themes.models import Theme

UNPROCESSABLE, GONE = 422, 410


def ask(request: HttpRequest, subscription: Subscription | None, **context: Any) -> HttpResponse:
    return show(request, _theme_of(subscription), "newsletters/ask.html", context)


def answer(request: HttpRequest, subscription: Subscription | None, **context: Any) -> HttpResponse:
    return show(request, _theme_of(subscription), "newsletters/answer.html", context)


def gone(request: HttpRequest, text: str) -> HttpResponse:
    return show(request, None, "newsletters/answer.html", {"title": _("This link does not work"), "text": text}, GONE)


def _theme_of(subscription: Subscription | None) -> Theme | None:
    return subscription.newsletter.theme if subscription else None


def show(request: HttpRequest, theme: Theme | None, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    home = home_in(request, active())
    theme = theme or (home.theme if home else None)
    front = front_pages(theme).filter(locale__language_code=active()).live().first() if theme else None
    frame = {
        "language": active(),
        "home_url": (front and front.get_url(request)) or f"/{active()}/",
        "theme": theme,
        "privacy_url": front.privacy_url(request) if front else "",
    }
    return private(render(request, template, frame | context, status=status))
