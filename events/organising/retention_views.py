"""The report of what is to be deleted: what is overdue, what goes when, and what went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from base.staff import staff_of
from events import retention
from events.models import Deletion, EventPage
from events.organising.rights import ACT, READ, may, refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from events.models import Event

MOST_GONE = 200


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """A POST deletes what is overdue, as the clock should have."""
    if not may(request.user, ACT if request.method == "POST" else READ):
        return refused(request)
    if request.method == "POST":
        number = retention.delete_due(by=staff_of(request))
        messages.success(request, ngettext("%(number)d answer was deleted.", "%(number)d answers were deleted.", number) % {"number": number})
        return redirect("events_retention")
    return render(request, "events/staff/retention.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    planned, now = retention.planned(), timezone.now()
    gone = list(Deletion.objects.select_related("event")[:MOST_GONE])
    titles = titles_of([*(due.event for due in planned), *(row.event for row in gone)])
    rows: list[dict[str, Any]] = [{"title": titles[due.event.item_key], "asked": due.asked, "number": due.number, "at": due.at} for due in planned]
    return {
        "page_title": _("Deletion of answers"),
        "overdue": [row for row in rows if row["at"] <= now],
        "coming": [row for row in rows if row["at"] > now],
        "gone": [{"title": titles[row.event.item_key], "row": row} for row in gone],
        "may_delete": may(request.user, ACT),
        "most": MOST_GONE,
    }


def titles_of(events: Iterable[Event]) -> dict[UUID, str]:
    """Of the source pages, by `item_key`. One query."""
    keys = {event.item_key for event in events}
    pages = EventPage.objects.filter(translation_key__in=keys).order_by("-pk").values_list("translation_key", "title")
    return dict.fromkeys(keys, "–") | dict(pages)
