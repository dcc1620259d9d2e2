from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import register_snippet

from base.staff_lists import ReadOnlyPolicy
from contacts.pages import is_source
from events import actions, staff, words
from events.dates import dates_of
from events.models import EventPage, Registration
from events.organising import urls
from events.organising.rights import READ, may
from events.viewsets import RegistrationViewSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

    from base.models import User

register_permission_policy(Registration, ReadOnlyPolicy(Registration))
register_snippet(RegistrationViewSet)


@hooks.register("register_bulk_action")
class MarkAttended(SnippetBulkAction):
    """Only confirmed registrations are marked; others stay as they are."""

    models = [Registration]
    display_name = gettext_lazy("Mark attended")
    aria_label = gettext_lazy("Mark the chosen ones attended")
    action_type = "mark_attended"
    template_name = "events/mark_attended.html"

    def check_perm(self, registration: Registration) -> bool:
        user: User = self.request.user
        return user.has_perm("events.change_registration")

    def get_execution_context(self) -> dict[str, Any]:
        context: dict[str, Any] = super().get_execution_context()
        return context | {"user": self.request.user}

    @classmethod
    def execute_action(cls, objects: Sequence[Registration], user: User | None = None, **kwargs: object) -> tuple[int, int]:
        return actions.mark_attended(objects, by=user), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d person marked attended.", "%(number)d people marked attended.", num_parent_objects) % {
            "number": num_parent_objects
        }


@hooks.register("register_bulk_action")
class CancelRegistrations(MarkAttended):
    """For who rings or writes to say that they cannot come. Those who attended, and those cancelled already, stay as they are."""

    display_name = gettext_lazy("Cancel registrations")
    aria_label = gettext_lazy("Cancel the chosen registrations")
    action_type = "cancel_registrations"
    template_name = "events/cancel_registrations.html"
    classes = {"serious"}

    @classmethod
    def execute_action(cls, objects: Sequence[Registration], user: User | None = None, **kwargs: object) -> tuple[int, int]:
        before = {registration.pk: registration.state for registration in objects}
        ended = [actions.cancel_registration(registration, by=user) for registration in objects]
        return sum(row.state != before[row.pk] for row in ended), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d registration cancelled.", "%(number)d registrations cancelled.", num_parent_objects) % {
            "number": num_parent_objects
        }


@hooks.register("register_admin_urls")
def add_urls() -> list[URLPattern]:
    return [
        path("events/<int:pk>/cancel/", staff.cancel_event, name="events_cancel_event"),
        path("events/<int:pk>/dates/", staff.end_dates, name="events_end_dates"),
        *urls.urlpatterns,
    ]


@hooks.register("before_publish_page", order=10)
def ask_before_dates_end(request: HttpRequest, page: Any) -> HttpResponse | None:
    """After the gate's own checks."""
    source = page.specific
    return staff.ask_before_ending(request, source) if isinstance(source, EventPage) and is_source(source) else None


class RetentionItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, READ)


@hooks.register("register_reports_menu_item")
def add_retention() -> MenuItem:
    return RetentionItem(gettext_lazy("Deletion of answers"), reverse_lazy("events_retention"), icon_name="bin", order=930)


@hooks.register("register_page_header_buttons")
def add_cancel_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(page, EventPage) and staff.may_cancel(page, user):
        yield Button(gettext_lazy("Cancel the event"), staff.cancel_url(page), icon_name="cross", priority=80)


@hooks.register("after_publish_page")
def say_that_seats_are_kept(request: HttpRequest, page: Any) -> None:
    if not isinstance(page, EventPage):
        return
    wanted = {one.key: sum(one.capacities.values()) for one in dates_of(page)}
    for event in page.events:
        if event.capacity > wanted.get(event.date_key, event.capacity):
            text = _("%(when)s: %(number)d seats are taken, so the event keeps them. Cancel registrations before you lower the capacity further.")
            messages.warning(request, text % {"when": words.when_text(event), "number": event.taken})
