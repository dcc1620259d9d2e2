from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from base.menu import AllowedMenuItem
from base.roles import Role
from base.translations.report import may_see
from desk.approval.menu import name_plainly
from desk.bridging import CHANGE as ANSWER
from desk.bridging import may_look, may_offer
from desk.bridging.views import OffersPanel
from desk.calendar import views as calendar
from desk.calendar.writing import fulfil_planned
from desk.door import CHANGE, is_confined
from desk.door.views import DoorPanel, QueuePanel, may_submit
from desk.door.viewsets import ProjectStaffViewSet
from desk.exempting import may_exempt
from desk.homes.communicator import CommunicatorPanel
from desk.homes.organiser import OrganiserPanel
from desk.homes.rows import roles_of
from desk.importing.views import may_import
from desk.open_data import OperationsReport
from desk.overview.views import CoursePanel
from desk.owed import OwedPanel
from desk.page_templates.views import may_keep
from desk.reports.screens import ReportsScreen
from desk.views import DeskView
from desk.writing import WritingPanel
from themes.models import Plan, Theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLResolver
    from wagtail.admin.ui.components import Component
    from wagtail.log_actions import LogActionRegistry


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLResolver]:
    return [
        path("desk/", include("desk.urls")),
        path("door/", include("desk.door.urls")),
        path("bridging/", include("desk.bridging.urls")),
        path("importing/", include("desk.importing.urls")),
        path("reporting/", include("desk.reports.urls")),
    ]


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    return AllowedMenuItem(_("Goals"), reverse("desk:goals"), name="desk", icon_name="crosshairs", order=50, may=DeskView.permission)


@hooks.register("register_admin_menu_item")
def reporting_menu_item() -> MenuItem:
    # Wagtail's own menu of lists has the word "reports".
    return AllowedMenuItem(
        _("Reports to others"), reverse("reports:list"), name="reporting", icon_name="doc-full-inverse", order=60, may=ReportsScreen.permission
    )


@hooks.register("register_admin_menu_item")
def overview_menu_item() -> MenuItem:
    return AllowedMenuItem(_("Desk"), reverse("desk:overview"), name="overview", icon_name="desktop", order=45, may=DeskView.permission)


@hooks.register("register_admin_menu_item")
def calendar_menu_item() -> MenuItem:
    return AllowedMenuItem(_("Calendar"), reverse("desk:calendar"), name="editorial-calendar", icon_name="calendar-alt", order=55, may=calendar.VIEW)


@hooks.register("register_reports_menu_item")
def operations_menu_item() -> MenuItem:
    return AllowedMenuItem(
        _("List of operations"), reverse("desk:operations_report"), name="operations", icon_name="table", order=675, may=OperationsReport.permission
    )


# Before: publishing a page records its act, which is then the planned one.
hooks.register("before_publish_page", fulfil_planned)
hooks.register("after_create_page", fulfil_planned)


@hooks.register("construct_homepage_panels")
def show_next_things(request: HttpRequest, panels: list[Component]) -> None:
    """How the goals go, to who sees them; and what comes next, of each role that the user has."""
    roles = roles_of(request.user)
    if request.user.has_perm(DeskView.permission):
        panels.append(CoursePanel(tells_unreached=Role.COMMUNICATIONS in roles))
    if Role.COMMUNICATIONS in roles:
        panels.append(CommunicatorPanel(request.user))
    if Role.ORGANISERS in roles:
        panels.append(OrganiserPanel(request.user))


