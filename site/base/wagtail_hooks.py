from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail_localize.wagtail_hooks import page_listing_more_buttons

from base import overtaken, rich_text
from base.file_forms import AvatarForm
from base.gate import views
from base.menu import AllowedMenuItem
from base.picture_report import PictureReport, may_see_pictures
from base.translations import editor, report
from base.translations.lists import PagesViewSet
from base.trash import actions as trash
from base.trash import views as trash_views

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django.urls import URLPattern, URLResolver
    from django.utils.safestring import SafeString
    from wagtail.log_actions import LogActionRegistry
    from wagtail.models import Page


@hooks.register("insert_global_admin_css")
def add_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("kantama/admin.css"))


@hooks.register("register_rich_text_features")
def mark_languages(features: Any) -> None:
    rich_text.register_languages(features)


@hooks.register("insert_global_admin_js")
def add_scripts() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("kantama/admin.js"))


@hooks.register("before_publish_page")
def pass_the_gate(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """The editor's own way, and a schedule made there: the draft is saved, and nothing typed is lost."""
    refusal = views.refuse_before_publishing(request, page)
    if refusal is not None:
        overtaken.tell(request, page)
    return refusal


@hooks.register("after_edit_page")
def tell_who_was_overtaken(request: HttpRequest, page: Page) -> None:
    overtaken.tell(request, page)


@hooks.register("register_admin_urls")
def gate_urls() -> list[URLResolver]:
    return [
        path("gate/", include("base.gate.urls")),
        path("languages/", include("base.translations.urls")),
        path("trash/", include("base.trash.urls")),
    ]


@hooks.register("register_admin_menu_item")
def trash_menu_item() -> MenuItem:
    return AllowedMenuItem(_("Trash"), reverse("trash:list"), name="trash", icon_name="bin", order=9000, may=trash.may_see)


@hooks.register("construct_explorer_page_queryset")
def explore_no_trash(parent: Page, pages: Any, request: HttpRequest) -> Any:
    return trash.outside(pages)


@hooks.register("construct_page_chooser_queryset")
def choose_no_trash(pages: Any, request: HttpRequest) -> Any:
    return trash.outside(pages)


@hooks.register("before_edit_page", order=-20)
def edit_nothing_in_the_trash(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    return trash_views.lead_to_trash(request, page)


@hooks.register("after_delete_page")
def tell_of_the_trash(request: HttpRequest, page: Page) -> None:
    trash_views.tell(request)


@hooks.register("register_admin_urls")
def picture_urls() -> list[URLPattern]:
    return [
        path("picture-rights/", PictureReport.as_view(), name="picture_report"),
        path("picture-rights/results/", PictureReport.as_view(results_only=True), name="picture_report_results"),
    ]


@hooks.register("register_reports_menu_item")
def picture_report() -> MenuItem:
    return AllowedMenuItem(_("Rights of pictures"), reverse("picture_report"), name="pictures", icon_name="image", order=660, may=may_see_pictures)


@hooks.register("register_admin_viewset")
def page_lists() -> PagesViewSet:
    return PagesViewSet()


@hooks.register("before_edit_page", order=-10)
def check_translation_first(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """wagtail-localize saves, and publishes once the transaction has committed: too late for the gate to say it where the work is."""
    return editor.refuse_publishing(request, page)


@hooks.register("register_reports_menu_item")
def languages_report() -> MenuItem:
    return AllowedMenuItem(_("Languages"), reverse("translations:report"), name="languages", icon_name="globe", order=640, may=report.may_see)


@hooks.register("construct_reports_menu")
def one_report_of_languages(request: HttpRequest, items: list[MenuItem]) -> None:
    """wagtail-localize's own tells only of what has been started."""
    items[:] = [item for item in items if item.url != reverse("wagtail_localize:translations_report")]


@hooks.register("register_reports_menu_item")
def gate_report() -> MenuItem:
    return AllowedMenuItem(
        _("Publication checks"), reverse("gate:report"), name="gate", icon_name="clipboard-list", order=650, may=views.may_see_report
    )


@hooks.register("register_log_actions")
def name_gate_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        "kantama.gate.override", _("Accept findings of the publication checks"), _("Findings of the publication checks were accepted")
    )
    actions.register_action("kantama.trash.put", _("Put into the trash"), _("The page was put into the trash"))
    actions.register_action("kantama.trash.back", _("Bring back from the trash"), _("The page was brought back from the trash"))
    actions.register_action(
        "kantama.gate.refuse", _("Refuse a scheduled publication"), _("The scheduled publication was refused by the publication checks")
    )


def leave_languages_to_their_column() -> None:
    """wagtail-localize asks the database twice for each row of the explorer. What it offers, the column and the panel of languages have."""
    for name in ("register_page_listing_more_buttons", "register_page_header_buttons"):
        buttons = hooks._hooks[name]
        buttons[:] = [(function, order) for function, order in buttons if function is not page_listing_more_buttons]


leave_languages_to_their_column()
AvatarSettingsPanel.form_class = AvatarForm
