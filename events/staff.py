"""Cancelling an event from the admin: a page that says who will hear of it, and asks once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from events import publishing
from events.models import EventPage, Registration

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse


def cancel_url(page: EventPage) -> str:
    return reverse("events_cancel_event", args=[page.pk])


def may_cancel(page: EventPage, user: Any) -> bool:
    """Who may publish the page, as long as the event is to come and stands."""
    event = page.event
    return bool(event and not event.is_cancelled and not event.is_over and page.permissions_for_user(user).can_publish())


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Others get a plain 403: raising would make Wagtail redirect them to its front page."""
    page = get_object_or_404(EventPage, pk=pk)
    event, edit_url = page.event, reverse("wagtailadmin_pages:edit", args=[page.pk])
    if event is None or not may_cancel(page, request.user):
        return render(request, "events/staff/cancel_event.html", {"page": page, "edit_url": edit_url, "refused": True}, status=403)
    if request.method == "POST":
        publishing.cancel_event(event=event, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        messages.success(request, _("The event is cancelled. Those who registered get a mail that takes it out of their calendars."))
        return redirect(edit_url)
    confirmed = event.registrations.filter(state=Registration.State.CONFIRMED).count()
    return render(request, "events/staff/cancel_event.html", {"page": page, "edit_url": edit_url, "number": confirmed})
