"""Registrations for the staff: a list to read, filter, export, and mark who came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from base.staff_lists import PrivateChooserViewSet, as_text
from events.models import Event, EventPage, Registration

if TYPE_CHECKING:
    from django.http import HttpRequest


def titles(key: str) -> Subquery:
    """The title of the source page of the event whose `item_key` is at `key`."""
    pages = EventPage.objects.filter(translation_key=OuterRef(key)).order_by("pk")
    return Subquery(pages.values("title")[:1], output_field=CharField())


def event_choices() -> list[tuple[int, str]]:
    events = Event.objects.order_by("-starts_at").values_list("pk", titles("item_key"), "starts_at")
    return [(pk, f"{title} ({timezone.localtime(starts_at):%d.%m.%Y})") for pk, title, starts_at in events]


class RegistrationFilterSet(WagtailFilterSet):
    event = django_filters.ChoiceFilter(label=_("Event"), choices=event_choices)
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=Registration.State.choices)

    class Meta:
        model = Registration
        fields: ClassVar = ["event", "state"]


def as_local(moment: Any) -> str:
    """For an export: the clock on the wall, not UTC."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""


class RegistrationIndexView(IndexView):
    """Who only reads takes nothing along of what is about health."""

    list_export: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not request.user.has_perm("events.change_registration"):
            self.list_export = [name for name in self.list_export if name != "needs"]

    export_headings: ClassVar = {
        "event_title": _("Event"), "event.starts_at": _("starts"), "person.first_name": _("First name"), "person.last_name": _("Last name"),
        "person.email": _("E-mail"), "get_mode_display": _("Way to take part"), "get_state_display": _("State"),
        "get_reply_display": _("Answer from the calendar"),
    }  # fmt: skip
    custom_field_preprocess: ClassVar = {
        name: {"csv": as_text, "xlsx": as_text}
        for name in ("person.first_name", "person.last_name", "person.email", "organisation", "needs", "event_title")
    } | {name: {"csv": as_local, "xlsx": as_local} for name in ("event.starts_at", "asked_at", "confirmed_at")}


class RegistrationViewSet(SnippetViewSet):
    model = Registration
    chooser_viewset_class = PrivateChooserViewSet
    index_view_class = RegistrationIndexView
    icon = "group"
    menu_label = _("Registrations")
    menu_name = "registrations"
    menu_order = 320
    add_to_admin_menu = True
    copy_view_enabled = False
    list_per_page = 50
    list_display: ClassVar = [
        "person",
        Column("event_title", label=_("Event"), sort_key="event_title"),
        Column("get_state_display", label=_("State"), sort_key="state"),
        Column("get_reply_display", label=_("Answer from the calendar"), sort_key="reply"),
        DateColumn("asked_at", label=_("Asked for"), sort_key="asked_at"),
    ]
    ordering: ClassVar = ["-asked_at", "-pk"]
    filterset_class = RegistrationFilterSet
    search_fields: ClassVar = ["person__first_name", "person__last_name", "person__email", "organisation"]
    list_export: ClassVar = [
        "event_title", "event.starts_at", "person.first_name", "person.last_name", "person.email", "organisation", "needs",
        "get_mode_display", "size", "language", "get_state_display", "get_reply_display", "asked_at", "confirmed_at",
    ]  # fmt: skip
    export_filename = "registrations"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        return Registration.objects.select_related("person", "event").annotate(event_title=titles("event__item_key"))
