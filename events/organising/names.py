"""The name list as a PDF: who is coming or came, of those whom the desk's list shows, without what is nobody's business at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from base.documents import table_document
from events import words
from events.models import Registration
from events.organising import lists
from events.organising.columns import columns
from events.organising.rights import READ, desk_view

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from events.models import EventPage

EXPECTED = {Registration.State.CONFIRMED, Registration.State.ATTENDED}
# What it has, and each column's share of the page.
COLUMNS = {"date": 3, "last_name": 4, "first_name": 3, "organisation": 6, "mode": 3, "size": 2, "guests": 4}


@require_safe
@desk_view(READ)
def names(request: HttpRequest, page: EventPage) -> HttpResponse:
    rows = lists.chosen_by(page, request.GET.urlencode()).filter(state__in=EXPECTED).order_by("person__last_name", "person__first_name", "pk")
    with translation.override(page.locale.language_code):
        content = name_list(page, rows)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"], answer["Cache-Control"] = f'attachment; filename="{page.slug}.pdf"', "private, no-store"
    return answer


def name_list(page: EventPage, rows: Iterable[Registration]) -> bytes:
    """In the page's language, whoever prints it. The date and the way stand in the head where there is only one."""
    dates = lists.dates_of(page)
    same = {"date"} if len(dates) == 1 else set()
    same |= {"mode"} if all(len(date.ways) == 1 for date in dates) else set()
    cells = [cell for cell in columns(page, with_needs=False) if cell.key in COLUMNS and cell.key not in same]
    facts = [f"{label}: {value}" for date in dates if len(dates) == 1 for label, value in words.facts(date, page)]
    lines = [[str(cell.value(row)) for cell in cells] for row in rows]
    counted = ngettext("%(number)d registration", "%(number)d registrations", len(lines)) % {"number": len(lines)}
    return table_document(
        title=_("Participants: {event}").format(event=page.title),
        facts=[*facts, counted],
        head=[cell.label for cell in cells],
        rows=lines,
        widths=[COLUMNS[cell.key] for cell in cells],
    )
