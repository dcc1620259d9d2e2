"""Django's rights by groups, of the groups that the user has in the theme where they work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission

from themes.teams import groups_of

if TYPE_CHECKING:
    from django.db.models import QuerySet


class TeamBackend(ModelBackend):
    def _get_group_permissions(self, user_obj: Any) -> QuerySet[Permission]:
        return Permission.objects.filter(group__in=groups_of(user_obj))
