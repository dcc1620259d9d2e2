"""Whose theme a member of staff works in, and what follows from it: one rule, asked by every list, form and screen.

Somebody works in one theme at a time, with the roles held there (`TeamMember`). Administrators work in all. As long as there is one theme alone,
all the staff work in it, each with the roles of their groups. Whoever is in no theme sees no rows and no pages.

Rows are held to it by `base.bounds`, pages by `themes.teams.pages`, rights by `themes.teams.backend`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from base.bounds import everywhere
from base.models import User
from base.roles import Role
from themes.models import TeamMember, Theme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.contrib.auth.models import Group
    from django.db.models import QuerySet

NOWHERE = 0
IN_A_THEME = frozenset(part.value for part in TeamMember.Part)


@dataclass(frozen=True)
class Standing:
    """`bound` is as `base.bounds` has it. `roles` are those held in the theme; None where the groups alone say it. `themes` may be chosen among."""

    bound: int | None
    roles: frozenset[str] | None = None
    themes: tuple[Theme, ...] = ()

    @property
    def theme(self) -> Theme | None:
        return next((theme for theme in self.themes if theme.pk == self.bound), None)

    @property
    def is_nowhere(self) -> bool:
        return self.bound == NOWHERE


EVERYWHERE = Standing(None)


def standing_of(user: Any) -> Standing:
    """Kept on the user, so for one request: at most three queries."""
    if not hasattr(user, "_standing"):
        with everywhere():
            user._standing = _standing(user)
    found: Standing = user._standing
    return found


def _standing(user: Any) -> Standing:
    if not user.is_authenticated or user.is_superuser:
        return EVERYWHERE
    names = set(user.groups.values_list("name", flat=True))
    # Project staff are held by a door of their own (`desk.door`), which asks for their projects.
    if Role.ADMINISTRATORS.value in names or not names & IN_A_THEME:
        return EVERYWHERE
    rows = list(user.teams.select_related("theme").order_by("pk"))
    if rows:
        here = max(rows, key=lambda row: (row.chosen_at is not None, row.chosen_at and row.chosen_at.timestamp(), -row.pk)).theme
        themes = {row.theme_id: row.theme for row in rows}
        return Standing(here.pk, frozenset(row.role for row in rows if row.theme_id == here.pk), tuple(themes.values()))
    every = tuple(Theme.objects.order_by("pk")[:2])
    if len(every) > 1:
        return Standing(NOWHERE, frozenset())
    return Standing(every[0].pk, None, every) if every else EVERYWHERE


def groups_of(user: Any) -> QuerySet[Group]:
    """Whose rights the user has where they work now."""
    roles = standing_of(user).roles
    groups: QuerySet[Group] = user.groups.all()
    return groups if roles is None else groups.exclude(name__in=IN_A_THEME - roles)


def works_in(user: Any, theme_id: int | None) -> bool:
    here = standing_of(user).bound
    return here is None or here == theme_id


def people_of(theme: Theme, roles: Collection[str]) -> QuerySet[User]:
    """Who has one of the roles in the theme, administrators included when theirs is named. Each once."""
    with everywhere():
        wanted = Q(pk__in=User.objects.filter(teams__theme=theme, teams__role__in=roles).values("pk"))
        of_all = set(roles) - IN_A_THEME
        wanted |= Q(pk__in=User.objects.filter(groups__name__in=of_all).values("pk"))
        if not Theme.objects.exclude(pk=theme.pk).exists():
            in_no_team = User.objects.filter(teams=None, groups__name__in=roles)
            wanted |= Q(pk__in=in_no_team.values("pk"))
        return User.objects.filter(wanted, is_active=True)


@transaction.atomic
def choose_theme(*, user: User, theme: Theme) -> None:
    """Whoever is in several works in this one from now on."""
    with everywhere():
        TeamMember.objects.filter(user=user, theme=theme).update(chosen_at=timezone.now())


@transaction.atomic
def put_into_teams(*, user: User, places: Iterable[tuple[int, str]]) -> None:
    """`places` are all (theme, role) of the user from now on; their groups follow. Without any, the groups stay as they are."""
    from django.contrib.auth.models import Group

    wanted = set(places)
    known = {(row.theme_id, row.role): row for row in TeamMember.objects.filter(user=user)}
    TeamMember.objects.filter(pk__in=[row.pk for place, row in known.items() if place not in wanted]).delete()
    for theme_id, role in sorted(wanted - known.keys()):
        TeamMember.objects.create(user=user, theme_id=theme_id, role=role)
    if wanted:
        roles = {role for _theme, role in wanted}
        user.groups.remove(*Group.objects.filter(name__in=IN_A_THEME - roles))
        user.groups.add(*Group.objects.filter(name__in=roles))


@transaction.atomic
def settle_in(theme: Theme) -> None:
    """Before a second theme comes: those who worked in the first by being staff are its team from now on."""
    for user in User.objects.filter(teams=None, groups__name__in=IN_A_THEME).distinct():
        roles = user.groups.filter(name__in=IN_A_THEME).values_list("name", flat=True)
        put_into_teams(user=user, places=[(theme.pk, role) for role in roles])
