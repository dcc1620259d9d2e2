"""Entries of the staff's menus, shown to who may open what they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.menu import MenuItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


class AllowedMenuItem(MenuItem):
    """`may` is a permission, or a question about the user."""

    def __init__(self, *args: Any, may: str | Callable[[Any], bool], **how: Any) -> None:
        super().__init__(*args, **how)
        self.may = may

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.may) if isinstance(self.may, str) else self.may(request.user))
