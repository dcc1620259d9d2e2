"""The screen of an issue's results, and the file of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from newsletters import result_tables
from newsletters.models import IssuePage
from newsletters.results import results_of
from newsletters.staff import may_send, refused, send_url
from themes.teams.pages import ground_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from contacts.models import Outreach

# Whoever reads newsletters, or the acts of communication and what came of them.
RIGHTS = ("newsletters.view_newsletter", "contacts.view_touch")


def may_view(issue: IssuePage, user: Any) -> bool:
    return bool(ground_of(user).has(issue.path) and any(user.has_perm(right) for right in RIGHTS))


def results_url(issue: IssuePage) -> str:
    return reverse("newsletters_results", args=[issue.pk])


def results_of_item(act: Outreach, user: Any) -> str:
    """Where the results of the issue stand that the act is; "" where it is none, or not for this user."""
    if act.kind != act.Kind.ISSUE or act.item_key is None:
        return ""
    sent = IssuePage.objects.filter(translation_key=act.item_key, mailing__isnull=False).first()
    return results_url(sent) if sent and may_view(sent, user) else ""


class IssueResults(SpreadsheetExportMixin, View):
    """A translation leads to the issue that was sent: the mailing is the source's."""

    http_method_names = ("get", "head")
    list_export = result_tables.Line._fields
    export_headings = {
        "table": gettext_lazy("Table"), "of": gettext_lazy("Of what"), "figure": gettext_lazy("Figure"),
        "number": gettext_lazy("Number"), "meaning": gettext_lazy("What it is"),
    }  # fmt: skip

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        issue: IssuePage = get_object_or_404(IssuePage.objects.select_related("locale", "theme", "mailing"), pk=pk)
        if not may_view(issue, request.user):
            return refused(request, issue)
        if issue.mailing is None:
            return self.without_mailing(request, issue)
        found = results_of(issue)
        if self.is_export:
            self.export_filename = "-".join([issue.slug, _("results")])
            rows: Iterable[result_tables.Line] = result_tables.lines(found)
            answer: HttpResponseBase = self.as_spreadsheet(list(rows), request.GET["export"])
            return answer
        shown = {"found": found, "headline": result_tables.headline(found), "tables": result_tables.tables(found)}
        return render(request, "newsletters/staff/results.html", self.frame(request, issue) | shown)

    def without_mailing(self, request: HttpRequest, issue: IssuePage) -> HttpResponse:
        sent = IssuePage.objects.filter(translation_key=issue.translation_key, mailing__isnull=False).first()
        return redirect(results_url(sent)) if sent else render(request, "newsletters/staff/results.html", self.frame(request, issue))

    def frame(self, request: HttpRequest, issue: IssuePage) -> dict[str, Any]:
        user = request.user
        return {
            "issue": issue,
            "page_title": _("Results of the issue"),
            "page_subtitle": issue.title,
            "header_icon": "mail",
            "sent_url": send_url(issue) if may_send(issue, user) else "",
            "files": [(_("Download as XLSX"), "?export=xlsx"), (_("Download as CSV"), "?export=csv")],
        }
