from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from themes.teams import standing_of, views
from themes.viewsets import PlanGroup

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern
    from wagtail.admin.menu import MenuItem
    from wagtail.admin.ui.components import Component

register_snippet(PlanGroup)


@hooks.register("register_admin_urls")
def add_urls() -> list[URLPattern]:
    return [path("theme/", views.choose, name="themes_choose")]


@hooks.register("construct_main_menu")
def say_the_theme(request: HttpRequest, items: list[MenuItem]) -> None:
    if item := views.menu_item(request):
        items.append(item)


@hooks.register("construct_homepage_panels")
def say_that_no_theme_is_theirs(request: HttpRequest, panels: list[Component]) -> None:
    if standing_of(request.user).is_nowhere:
        panels.append(views.NowherePanel())
