"""The screen of an item, and what the editor has beside the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.side_panels import BaseSidePanel

from base.side_panels import register
from contacts.models import Outreach
from contacts.pages import OutreachPage
from desk.item.figures import of_item
from desk.views import DeskView
from reach.screens import VIEW
from reach.showing import duration

if TYPE_CHECKING:
    from django.http import HttpRequest


class ItemView(DeskView):
    """By the item's own key, so that every language of it leads here."""

    permission = VIEW
    template_name = "desk/item/item.html"
    header_icon = "view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.act = get_object_or_404(Outreach.objects.select_related("channel"), item_key=kwargs["key"])
        found = of_item(self.act)
        linked = self.request.user.has_perm("contacts.view_touch")
        return super().get_context_data(**kwargs) | {
            "found": found,
            "time": duration(found.read.mean_seconds),
            "act_url": reverse("desk:outreach", args=[self.act.pk]) if linked else "",
        }

    def get_page_title(self) -> str:
        return _("All its reach: %(title)s") % {"title": self.act.title}


class ReachPanel(BaseSidePanel):
    """In short, with the way to the whole. A page that was never published has reached nobody."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("All its reach")
        icon_name = "view"
        has_counter = False

    name = "reach"
    title = gettext_lazy("All its reach")
    template_name = "desk/item/panel.html"
    order = 160

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        act = Outreach.objects.filter(item_key=self.object.translation_key).first()
        found = of_item(act) if act else None
        return context | {"found": found, "time": duration(found.read.mean_seconds) if found else ""}


def has_panel(page: Any, request: HttpRequest) -> bool:
    return isinstance(page, OutreachPage) and request.user.has_perm(VIEW)


def connect() -> None:
    register(ReachPanel, has_panel)
