"""Where a registrant makes, renews and takes back the address of their own calendar, by the link of their mail; and the calendar itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from base.by_link import private
from base.languages import active
from base.public_forms import guarded
from events import feeds, links, own_calendar
from events.models import OwnCalendar, page_in
from events.replies import GONE
from mail.signing import BadToken

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """410 for an address that was taken back: programs then stop asking."""
    try:
        row = own_calendar.at(token)
    except BadToken:
        return private(HttpResponse(_("This calendar was taken back by its owner."), status=GONE, content_type="text/plain; charset=utf-8"))
    made = feeds.built(own_calendar.feed(row))
    response = HttpResponse(made.content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = made.etag
    patch_cache_control(response, private=True, max_age=300)
    return get_conditional_response(request, etag=made.etag, response=response) or response


@guarded(group="events.own_calendar", rate=None)
def settings(request: HttpRequest, token: str) -> HttpResponse:
    """A GET shows, a POST makes, renews or ends. The token is that of the registration."""
    try:
        registration = links.registration_at(token)
    except BadToken:
        return private(HttpResponse(_("This link does not work"), status=404, content_type="text/plain; charset=utf-8"))
    person = registration.person
    if request.method == "POST" and request.POST.get("do") == "end":
        own_calendar.end(person=person)
    elif request.method == "POST":
        own_calendar.make(person=person, language=registration.language)
    page = page_in(active(), registration.event)
    row = OwnCalendar.objects.select_related("person__theme").filter(person=person).first()
    address = own_calendar.address(row) if row else ""
    with translation.override(page.locale.language_code):
        context = {"title": _("Your own calendar"), "address": address, "webcal": f"webcal://{address.partition('://')[2]}" if address else ""}
        return private(render(request, "events/own_calendar.html", page.frame(request) | {"sharing": None} | context))