@hooks.register("construct_homepage_panels")
def offer_writing(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(WritingPanel())


@hooks.register("construct_homepage_panels")
def show_owed_translations(request: HttpRequest, panels: list[Component]) -> None:
    """Where there is something to translate, to who may."""
    if may_see(request.user):
        panel = OwedPanel(request.user)
        panels += [panel] if panel.number else []


@hooks.register("register_snippet_listing_buttons")
def lead_to_versions(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(snippet, Plan) and user.has_perm("themes.view_plan"):
        yield Button(_("Versions and printing"), reverse("desk:plan", args=[snippet.pk]), icon_name="history", priority=5)


hooks.register("construct_page_action_menu", name_plainly)


register_snippet(ProjectStaffViewSet)


@hooks.register("before_create_snippet")
def begin_elsewhere(request: HttpRequest, model: type[Any]) -> HttpResponse | None:
    """A theme is nothing without its pages, and a plan begins from what its theme says: *add* leads to the forms that know of them."""
    places = {Theme: "desk:new_theme", Plan: "desk:plan_new"}
    return redirect(places[model]) if model in places else None


@hooks.register("register_admin_menu_item")
def queue_menu_item() -> MenuItem:
    return AllowedMenuItem(_("From projects"), reverse("door:queue"), name="door-queue", icon_name="download", order=165, may=CHANGE)


@hooks.register("register_admin_menu_item")
def bridging_menu_item() -> MenuItem:
    return AllowedMenuItem(_("Between themes"), reverse("bridging:list"), name="bridging", icon_name="link", order=167, may=may_look)


@hooks.register("register_settings_menu_item")
def importing_menu_item() -> MenuItem:
    return AllowedMenuItem(_("Pages from an old site"), reverse("importing:bring"), name="importing", icon_name="download", order=805, may=may_import)


@hooks.register("register_page_header_buttons")
def share_from_the_editor(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if may_look(user) and may_offer(user, page):
        yield Button(_("Share with another theme"), reverse("bridging:share", args=[page.pk]), icon_name="link", priority=46)


@hooks.register("register_page_header_buttons")
def keep_from_the_editor(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if page.pk and may_keep(page, user):
        yield Button(_("Keep as a template"), reverse("desk:keep_template", args=[page.pk]), icon_name="copy", priority=47)


@hooks.register("register_page_header_buttons")
def exempt_from_the_editor(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if page.pk and may_exempt(page, user):
        yield Button(
            _("Translations that are not needed"), reverse("desk:exempt", args=[page.pk]), icon_name="wagtail-localize-language", priority=48
        )


@hooks.register("construct_homepage_panels")
def show_offers(request: HttpRequest, panels: list[Component]) -> None:
    """Where there is something to answer."""
    if may_look(request.user) and request.user.has_perm(ANSWER):
        panel = OffersPanel(request.user)
        panels += [panel] if panel.rows else []


@hooks.register("construct_homepage_panels", order=1000)
def show_the_door(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm(CHANGE):
        panels.append(QueuePanel())
    if is_confined(request.user):
        panels[:] = [DoorPanel()]
    elif may_submit(request.user) and not request.user.is_superuser:
        panels.append(DoorPanel())


@hooks.register("construct_homepage_summary_items", order=1000)
def summarise_nothing_behind_the_door(request: HttpRequest, items: list[Component]) -> None:
    if is_confined(request.user):
        items.clear()


@hooks.register("construct_main_menu", order=1000)
def hide_what_the_door_closes(request: HttpRequest, items: list[MenuItem]) -> None:
    """The logo leads to their home, where everything stands."""
    if is_confined(request.user):
        items.clear()


@hooks.register("register_log_actions")
def name_actions(actions: LogActionRegistry) -> None:
    actions.register_action("desk.keep_template", _("Keep as a template"), _("The page was kept as a template of a goal"))
    actions.register_action("desk.exempt", _("Say which translations are not needed"), _("Translations that are not needed were noted"))
    actions.register_action("desk.move_outreach", _("Move in the calendar"), _("The outreach was moved to another day"))
    actions.register_action("desk.begin_outreach", _("Begin what is planned"), _("A page was begun for the planned outreach"))
    actions.register_action("desk.remove_template", _("Take a template away"), _("A page template was taken away"))
    actions.register_action("desk.approve_report", _("Approve a report"), _("A version of the report was approved"))
    actions.register_action("desk.share_report", _("Make a link to a report"), _("A link to the report was made"))
    actions.register_action("desk.revoke_report_link", _("Revoke a link to a report"), _("A link to the report was revoked"))
    actions.register_action("desk.end_recommendation", _("Mark a recommendation done"), _("A recommendation was marked done"))
