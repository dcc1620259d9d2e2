"""Cancelling dates of an event from the admin: a page that says who will hear of it, and asks once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from base.staff import staff_of
from events import publishing, words
from events.dates import dates_of
from events.models import Event, EventPage, Registration

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from events.models import EventQuerySet


def cancel_url(page: EventPage) -> str:
    return reverse("events_cancel_event", args=[page.pk])


def standing_dates(page: EventPage) -> EventQuerySet:
    """Dates to come that are not cancelled, with the `confirmed` of each."""
    confirmed = Count("registrations", filter=Q(registrations__state=Registration.State.CONFIRMED))
    dates: EventQuerySet = Event.objects.upcoming().filter(item_key=page.translation_key, is_cancelled=False)
    return dates.annotate(confirmed=confirmed).order_by("starts_at", "pk")


def may_cancel(page: EventPage, user: Any) -> bool:
    """Who may publish the page, as long as a date of it is to come and stands."""
    return bool(page.permissions_for_user(user).can_publish()) and standing_dates(page).exists()


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Others get a plain 403: raising would make Wagtail redirect them to its front page."""
    page = get_object_or_404(EventPage, pk=pk)
    edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    if not may_cancel(page, request.user):
        return render(request, "events/staff/cancel_event.html", {"page": page, "edit_url": edit_url, "refused": True}, status=403)
    dates: list[Any] = list(standing_dates(page))
    chosen = [event for event in dates if len(dates) == 1 or str(event.pk) in request.POST.getlist("date")]
    if request.method == "POST" and chosen:
        for event in chosen:
            publishing.cancel_event(event=event, by=staff_of(request))
        messages.success(request, _("The event is cancelled. Those who registered get a mail that takes it out of their calendars."))
        return redirect(edit_url)
    context = {"page": page, "edit_url": edit_url, "number": sum(event.confirmed for event in dates), "is_unchosen": request.method == "POST"}
    return render(request, "events/staff/cancel_event.html", context | {"dates": rows(dates, page) if len(dates) > 1 else []})


def rows(dates: list[Any], page: EventPage) -> list[dict[str, Any]]:
    return [{"pk": event.pk, "text": f"{words.when_text(event)}, {words.where_text(event, page)}", "number": event.confirmed} for event in dates]


def ending_dates(page: EventPage) -> list[Any]:
    """Of the page as it is about to be published: the dates that it takes away although somebody has registered for them."""
    left = publishing.left_out(page, dates_of(page))
    taking = Registration.objects.filter(event__in=left).taking_a_seat().values("event")
    return list(standing_dates(page).filter(pk__in=taking))


def ask_before_ending(request: HttpRequest, page: EventPage) -> HttpResponse | None:
    """Instead of publishing, a screen that names the dates and asks. The draft is saved."""
    draft: EventPage = page.get_latest_revision_as_object()
    return redirect("events_end_dates", page.pk) if ending_dates(draft) else None


@require_http_methods(["GET", "HEAD", "POST"])
def end_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Publishes the newest version of the page, once it was said which dates end with it."""
    page = get_object_or_404(EventPage, pk=pk)
    edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    dates = ending_dates(page.get_latest_revision_as_object())
    if not dates or not page.permissions_for_user(request.user).can_publish():
        return redirect(edit_url)
    if request.method == "POST":
        page.get_latest_revision().publish(user=request.user)
        messages.success(request, _("The page is published. Those who registered for the dates that it left out get a mail."))
        return redirect(edit_url)
    return render(request, "events/staff/end_dates.html", {"page": page, "edit_url": edit_url, "dates": rows(dates, page)})
