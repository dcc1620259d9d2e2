from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from base.menu import AllowedMenuItem
from reach.screens import VIEW, ReachScreen

if TYPE_CHECKING:
    from django.urls import URLPattern
    from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_urls")
def reach_urls() -> list[URLPattern]:
    return [path("reach/", ReachScreen.as_view(), name="reach_screen")]


@hooks.register("register_admin_menu_item")
def reach_menu_item() -> MenuItem:
    return AllowedMenuItem(_("Reach"), reverse("reach_screen"), name="reach", icon_name="view", order=58, may=VIEW)
