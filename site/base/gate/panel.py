"""The gate beside the editor."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel


class GatePanel(BaseSidePanel):
    """Asks for what fails when it is opened, and while it is open again whenever the draft has saved itself (admin.js)."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Publication checks")
        icon_name = "clipboard-list"
        has_counter = False

    name = "gate"
    title = _("Publication checks")
    template_name = "base/gate/panel.html"
    order = 140
