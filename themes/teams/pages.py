"""Wagtail's rights to pages, brought to the theme that the user works in.

A group's right to the root page is a right to the front pages of that theme, in each language, and to all below them, but for another theme that
is a section there. Everything in the admin that lists or opens pages asks this policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q
from wagtail.models import GroupPagePermission, Page, get_page_models
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import page_permission_policy

from themes.teams import groups_of, standing_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ground(NamedTuple):
    """The front pages of the theme, and the paths of others' below them. `fronts` is None where there is no bound."""

    fronts: list[Page] | None
    others: tuple[str, ...] = ()

    def has(self, path: str) -> bool:
        if self.fronts is None:
            return True
        return not path.startswith(self.others) and any(path.startswith(front.path) for front in self.fronts)

    def leads_to(self, path: str) -> bool:
        """The pages above those of the theme, too."""
        return self.has(path) or any(front.path.startswith(path) for front in self.fronts or ())

    def pages(self) -> Q:
        if self.fronts is None:
            return Q()
        inside, outside = Q(pk__in=[]), Q(pk__in=[])
        for front in self.fronts:
            inside |= Q(path__startswith=front.path)
        for path in self.others:
            outside |= Q(path__startswith=path)
        return inside & ~outside


def ground_of(user: Any) -> Ground:
    """Kept on the user, so for one request."""
    if not hasattr(user, "_ground"):
        standing = standing_of(user)
        # Where all the staff work in the only theme, pages are theirs by the rights of their groups alone.
        user._ground = _ground(None if standing.roles is None else standing.bound)
    found: Ground = user._ground
    return found


def _fronts() -> list[tuple[int, int, str]]:
    """Of all themes, in each language: (theme, page, path)."""
    model: Any = next(model for model in get_page_models() if getattr(model, "is_front", False))
    return list(model._default_manager.order_by("path").values_list("theme_id", "page_ptr_id", "path"))


def theme_at(path: str) -> int | None:
    """Whose page this is: of the nearest front page above it."""
    above = [(front, theme) for theme, _pk, front in _fronts() if path.startswith(front)]
    return max(above, key=lambda row: len(row[0]))[1] if above else None


def _ground(bound: int | None) -> Ground:
    if bound is None:
        return Ground(None)
    every = _fronts()
    mine = [path for theme, _pk, path in every if theme == bound]
    fronts = Page.objects.filter(pk__in=[pk for theme, pk, _path in every if theme == bound]).order_by("path")
    return Ground(list(fronts), tuple(path for theme, _pk, path in every if theme != bound and path.startswith(tuple(mine))))


class TeamPagePolicy(PagePermissionPolicy):
    def get_all_permissions_for_user(self, user: Any) -> Any:
        if not user.is_active or user.is_anonymous or user.is_superuser:
            return super().get_all_permissions_for_user(user)
        rows = GroupPagePermission.objects.filter(group__in=groups_of(user)).select_related("page", "permission")
        ground = ground_of(user)
        return rows if ground.fronts is None else [brought for row in rows for brought in _brought(row, ground)]

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        return ground_of(user).has(instance.path) and bool(super().user_has_any_permission_for_instance(user, actions, instance))

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        return super().instances_user_has_any_permission_for(user, actions).filter(ground_of(user).pages())

    def explorable_instances(self, user: Any) -> Any:
        """With the pages above those of the theme, which lead there."""
        ground, found = ground_of(user), super().explorable_instances(user)
        if ground.fronts is None:
            return found
        above = {front.path[:end] for front in ground.fronts for end in range(Page.steplen, len(front.path), Page.steplen)}
        return found.filter(ground.pages() | Q(path__in=above))


def _brought(row: GroupPagePermission, ground: Ground) -> Iterator[GroupPagePermission]:
    if ground.has(row.page.path):
        yield row
        return
    for front in ground.fronts or ():
        if front.path.startswith(row.page.path):
            yield GroupPagePermission(group_id=row.group_id, page=front, permission=row.permission)


def register() -> None:
    """Wagtail's one policy becomes ours: who asks the registry gets it, and so does who has imported it."""
    page_permission_policy.__class__ = TeamPagePolicy
