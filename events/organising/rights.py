"""Who may do what at the desk. Others get a plain 403: raising would make Wagtail redirect them to its front page."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render

from events.models import EventPage
from themes.teams.pages import ground_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

READ, ACT = "events.view_registration", "events.change_registration"


def may(user: Any, right: str, page: EventPage | None = None) -> bool:
    """`ACT` is a right to read too. Of a page: within the user's theme."""
    has_right = user.has_perm(right) or (right == READ and user.has_perm(ACT))
    return bool(has_right and (page is None or ground_of(user).has(page.path)))


def source_of(page: EventPage) -> EventPage:
    """Its pages of all languages have one desk: the source page's."""
    return EventPage.objects.filter(translation_key=page.translation_key).select_related("locale", "theme").order_by("pk")[0]


def refused(request: HttpRequest) -> HttpResponse:
    return render(request, "events/staff/refused.html", status=403)


def desk_view(right: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For views of an event's desk: gives them the source page in the place of a page's number."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
            page = source_of(get_object_or_404(EventPage, pk=pk))
            return view(request, page, *args, **kwargs) if may(request.user, right, page) else refused(request)

        return wrapped

    return decorate
