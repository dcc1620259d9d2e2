from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from pages.models import Enquiry, ServicePage
from pages.service_checks import ServicesReport, look_at_service, may_see_services
from pages.viewsets import EnquiryPolicy, EnquiryViewSet, StorySeriesViewSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest
    from django.urls import URLPattern

register_permission_policy(Enquiry, EnquiryPolicy(Enquiry))
register_snippet(EnquiryViewSet)
register_snippet(StorySeriesViewSet)


@hooks.register("register_admin_urls")
def service_urls() -> list[URLPattern]:
    return [
        path("services/", ServicesReport.as_view(), name="service_report"),
        path("services/results/", ServicesReport.as_view(results_only=True), name="service_report_results"),
        path("services/<int:pk>/", look_at_service, name="service_check"),
    ]


class ServicesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_services(request.user)


@hooks.register("register_reports_menu_item")
def services_report() -> MenuItem:
    return ServicesMenuItem(_("Services to be checked"), reverse("service_report"), name="services", icon_name="tasks", order=670)


@hooks.register("register_page_header_buttons")
def check_from_the_editor(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(page, ServicePage) and page.live and page.permissions_for_user(user).can_edit():
        yield Button(_("Check the service"), reverse("service_check", args=[page.pk]), icon_name="tasks", priority=45)
