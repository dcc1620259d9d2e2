"""An internal event for who is meant and has no login, such as a reader of an internal newsletter. The token is the right to see it and to register.

The organiser hands the link out, and can take it back (`events.inside`). It opens this event alone, by a signature that nobody guesses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from base.by_link import broken, private
from base.languages import active
from base.public_forms import guarded
from base.uploads.limits import takes_files
from events import inside, views
from mail.signing import BadToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from events.models import EventPage


@require_safe
def event(request: HttpRequest, token: str) -> HttpResponse:
    def shown(page: EventPage) -> HttpResponse:
        return private(render(request, page.get_template(request), page.get_context(request)))

    return _by_token(request, token, shown)


@guarded(group="events.register")
@takes_files
def register(request: HttpRequest, token: str) -> HttpResponse:
    return _by_token(request, token, lambda page: views.registered(request, page))


@require_safe
def calendar_file(request: HttpRequest, token: str, date: int = 0) -> HttpResponse:
    return _by_token(request, token, lambda page: private(views.file_of(request, page, date)))


def _by_token(request: HttpRequest, token: str, reply: Callable[[EventPage], HttpResponse]) -> HttpResponse:
    try:
        page = inside.page_at(token, active())
    except BadToken:
        return broken(request, _("The link is not whole or has been replaced, or the event is not published any more. Ask the organiser."))
    if not page.is_closed:
        # It has been opened to all since.
        return redirect(page.get_url(request))
    # In one language, that of the page: it may not be there in the one of the address.
    with translation.override(page.locale.language_code):
        return reply(page)
