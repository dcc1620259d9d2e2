"""The ledger of outreach, and the parties of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn

from base.languages import CODES
from base.staff import staff_of
from base.staff_lists import PrivateChooserViewSet
from contacts.lists import ListViewSet, ReadingIndexView, RefusingCreateView
from contacts.models import Outreach, ProjectParty, ThemeBody
from contacts.viewsets.filters import OutreachFilterSet
from themes.pages import ticks

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


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


def state_of(act: Outreach) -> str:
    return str(act.state(timezone.localdate()).label)


def goals_of(act: Outreach) -> str:
    """In words: work without a goal says so."""
    return ", ".join(str(goal) for goal in act.goals.all()) or gettext("Unplanned")


class OutreachCreateView(RefusingCreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"initial": {"responsible": staff_of(self.request).pk} | kwargs["initial"]}


class OutreachIndexView(ReadingIndexView):
    """A row leads to what the act reached."""

    def get_edit_url(self, instance: Any) -> str | None:
        if self.request.user.has_perm("contacts.view_touch"):
            return reverse("desk:outreach", args=[instance.pk])
        return super().get_edit_url(instance)


class ThemeBodyViewSet(ListViewSet):
    """Who runs the theme, and who answers for its contact register."""

    model = ThemeBody
    icon = "site"
    copy_view_enabled = False
    related: ClassVar = ["organisation"]
    search_fields: ClassVar = ["organisation__name_fi"]
    list_display: ClassVar = ["organisation", Column("get_part_display", label=_("Part"), sort_key="part"), BooleanColumn("is_controller")]
    list_filter: ClassVar = ["part", "is_controller"]
    panels: ClassVar = [
        FieldPanel("theme"),
        FieldRowPanel([FieldPanel("organisation"), FieldPanel("part")]),
        FieldPanel("is_controller"),
        *[FieldPanel(f"description_{code}") for code in CODES],
    ]


class OutreachViewSet(ListViewSet):
    model = Outreach
    add_view_class = OutreachCreateView
    index_view_class = OutreachIndexView
    copy_view_enabled = False
    icon = "comment"
    list_per_page = 50
    related: ClassVar = ["channel", "responsible"]
    search_fields: ClassVar = ["title"]
    list_display: ClassVar = [
        "title",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("state", label=_("State"), accessor=state_of),
        Column("goals", label=_("Goals"), accessor=goals_of),
        Column("get_scope_display", label=_("Scope"), sort_key="scope"),
        "channel", "responsible",
        DateColumn("planned_on", label=_("Planned for"), sort_key="planned_on"),
        DateColumn("done_at", label=_("Done"), sort_key="done_at"),
    ]  # fmt: skip
    filterset_class = OutreachFilterSet
    panels: ClassVar = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("kind"), FieldPanel("channel"), FieldPanel("scope")]),
        FieldRowPanel([FieldPanel("planned_on"), FieldPanel("done_at"), FieldPanel("responsible")]),
        MultiFieldPanel([ticks(name) for name in ("goals", "core_messages", "audiences", "regions")], heading=_("Plan"), icon="crosshairs"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("goals")
