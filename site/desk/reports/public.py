"""An approved report for whoever has a link to it: a page that nobody keeps, indexes or sets a cookie for, and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from base.bounds import everywhere
from base.by_link import broken, frame_alone, private
from desk.reports.linking import nowhere, shown
from desk.reports.printing import TYPES, printed, state_of
from desk.reports.records import ReportLink
from desk.reports.telling import facts_of, parts_of
from mail import signing
from themes.plans.reading import said

if TYPE_CHECKING:
    from django.http import HttpRequest

PURPOSE = "report"


def address_of(link: ReportLink) -> str:
    return settings.BASE_URL + reverse("shared_report", args=[signing.sign(PURPOSE, link.pk)])


def link_of(token: str) -> ReportLink | None:
    """None where it is forged, over or revoked: whoever has it is not told which."""
    try:
        values = signing.read(PURPOSE, token)
    except signing.BadToken:
        return None
    return ReportLink.objects.open(timezone.localdate()).select_related("version__report").filter(pk__in=values[:1]).first()


@require_safe
def shared_report(request: HttpRequest, token: str, form: str = "") -> HttpResponse:
    with everywhere():
        link = link_of(token)
        if link is None or form not in ("", *TYPES):
            return broken(request, _("Ask whoever gave it to you for a new one. A link to a report is open for a time, and may be closed earlier."))
        with translation.override(link.language):
            return private(_file(link, form) if form else _page(request, link, token))


def _page(request: HttpRequest, link: ReportLink, token: str) -> HttpResponse:
    composed = link.version.frozen
    context = frame_alone(request) | {
        "title": said(composed["title"]),
        "facts": [*facts_of(composed), state_of(link.version)],
        "parts": shown(parts_of(composed), nowhere),
        "files": [(form, reverse("shared_report_file", args=[form, token])) for form in TYPES if form != "html"],
        "ends_on": link.ends_on,
    }
    return render(request, "desk/reports/shared.html", context)


def _file(link: ReportLink, form: str) -> HttpResponse:
    content = printed(link.version.frozen, form, link.version, for_others=True)
    place = content_disposition_header(form != "pdf", f"{link.version.report.kind}-{link.version.report.ends}-{link.language}.{form}")
    return HttpResponse(content, content_type=TYPES[form], headers={"Content-Disposition": place or ""})
