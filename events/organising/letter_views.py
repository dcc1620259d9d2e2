"""What has been sent from the desk: each message as it went, to how many, and what became of the copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from base.pages import ENDONYMS
from events.models import Letter
from events.organising import writing
from events.organising.rights import READ, desk_view
from events.organising.views import frame

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from events.models import EventPage

MOST = 50


@require_safe
@desk_view(READ)
def letters(request: HttpRequest, page: EventPage) -> HttpResponse:
    context = frame(page, request.user, "events_desk_letters")
    found = Letter.objects.filter(event__item_key=page.translation_key).select_related("by", "event")[:MOST]
    context["desk"]["letters"] = [
        {
            "row": letter,
            "texts": [{"code": code, "name": ENDONYMS[code], **letter.words[code]} for code in letter.languages],
            "states": writing.states(letter).items(),
        }
        for letter in found
    ]
    return render(request, "events/staff/desk_letters.html", context)
