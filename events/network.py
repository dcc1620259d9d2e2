"""Who reads what is not public, meetings and internal events: the staff of its theme, and the networks that packages above know of."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render

from base.by_link import frame_alone
from base.remembered import remember
from base.roles import Role
from events.models import EventPage
from themes.teams import IN_A_THEME, groups_of, works_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from events.models import MeetingPage

    # Whether the user is of the network that the page is for.
    Network = Callable[[Any, MeetingPage | EventPage], bool]

OFFICE = {*IN_A_THEME, Role.ADMINISTRATORS.value}
_networks: dict[str, Network] = {}


def register_network(name: str, is_of: Network) -> None:
    """For packages above that know who belongs together, such as a project's staff."""
    _networks[name] = is_of


def may_see(user: Any, page: MeetingPage | EventPage) -> bool:
    """The staff of the theme, and whoever is of the page's network."""
    if not user.is_authenticated or not user.is_active:
        return False
    is_staff = works_in(user, page.theme_id) and groups_of(user).filter(name__in=OFFICE).exists()
    return bool(user.is_superuser or is_staff or any(is_of(user, page) for is_of in _networks.values()))


def refuse(request: HttpRequest) -> HttpResponse:
    """Tells nothing of the page, not even its title."""
    return render(request, "events/closed.html", frame_alone(request), status=403)


def page_for(request: HttpRequest, pk: int) -> EventPage:
    """The live event of this number, where this reader may read its page: 404 else, as where there is none."""
    try:
        # A copy: it is put into a frame as the page of this request.
        page: EventPage = copy(remember(("event page", pk), lambda: EventPage.objects.live().select_related("locale", "theme").get(pk=pk)))
    except EventPage.DoesNotExist:
        raise Http404 from None
    if not all(restriction.accept_request(request) for restriction in page.get_view_restrictions()):
        raise Http404
    if page.is_closed and not may_see(request.user, page):
        raise Http404
    return page
