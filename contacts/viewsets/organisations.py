"""Organisations and their units."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column

from base.staff_lists import as_text
from contacts.contact_views import ContactView
from contacts.lists import ListViewSet, ReadingIndexView, name_of
from contacts.models import Organisation
from contacts.viewsets.filters import OrganisationFilterSet
from themes.pages import ticks


class OrganisationIndexView(ReadingIndexView):
    export_headings: ClassVar = {"parent": _("Part of"), "region": _("Region"), "target_group": _("Target group")}
    custom_field_preprocess: ClassVar = {
        name: {"csv": as_text, "xlsx": as_text} for name in ("name_fi", "name_sv", "name_en", "city", "address", "phone")
    } | {name: {"csv": name_of, "xlsx": name_of} for name in ("parent", "region", "target_group")}


class OrganisationViewSet(ListViewSet):
    model = Organisation
    index_view_class = OrganisationIndexView
    inspect_view_enabled = True
    inspect_view_class = ContactView
    inspect_template_name = ContactView.template_name
    copy_view_enabled = False
    icon = "group"
    list_per_page = 50
    related: ClassVar = ["region", "target_group", "parent"]
    search_fields: ClassVar = ["name_fi", "name_sv", "name_en", "business_id"]
    list_display: ClassVar = [
        "name_fi", Column("parent", label=_("Part of")), Column("get_sector_display", label=_("Sector"), sort_key="sector"), "region", "target_group",
    ]  # fmt: skip
    filterset_class = OrganisationFilterSet
    list_export: ClassVar = [
        "name_fi", "name_sv", "name_en", "business_id", "parent", "sector", "size", "region", "target_group", "address", "city",
        "email", "phone", "website",
    ]  # fmt: skip
    panels: ClassVar = [
        MultiFieldPanel([FieldPanel(name) for name in ("name_fi", "name_sv", "name_en")], heading=_("Name")),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("key")]),
        FieldRowPanel([FieldPanel("parent"), FieldPanel("business_id")]),
        FieldRowPanel([FieldPanel("sector"), FieldPanel("size")]),
        FieldRowPanel([FieldPanel("region"), FieldPanel("target_group")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("address"), FieldPanel("city")]),
                FieldRowPanel([FieldPanel("email"), FieldPanel("phone"), FieldPanel("website")]),
            ],
            heading=_("Where it is reached"),
            icon="mail",
        ),
        ticks("tags"),
    ]
