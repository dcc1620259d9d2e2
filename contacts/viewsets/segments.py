"""Kept segments. They are built on a screen of their own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn

from contacts.lists import ListViewSet, ReadingIndexView
from contacts.models import Segment
from contacts.segments.kinds import choices_kept
from contacts.segments.rules import in_words
from contacts.segments.views import list_url


class SegmentIndexView(ReadingIndexView):
    """A row leads to those who are in it."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Told all at once: what their conditions name is read once."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        with choices_kept():
            for row in context["object_list"]:
                row.sentence = in_words(row.of, row.rules)
        return context

    def get_edit_url(self, instance: Any) -> str | None:
        return list_url(instance)


class SegmentViewSet(ListViewSet):
    model = Segment
    index_view_class = SegmentIndexView
    copy_view_enabled = False
    icon = "tasks"
    list_per_page = 50
    related: ClassVar = ["by"]
    search_fields: ClassVar = ["name"]
    list_display: ClassVar = [
        "name",
        Column("sentence", label=_("Conditions")),
        "by",
        DateColumn("changed_at", label=_("Changed"), sort_key="changed_at"),
    ]
    list_filter: ClassVar = ["of"]
    panels: ClassVar[list[Any]] = [FieldPanel("name")]
