"""Who does what, and service needs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, DateColumn

from base.staff import staff_of
from base.staff_lists import PrivateChooserViewSet
from contacts import needs
from contacts.lists import ListViewSet, RefusingCreateView
from contacts.models import ServiceNeed, WorkArea
from contacts.need_views import ServiceNeedIndexView, ServiceNeedView

TERM = FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")])


class WorkAreaViewSet(ListViewSet):
    model = WorkArea
    chooser_viewset_class = PrivateChooserViewSet
    copy_view_enabled = False
    icon = "clipboard-list"
    menu_label = _("Who does what")
    list_per_page = 50
    related: ClassVar = ["organisation", "person", "sub_theme", "region"]
    search_fields: ClassVar = ["organisation__name_fi", "service", "meter"]
    list_display: ClassVar = ["organisation", "sub_theme", "region", "service", "meter", "person"]
    list_filter: ClassVar = ["sub_theme", "region"]
    panels: ClassVar = [
        FieldRowPanel([FieldPanel("organisation"), FieldPanel("person")]),
        FieldRowPanel([FieldPanel("sub_theme"), FieldPanel("region")]),
        FieldRowPanel([FieldPanel("service"), FieldPanel("meter")]),
        TERM,
    ]


class HearView(RefusingCreateView):
    def save_instance(self) -> Any:
        with transaction.atomic():
            return needs.hear(super().save_instance(), by=staff_of(self.request))


class ServiceNeedViewSet(ListViewSet):
    model = ServiceNeed
    chooser_viewset_class = PrivateChooserViewSet
    index_view_class = ServiceNeedIndexView
    add_view_class = HearView
    inspect_view_enabled = True
    inspect_view_class = ServiceNeedView
    inspect_template_name = ServiceNeedView.template_name
    copy_view_enabled = False
    icon = "help"
    list_per_page = 50
    related: ClassVar = ["sub_theme", "region", "organisation"]
    search_fields: ClassVar = ["need", "details", "organisation__name_fi"]
    list_display: ClassVar = [
        "need", "sub_theme", "region", "organisation", Column("get_state_display", label=_("State"), sort_key="state"),
        DateColumn("heard_on", label=_("Heard"), sort_key="heard_on"),
    ]  # fmt: skip
    list_filter: ClassVar = ["state", "sub_theme", "region"]
    panels: ClassVar = [
        FieldPanel("theme"),
        FieldPanel("need"),
        FieldPanel("details"),
        FieldRowPanel([FieldPanel("sub_theme"), FieldPanel("region")]),
        FieldRowPanel([FieldPanel("organisation"), FieldPanel("person")]),
        FieldPanel("heard_on"),
    ]
