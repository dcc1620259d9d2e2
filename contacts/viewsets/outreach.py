"""The ledger of outreach, and the parties of projects."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column

from base.staff_lists import PrivateChooserViewSet
from contacts.lists import ListViewSet
from contacts.models import Outreach, ProjectParty
from themes.pages import ticks


class ProjectPartyViewSet(ListViewSet):
    model = ProjectParty
    chooser_viewset_class = PrivateChooserViewSet
    icon = "folder-open-inverse"
    related: ClassVar = ["project", "organisation", "person"]
    search_fields: ClassVar = ["project__name_fi", "project__code", "organisation__name_fi"]
    list_display: ClassVar = ["project", Column("get_part_display", label=_("Part"), sort_key="part"), "organisation", "person", "listed_on"]
    list_filter: ClassVar = ["part", "project"]
    panels: ClassVar = [
        FieldRowPanel([FieldPanel("project"), FieldPanel("part")]),
        FieldRowPanel([FieldPanel("organisation"), FieldPanel("person")]),
        FieldPanel("listed_on"),
    ]


class OutreachViewSet(ListViewSet):
    model = Outreach
    icon = "comment"
    related: ClassVar = ["channel", "responsible"]
    search_fields: ClassVar = ["title"]
    list_display: ClassVar = ["title", "kind", "channel", "responsible", "planned_on", "done_at"]
    list_filter: ClassVar = ["kind", "channel", "goals", "audiences"]
    panels: ClassVar = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("kind"), FieldPanel("channel")]),
        FieldRowPanel([FieldPanel("planned_on"), FieldPanel("done_at"), FieldPanel("responsible")]),
        MultiFieldPanel([ticks(name) for name in ("goals", "core_messages", "audiences", "regions")], heading=_("Plan"), icon="crosshairs"),
    ]
