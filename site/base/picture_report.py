"""The report of pictures without a right, with a right that has ended or ends soon, and where they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import ReferenceIndex
from wagtail.permissions import policy_registry

from base.models import SiteImage

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

UNCLEAR, ENDED, ENDING = "unclear", "ended", "ending"
STATES = [(UNCLEAR, _("Not known")), (ENDED, _("Ended")), (ENDING, _("Ends within a month"))]


def may_see_pictures(user: Any) -> bool:
    return bool(policy_registry.get_by_type(SiteImage).user_has_any_permission(user, ["add", "change", "delete"]))


def state_of(picture: SiteImage) -> str | _StrPromise:
    if not picture.rights or not picture.people:
        return STATES[0][1]
    if picture.has_ended:
        return STATES[1][1]
    return STATES[2][1] if picture.ends_soon else pgettext_lazy("rights of a picture", "In order")


class PictureFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state")

    def in_state(self, queryset: QuerySet[SiteImage], name: str, value: str) -> Any:
        pictures: Any = queryset
        return {UNCLEAR: pictures.unclear, ENDED: pictures.ended, ENDING: pictures.ending}[value]()

    class Meta:
        model = SiteImage
        fields: list[str] = ["rights", "people"]


class PictureReport(ReportView):
    """Those whose end comes first stand first."""

    model = SiteImage
    page_title = _("Rights of pictures")
    header_icon = "image"
    index_url_name = "picture_report"
    index_results_url_name = "picture_report_results"
    filterset_class = PictureFilterSet
    any_permission_required = ["add", "change", "delete"]
    paginate_by = 50
    columns = [
        TitleColumn("title", label=_("Title"), url_name="wagtailimages:edit"),
        Column("state", label=_("State"), accessor=state_of),
        Column("get_rights_display", label=_("Right")),
        Column("licence", label=_("Licence or agreement")),
        Column("get_people_display", label=_("People in it")),
        DateColumn("ends_on", label=_("May be shown until")),
        Column("usage_count", label=_("Places")),
    ]
    list_export = ["title", "rights", "licence", "licensed_until", "people", "consent_kept", "consent_until", "usage_count"]
    export_headings = {
        "title": _("Title"),
        "rights": _("Right"),
        "licence": _("Licence or agreement"),
        "licensed_until": _("May be used until"),
        "people": _("People in it"),
        "consent_kept": _("Where the consents are kept"),
        "consent_until": _("The consent is valid until"),
        "usage_count": _("Places"),
    }

    @property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(SiteImage)

    def get_base_queryset(self) -> Any:
        """Of the collections that the user may change."""
        allowed = self.permission_policy.instances_user_has_any_permission_for(self.request.user, self.any_permission_required)
        pictures = allowed.annotate(usage_count=ReferenceIndex.usage_count_subquery(SiteImage))
        return pictures.order_by("consent_until", "licensed_until", "title", "pk")
