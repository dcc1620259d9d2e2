"""The words of the editor's menu: what a button does, not what its machinery is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import CancelWorkflowMenuItem, RestartWorkflowMenuItem, SubmitForModerationMenuItem

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.admin.action_menu import ActionMenuItem


class AskForApproval(SubmitForModerationMenuItem):
    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | {"label": _("Ask for approval")}


class TakeBack(CancelWorkflowMenuItem):
    label = _("Take the request for approval back")


def name_plainly(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """To start over is to take back and to ask again: it needs no third button."""
    plain = {SubmitForModerationMenuItem: AskForApproval, CancelWorkflowMenuItem: TakeBack}
    kept = [item for item in items if not isinstance(item, RestartWorkflowMenuItem)]
    items[:] = [plain[type(item)](order=item.order) if type(item) in plain else item for item in kept]
