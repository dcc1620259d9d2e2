"""Who is at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from base.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest


def staff_of(request: HttpRequest) -> User:
    """The user of a staff's screen. Wagtail lets nobody to one who is not signed in; elsewhere it raises PermissionDenied."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
