"""Wagtail's app of users, with screens of ours. A module of its own: it is read before any model."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class TeamUsersConfig(WagtailUsersAppConfig):  # type: ignore[misc]  # Wagtail is untyped
    user_viewset = "themes.teams.user_views.TeamUserViewSet"
