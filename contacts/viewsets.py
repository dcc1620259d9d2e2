"""The register and the ledger of outreach, for the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from base.staff_lists import PrivateChooserViewSet
from contacts.models import Organisation, Outreach, Person, ProjectParty
from themes.pages import ticks

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest


class ListViewSet(SnippetViewSet):
    """`related` names what the columns read, so that queries do not grow with the rows."""

    related: ClassVar[list[str]] = []
    search_backend_name = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.model._default_manager.select_related(*self.related)
        return rows


class PersonViewSet(ListViewSet):
    model = Person
    chooser_viewset_class = PrivateChooserViewSet
    icon = "user"
    related: ClassVar = ["region", "target_group"]
    search_fields: ClassVar = ["first_name", "last_name", "email"]
    list_display: ClassVar = ["__str__", "email", "language", "region", "target_group"]
    list_filter: ClassVar = ["language", "region", "target_group"]
    panels: ClassVar = [
        FieldPanel("theme"),
        FieldRowPanel([FieldPanel("first_name"), FieldPanel("last_name")]),
        FieldRowPanel([FieldPanel("email"), FieldPanel("language")]),
        FieldRowPanel([FieldPanel("region"), FieldPanel("target_group")]),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("source", "purpose", "legal_basis", "obtained_at")], heading=_("Why we may hold this"), icon="lock"
        ),
    ]


class OrganisationViewSet(ListViewSet):
    model = Organisation
    icon = "group"
    related: ClassVar = ["region", "target_group"]
    search_fields: ClassVar = ["name_fi", "name_sv", "name_en"]
    list_display: ClassVar = ["name_fi", "sector", "region", "target_group"]
    list_filter: ClassVar = ["sector", "region", "target_group"]
    panels: ClassVar = [
        MultiFieldPanel([FieldPanel(name) for name in ("name_fi", "name_sv", "name_en")], heading=_("Name")),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("key")]),
        FieldRowPanel([FieldPanel("sector"), FieldPanel("region"), FieldPanel("target_group")]),
        FieldPanel("address"),
    ]


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


class ContactsGroup(SnippetViewSetGroup):
    menu_label = _("Contacts")
    menu_icon = "group"
    menu_name = "contacts"
    menu_order = 160
    items = (PersonViewSet, OrganisationViewSet, ProjectPartyViewSet, OutreachViewSet)
