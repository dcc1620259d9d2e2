from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from base.menu import AllowedMenuItem
from base.staff_lists import ReadOnlyPolicy
from contacts.pages import is_source
from events import anew_views, decisions, meeting_staff, staff, words
from events.dates import dates_of
from events.models import EventPage, MeetingPage, Registration
from events.organising import bulk, urls
from events.organising.rights import READ, may
from events.organising.views import desk_url
from events.viewsets import RegistrationViewSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern


register_permission_policy(Registration, ReadOnlyPolicy(Registration))
register_snippet(RegistrationViewSet)


for act in bulk.ALL:
    hooks.register("register_bulk_action", act)


@hooks.register("register_admin_urls")
def add_urls() -> list[URLPattern]:
    return [
        path("events/<int:pk>/cancel/", staff.cancel_event, name="events_cancel_event"),
        path("events/<int:pk>/dates/", staff.end_dates, name="events_end_dates"),
        path("events/<int:pk>/anew/", anew_views.anew, name="events_anew"),
        path("events/meetings/<int:pk>/people/", meeting_staff.people, name="events_meeting_people"),
        path("events/decisions/<int:pk>/done/", decisions.end_decision, name="events_end_decision"),
        *urls.urlpatterns,
    ]


@hooks.register("register_log_actions")
def name_actions(registered: Any) -> None:
    registered.register_action("kantama.events.decision", gettext_lazy("Mark a decision done"), gettext_lazy("A decision was marked done"))
    registered.register_action(
        "kantama.events.inside_link", gettext_lazy("Replace the link for insiders"), gettext_lazy("The link for insiders was replaced")
    )


@hooks.register("construct_homepage_panels")
def show_open_decisions(request: HttpRequest, panels: list[Any]) -> None:
    """To who follows some up."""
    panel = decisions.OpenDecisions(request.user)
    panels += [panel] if panel.decisions else []


@hooks.register("before_publish_page", order=10)
def ask_before_dates_end(request: HttpRequest, page: Any) -> HttpResponse | None:
    """After the gate's own checks."""
    source = page.specific
    return staff.ask_before_ending(request, source) if isinstance(source, EventPage) and is_source(source) else None


@hooks.register("register_reports_menu_item")
def add_retention() -> MenuItem:
    return AllowedMenuItem(
        gettext_lazy("Deletion of answers"), reverse_lazy("events_retention"), icon_name="bin", order=930, may=lambda user: may(user, READ)
    )


@hooks.register("register_page_header_buttons")
def add_cancel_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(page, EventPage) and page.event and may(user, READ, page):
        yield Button(gettext_lazy("Organiser's desk"), desk_url(page), icon_name="group", priority=70)
    if isinstance(page, EventPage) and staff.may_cancel(page, user):
        yield Button(gettext_lazy("Cancel the event"), staff.cancel_url(page), icon_name="cross", priority=80)
    if isinstance(page, EventPage) and anew_views.may_make_anew(page, user):
        yield Button(gettext_lazy("Make anew"), reverse("events_anew", args=[page.pk]), icon_name="copy", priority=75)


@hooks.register("register_page_header_buttons")
def add_meeting_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(page, MeetingPage) and page.live and meeting_staff.may_invite(page, user):
        yield Button(gettext_lazy("Participants"), reverse("events_meeting_people", args=[page.pk]), icon_name="group", priority=70)


@hooks.register("register_page_listing_buttons")
def lead_from_the_list(page: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Nobody who looks for who registered finds a menu in the header of another screen. No query a row."""
    if isinstance(page, EventPage) and page.live and may(user, READ, page):
        yield Button(gettext_lazy("Organiser's desk"), desk_url(page), priority=15)
    if isinstance(page, MeetingPage) and page.live and may(user, READ):
        yield Button(gettext_lazy("Participants"), reverse("events_meeting_people", args=[page.pk]), priority=15)


@hooks.register("after_publish_page")
def say_that_seats_are_kept(request: HttpRequest, page: Any) -> None:
    if not isinstance(page, EventPage):
        return
    wanted = {one.key: sum(one.capacities.values()) for one in dates_of(page)}
    for event in page.events:
        if event.capacity > wanted.get(event.date_key, event.capacity):
            text = _("%(when)s: %(number)d seats are taken, so the event keeps them. Cancel registrations before you lower the capacity further.")
            messages.warning(request, text % {"when": words.when_text(event), "number": event.taken})
