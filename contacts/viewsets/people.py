"""People and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.widgets.button import HeaderButton

from base.staff_lists import PrivateChooserViewSet, as_text
from contacts.contact_views import ContactView
from contacts.lists import ListViewSet, ReadingIndexView, name_of
from contacts.models import Person, Tag
from contacts.viewsets.filters import PersonFilterSet
from themes.pages import ticks

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

TERM = FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")])


class PersonIndexView(ReadingIndexView):
    export_headings: ClassVar = {
        "region": _("Region"), "target_group": _("Target group"), "sources": _("Where the data came from"), "purposes": _("Held for"),
    }  # fmt: skip
    custom_field_preprocess: ClassVar = {
        name: {"csv": as_text, "xlsx": as_text} for name in ("first_name", "last_name", "email", "city", "sources", "purposes")
    } | {name: {"csv": name_of, "xlsx": name_of} for name in ("region", "target_group")}

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons: list[Any] = super().header_buttons
        if self.add_url:
            buttons.append(HeaderButton(_("Bring contacts"), url=reverse("contacts_import_start"), icon_name="download"))
        return buttons

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        return super().as_spreadsheet(queryset.prefetch_related("held_for__purpose"), spreadsheet_format)


class PersonViewSet(ListViewSet):
    model = Person
    chooser_viewset_class = PrivateChooserViewSet
    index_view_class = PersonIndexView
    inspect_view_enabled = True
    inspect_view_class = ContactView
    inspect_template_name = ContactView.template_name
    copy_view_enabled = False
    icon = "user"
    list_per_page = 50
    related: ClassVar = ["region", "target_group"]
    search_fields: ClassVar = ["first_name", "last_name", "email"]
    list_display: ClassVar = ["__str__", "email", "language", "region", "target_group"]
    filterset_class = PersonFilterSet
    list_export: ClassVar = [
        "first_name", "last_name", "email", "language", "city", "region", "target_group", "sources", "purposes", "obtained_at",
    ]  # fmt: skip
    panels: ClassVar = [
        FieldPanel("theme"),
        FieldRowPanel([FieldPanel("first_name"), FieldPanel("last_name")]),
        FieldRowPanel([FieldPanel("email"), FieldPanel("language")]),
        InlinePanel(
            "contact_points",
            panels=[FieldRowPanel([FieldPanel("medium"), FieldPanel("kind"), FieldPanel("value")]), TERM],
            heading=_("Further addresses"),
            label=_("Address"),
        ),
        InlinePanel("roles", panels=[FieldRowPanel([FieldPanel("organisation"), FieldPanel("title")]), TERM], heading=_("Roles"), label=_("Role")),
        FieldRowPanel([FieldPanel("city"), FieldPanel("region"), FieldPanel("target_group")]),
        MultiFieldPanel([FieldPanel("languages"), ticks("tags")], heading=_("Languages and tags"), icon="tag", classname="collapsed"),
        InlinePanel(
            "held_for",
            panels=[FieldRowPanel([FieldPanel("purpose"), FieldPanel("source"), FieldPanel("since")])],
            heading=_("Why we may hold this"),
            label=_("Purpose"),
            min_num=1,
        ),
        FieldRowPanel([FieldPanel("obtained_at"), FieldPanel("from_others")], heading=_("How it came to us"), icon="lock"),
    ]


class TagViewSet(ListViewSet):
    model = Tag
    icon = "tag"
    copy_view_enabled = False
    search_fields: ClassVar = ["name"]
    list_display: ClassVar = ["name"]
    panels: ClassVar[list[Any]] = [FieldPanel("theme"), FieldPanel("name")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows: QuerySet[Model] = Tag.objects.all()
        return rows
