from __future__ import annotations

from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_localize.wagtail_hooks import page_listing_more_buttons

from base.gate import views

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django.urls import URLResolver
    from django.utils.safestring import SafeString
    from wagtail.log_actions import LogActionRegistry
    from wagtail.models import Page


@hooks.register("insert_global_admin_css")
def add_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("kantama/admin.css"))


@hooks.register("before_publish_page")
def pass_the_gate(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """The editor's own way, and a schedule made there: the draft is saved, and nothing typed is lost."""
    return views.refuse_before_publishing(request, page)


@hooks.register("register_admin_urls")
def gate_urls() -> list[URLResolver]:
    return [path("gate/", include("base.gate.urls"))]


class GateMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return views.may_see_report(request.user)


@hooks.register("register_reports_menu_item")
def gate_report() -> MenuItem:
    return GateMenuItem(_("Publication checks"), reverse("gate:report"), name="gate", icon_name="clipboard-list", order=650)


@hooks.register("register_log_actions")
def name_gate_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        "kantama.gate.override", _("Accept findings of the publication checks"), _("Findings of the publication checks were accepted")
    )
    actions.register_action(
        "kantama.gate.refuse", _("Refuse a scheduled publication"), _("The scheduled publication was refused by the publication checks")
    )


def ask_nothing_for_each_row() -> None:
    """wagtail-localize asks the database twice for each row of the explorer, to offer what the page's own menu offers as well."""
    for_rows = hooks._hooks["register_page_listing_more_buttons"]
    for_rows[:] = [(function, order) for function, order in for_rows if function is not page_listing_more_buttons]


ask_nothing_for_each_row()
