"""Networks with their members, and ties."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.admin.ui.tables import Column

from base.languages import language_panels
from base.staff_lists import PrivateChooserViewSet
from contacts.contact_views import NetworkView
from contacts.lists import ListViewSet, ReadingIndexView
from contacts.models import Network, Tie
from contacts.viewsets.filters import NetworkFilterSet
from themes.pages import ticks

TERM = FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")])


class NetworkViewSet(ListViewSet):
    model = Network
    index_view_class = ReadingIndexView
    inspect_view_enabled = True
    inspect_view_class = NetworkView
    inspect_template_name = NetworkView.template_name
    copy_view_enabled = False
    icon = "group"
    related: ClassVar = ["project", "region"]
    search_fields: ClassVar = ["name_fi", "name_sv", "name_en"]
    list_display: ClassVar = ["name_fi", Column("get_kind_display", label=_("Kind"), sort_key="kind"), "project", "region"]
    filterset_class = NetworkFilterSet
    panels: ClassVar = [
        language_panels("name"),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("project"), FieldPanel("region")]),
        language_panels("description"),
        ticks("goals"),
        InlinePanel(
            "memberships",
            panels=[FieldRowPanel([FieldPanel("person"), FieldPanel("organisation"), FieldPanel("part")]), TERM],
            heading=_("Members"),
            label=_("Member"),
        ),
    ]


class TieViewSet(ListViewSet):
    """Derived ones are read here too; nobody edits them."""

    model = Tie
    chooser_viewset_class = PrivateChooserViewSet
    copy_view_enabled = False
    icon = "link"
    list_per_page = 50
    related: ClassVar = ["person", "organisation", "other_person", "other_organisation"]
    search_fields: ClassVar = [
        "person__last_name", "organisation__name_fi", "other_person__last_name", "other_organisation__name_fi", "evidence",
    ]  # fmt: skip
    list_display: ClassVar = [
        Column("one", label=_("Contact")),
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("other", label=_("Other contact")),
        Column("strength", label=_("Strength"), sort_key="strength"),
        "evidence",
    ]
    list_filter: ClassVar = ["kind"]
    ordering: ClassVar = ["-pk"]
    panels: ClassVar = [
        FieldPanel("theme"),
        FieldRowPanel([FieldPanel("person"), FieldPanel("organisation")]),
        FieldPanel("kind"),
        FieldRowPanel([FieldPanel("other_person"), FieldPanel("other_organisation")]),
        FieldRowPanel([FieldPanel("strength"), FieldPanel("evidence")]),
        TERM,
    ]
