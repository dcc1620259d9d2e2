"""What the staff's lists share: lists that are only read, and exports that no spreadsheet runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.permission_policies import ModelPermissionPolicy

if TYPE_CHECKING:
    from base.models import User

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


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
