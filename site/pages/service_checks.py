"""Whether what is said of services is still true: writing down that somebody looked, and the list of those that nobody has looked at for a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.reports import PageReportView
from wagtail.permissions import page_permission_policy
from wagtail.signals import page_published

from base.staff import staff_of
from pages.services import CHECKED_EVERY, ServiceCheck, ServicePage, is_due

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from base.models import User

RIGHTS = ["change", "publish"]
ALL = [("all", _("All services"))]


def check_service(service: ServicePage, *, by: User | None) -> ServiceCheck:
    """A second look on the same day changes nothing."""
    known = ServiceCheck.objects.filter(service__translation_key=service.translation_key, checked_on=timezone.localdate()).first()
    return known or ServiceCheck.objects.create(service=service, checked_on=timezone.localdate(), by=by)


def take_first_check(sender: type, instance: Any, revision: Any = None, **_how: object) -> None:
    """Whoever publishes a service for the first time has just looked. A later publication may be about a comma."""
    if isinstance(instance, ServicePage) and not ServiceCheck.objects.filter(service__translation_key=instance.translation_key).exists():
        check_service(instance, by=revision.user if revision else None)


def connect() -> None:
    page_published.connect(take_first_check, dispatch_uid="pages.service_checks")


def checked_services() -> Any:
    """A live page of each service, its oldest, with `checked_on`; those that wait longest first."""
    checks = ServiceCheck.objects.filter(service__translation_key=OuterRef("translation_key")).order_by("-checked_on")
    older = ServicePage.objects.live().filter(translation_key=OuterRef("translation_key"), pk__lt=OuterRef("pk"))
    pages = ServicePage.objects.live().filter(~Exists(older)).annotate(last_check=Subquery(checks.values("checked_on")[:1]))
    return pages.select_related("organisation", "locale").order_by(F("last_check").asc(nulls_first=True), "title", "pk")


def due(pages: Any, today: date) -> Any:
    return pages.filter(Q(last_check=None) | Q(last_check__lte=today - CHECKED_EVERY))


class ServicesFilterSet(WagtailFilterSet):
    which = django_filters.ChoiceFilter(label=_("Services"), choices=ALL, method="pick", empty_label=_("Those to be checked"))

    class Meta:
        model = ServicePage
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset if self.form.cleaned_data.get("which") else due(queryset, timezone.localdate())

    def pick(self, queryset: Any, _name: str, _value: str) -> Any:
        return queryset


class ServicesReport(PageReportView):
    """The services that nobody has looked at for a year; or all of them."""

    page_title = _("Services to be checked")
    header_icon = "tasks"
    index_url_name = "service_report"
    index_results_url_name = "service_report_results"
    results_template_name = "pages/staff/services_results.html"
    filterset_class = ServicesFilterSet
    any_permission_required: ClassVar = RIGHTS
    list_export: ClassVar = ["title", "organisation", "last_check", "email", "phone", "link"]
    export_headings: ClassVar = {"organisation": _("Who gives it"), "last_check": _("Checked")}

    def get_queryset(self) -> Any:
        allowed = page_permission_policy.instances_user_has_any_permission_for(self.request.user, RIGHTS)
        self.queryset = checked_services().filter(pk__in=allowed.values("pk"))
        return super().get_queryset()

    def decorate_paginated_queryset(self, object_list: Any) -> list[Any]:
        """One query, for who looked last."""
        pages = list(object_list)
        checks = ServiceCheck.objects.filter(service__translation_key__in=[page.translation_key for page in pages])
        last: dict[Any, Any] = {}
        for check in checks.select_related("by").annotate(key=F("service__translation_key")):
            last.setdefault(check.key, check)
        for page in pages:
            page.newest_check = last.get(page.translation_key)
            page.is_due = is_due(page.last_check, timezone.localdate())
        return pages


def may_see_services(user: Any) -> bool:
    return bool(page_permission_policy.user_has_any_permission(user, RIGHTS))


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def look_at_service(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page says, to be compared with what is so; one button says that it is."""
    service: Any = get_object_or_404(ServicePage.objects.select_related("organisation"), pk=pk)
    if not service.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if request.method == "POST":
        check_service(service, by=staff_of(request))
        messages.success(request, gettext("“%(title)s” is checked.") % {"title": service.title})
        return redirect(reverse("service_report"))
    checks = ServiceCheck.objects.filter(service__translation_key=service.translation_key).select_related("by")
    return render(request, "pages/staff/service_check.html", {"service": service, "facts": service.facts(None), "checks": checks[:5]})
