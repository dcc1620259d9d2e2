from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from desk.approval.menu import name_plainly
from desk.views import DeskView, FurthestGoals
from desk.writing import WritingPanel

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLResolver
    from wagtail.admin.ui.components import Component


class DeskMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(DeskView.permission))


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLResolver]:
    return [path("desk/", include("desk.urls"))]


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    return DeskMenuItem(_("Goals"), reverse("desk:goals"), name="desk", icon_name="crosshairs", order=50)


@hooks.register("construct_homepage_panels")
def show_furthest_goals(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm(DeskView.permission):
        panels.append(FurthestGoals())


@hooks.register("construct_homepage_panels")
def offer_writing(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(WritingPanel())


hooks.register("construct_page_action_menu", name_plainly)
