"""The state of each language in the list of pages and beside the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.viewsets.pages import PageViewSet

from base.gate.panel import GatePanel
from base.pages import ENDONYMS, PublicPage
from base.side_panels import panels_for
from base.translations.states import SUBMIT, annotate_states, sheet_url, states_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.translations.states import LanguageState


def shown(states: Iterable[LanguageState], user: Any) -> list[dict[str, Any]]:
    """For `base/translations/states.html`."""
    return [{"state": state, "name": ENDONYMS[state.language_code], "url": state.url(user)} for state in states]


class LanguagesColumn(BaseColumn):
    """Needs `language_states` on each page (`annotate_states`)."""

    cell_template_name = "base/translations/cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"rows": shown(instance.language_states, parent_context["request"].user)}


class PageList(ExplorableIndexView):
    base_columns: ClassVar = [*ExplorableIndexView.base_columns, LanguagesColumn("languages", label=_("Languages"), width="18%")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        annotate_states(context["object_list"])
        return context


class LanguagesSidePanel(BaseSidePanel):
    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Languages")
        icon_name = "globe"
        has_counter = False

    name = "languages"
    title = _("Languages")
    template_name = "base/translations/side_panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        states = states_of([self.object]).get(self.object.translation_key, [])
        has_sheet = isinstance(self.object, PublicPage) and states and self.request.user.has_perm(SUBMIT)
        return context | {"rows": shown(states, self.request.user), "sheet_url": sheet_url(states[0].source) if has_sheet else ""}


class PageEditor(EditView):
    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        if not (self.expects_json_response or self.hydrate_create_view):
            panels.append(LanguagesSidePanel(self.page, self.request))
            if isinstance(self.page, PublicPage):
                panels.append(GatePanel(self.page, self.request))
            panels += panels_for(self.page, self.request)
        return panels


class PagesViewSet(PageViewSet):
    """Of every kind of page that has none of its own."""

    index_view_class = PageList
    edit_view_class = PageEditor
