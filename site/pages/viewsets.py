"""The queue of enquiries, for those who answer them, and the series of stories, for those who write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from base.languages import CODES
from base.staff_lists import PrivateChooserViewSet
from pages.enquiry import Enquiry
from pages.series import StorySeries

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from base.models import User


class EnquiryPolicy(ModelPermissionPolicy):
    """Enquiries come by the form: nobody adds one here."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "add" and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: User, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class EnquiryViewSet(SnippetViewSet):
    model = Enquiry
    chooser_viewset_class = PrivateChooserViewSet
    icon = "mail"
    menu_label = _("Enquiries")
    menu_name = "enquiries"
    menu_order = 170
    add_to_admin_menu = True
    copy_view_enabled = False
    list_per_page = 50
    list_display: ClassVar = [
        "subject",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("get_state_display", label=_("State"), sort_key="state"),
        Column("time_left", label=_("Time to answer"), sort_key="due_on"),
        Column("responsible", label=_("Who answers")),
        DateColumn("asked_at", label=_("Asked"), sort_key="asked_at"),
    ]
    ordering: ClassVar = ["urgency", "clock", "-answered_at", "asked_at", "pk"]
    list_filter: ClassVar = ["state", "kind", "responsible"]
    search_fields: ClassVar = ["subject", "email", "name", "message"]
    search_backend_name = None
    panels: ClassVar = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel(name, read_only=True) for name in ("kind", "asked_at", "due_on")]),
                FieldRowPanel([FieldPanel(name, read_only=True) for name in ("name", "email", "language")]),
                FieldPanel("subject", read_only=True),
                FieldPanel("message", read_only=True),
            ],
            heading=_("What was asked"),
            icon="mail",
            help_text=_("Answer by e-mail and note the answer below. An answered enquiry is removed after a year."),
        ),
        MultiFieldPanel([FieldRowPanel([FieldPanel("state"), FieldPanel("responsible")]), FieldPanel("answer")], heading=_("Answer"), icon="check"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        return Enquiry.objects.in_order_of_work().select_related("responsible")


class StorySeriesViewSet(SnippetViewSet):
    model = StorySeries
    icon = "list-ol"
    menu_label = _("Series of stories")
    menu_name = "series"
    menu_order = 175
    add_to_admin_menu = True
    list_display: ClassVar = ["name_fi", "theme"]
    search_fields: ClassVar = ["name_fi", "name_sv", "name_en"]
    search_backend_name = None
    panels: ClassVar = [
        MultiFieldPanel([FieldPanel(f"name_{code}") for code in CODES], heading=_("Name")),
        FieldPanel("theme"),
        MultiFieldPanel([FieldPanel(f"description_{code}") for code in CODES], heading=_("Description")),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StorySeries]:
        return StorySeries.objects.select_related("theme")
