from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from themes.evidence.views import BringView
from themes.plans.smart.panel import check_goal
from themes.teams import standing_of, views
from themes.teams.pages import ground_of
from themes.viewsets import PlanGroup

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern
    from wagtail.admin.menu import MenuItem
    from wagtail.admin.ui.components import Component
    from wagtail.log_actions import LogActionRegistry

register_snippet(PlanGroup)


@hooks.register("register_admin_urls")
def add_urls() -> list[URLPattern]:
    return [
        path("theme/", views.choose, name="themes_choose"),
        path("plan/bring/<slug:kind>/", BringView.as_view(), name="themes_bring"),
        path("plans/check/", check_goal, name="themes_check_goal"),
    ]


@hooks.register("construct_main_menu")
def say_the_theme(request: HttpRequest, items: list[MenuItem]) -> None:
    if item := views.menu_item(request):
        items.append(item)


@hooks.register("construct_homepage_panels")
def say_that_no_theme_is_theirs(request: HttpRequest, panels: list[Component]) -> None:
    if standing_of(request.user).is_nowhere:
        panels.append(views.NowherePanel())


@hooks.register("construct_page_chooser_queryset")
def choose_among_drafts_of_ones_own(pages: Any, request: HttpRequest) -> Any:
    ground = ground_of(request.user)
    return pages if ground.fronts is None else pages.filter(ground.pages() | Q(live=True))


@hooks.register("register_log_actions")
def name_actions(actions: LogActionRegistry) -> None:
    actions.register_action("themes.approve_plan", _("Approve a plan"), _("A version of the plan was approved"))
