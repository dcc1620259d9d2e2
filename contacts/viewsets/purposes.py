"""What people are held for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, Column

from base.languages import language_panels
from contacts.lists import ListViewSet
from contacts.models import Purpose
from themes.pages import ticks

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class PurposeViewSet(ListViewSet):
    model = Purpose
    icon = "lock"
    copy_view_enabled = False
    search_fields: ClassVar = ["name_fi", "name_sv", "name_en"]
    list_display: ClassVar = [
        Column("name", label=_("Purpose"), sort_key="name_fi"),
        Column("key", label=_("Key")),
        Column("get_legal_basis_display", label=_("Legal basis"), sort_key="legal_basis"),
        Column("months", label=_("Months kept"), sort_key="months"),
        Column("number", label=_("People"), sort_key="number"),
        BooleanColumn("is_active", label=_("In use")),
    ]
    list_filter: ClassVar = ["legal_basis", "is_active"]
    panels: ClassVar = [
        language_panels("name"),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("legal_basis")]),
        FieldRowPanel([FieldPanel("months"), FieldPanel("is_active")]),
        ticks("controllers"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(number=Count("held_for"))
        return rows
