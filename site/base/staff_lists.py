"""What the staff's lists share: lists that are only read, and exports that no spreadsheet runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.chooser import SnippetChooserViewSet

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from base.models import User

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class _ForViewers:
    """Wagtail shows a chooser to all of the staff; a list of people is for those who may see people."""

    def dispatch(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        options = self.model_class._meta
        if not any(request.user.has_perm(f"{options.app_label}.{action}_{options.model_name}") for action in ("view", "change")):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the view's, behind this in the order
        return answer


class PrivateChooserViewSet(SnippetChooserViewSet):
    """For models that hold personal data."""

    choose_view_class = type("ChooseView", (_ForViewers, SnippetChooserViewSet.choose_view_class), {})
    choose_results_view_class = type("ChooseResultsView", (_ForViewers, SnippetChooserViewSet.choose_results_view_class), {})
    chosen_view_class = type("ChosenView", (_ForViewers, SnippetChooserViewSet.chosen_view_class), {})
    chosen_multiple_view_class = type("ChosenMultipleView", (_ForViewers, SnippetChooserViewSet.chosen_multiple_view_class), {})


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Who may view or change may read the list; forms that add, edit or delete have no door."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action == "view" and (super().user_has_permission(user, "view") or super().user_has_permission(user, "change"))

    def user_has_any_permission(self, user: User, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


def as_text(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def connect() -> None:
    """For every list and report that is exported, Wagtail's own among them; of its workbooks, Wagtail sees to it itself."""
    SpreadsheetExportMixin.custom_value_preprocess[str] = {SpreadsheetExportMixin.FORMAT_CSV: as_text}
