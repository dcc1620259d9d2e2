"""Wagtail's screens of users, with the themes that each works in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from themes.teams import put_into_teams
from themes.teams.users import SPLIT, TeamsField, as_places

if TYPE_CHECKING:
    from base.models import User


class _WithTeams:
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teams"] = TeamsField()
        if self.instance.pk:
            self.initial["teams"] = [f"{row.theme_id}{SPLIT}{row.role}" for row in self.instance.teams.all()]

    def save(self: Any, commit: bool = True) -> User:
        with transaction.atomic():
            user: User = super().save(commit)  # type: ignore[misc]  # as above
            put_into_teams(user=user, places=as_places(self.cleaned_data["teams"]))
        return user


class TeamUserCreationForm(_WithTeams, UserCreationForm):
    pass


class TeamUserEditForm(_WithTeams, UserEditForm):
    pass


class TeamUserViewSet(UserViewSet):
    def get_form_class(self, for_update: bool = False) -> Any:
        return TeamUserEditForm if for_update else TeamUserCreationForm
