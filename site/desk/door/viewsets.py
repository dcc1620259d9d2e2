"""Who works in which project, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet

from base.staff_lists import PrivateChooserViewSet
from desk.models import ProjectStaff

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class ProjectStaffViewSet(SnippetViewSet):
    model = ProjectStaff
    chooser_viewset_class = PrivateChooserViewSet
    icon = "group"
    menu_label = _("Project staff")
    menu_name = "project-staff"
    add_to_settings_menu = True
    copy_view_enabled = False
    list_display: ClassVar = ["user", "project"]
    list_filter: ClassVar = ["project"]
    search_fields: ClassVar = ["user__last_name", "user__username", "project__name_fi"]
    search_backend_name = None
    panels: ClassVar = [FieldPanel("user"), FieldPanel("project")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProjectStaff]:
        return ProjectStaff.objects.select_related("user", "project").order_by("user__last_name", "pk")
