"""Wagtail's app of users, with screens of ours. A module of its own: it is read before any model."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class TeamUsersConfig(WagtailUsersAppConfig):
    user_viewset = "themes.teams.user_views.TeamUserViewSet"
