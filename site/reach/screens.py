"""The staff's screen of readers: the last half hour, and any days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from contacts.screens import Screen
from reach import figures, showing
from reach.filters import FilterForm

if TYPE_CHECKING:
    from django.http import HttpRequest

VIEW = "reach.view_total"


class ReachScreen(SpreadsheetExportMixin, Screen):
    permission = VIEW
    template_name = "reach/reach.html"
    page_title = gettext_lazy("Reach")
    header_icon = "view"
    list_export = showing.Line._fields
    export_headings = {
        "table": gettext_lazy("Table"), "of": gettext_lazy("Of what"), "views": gettext_lazy("Page views, or how often"),
        "other": gettext_lazy("Compared period"), "readers": gettext_lazy("Daily readers, summed"), "visits": gettext_lazy("Visits"),
        "seconds": gettext_lazy("Seconds on a page, on average"), "depth": gettext_lazy("Per cent read, on average"),
    }  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.form = FilterForm(request.GET.dict(), timezone.localdate())
        self.narrowed = self.form.narrowed()
        self.found = figures.read(self.narrowed)
        if self.is_export:
            self.export_filename = "-".join([_("reach"), self.narrowed.first.isoformat(), self.narrowed.last.isoformat()])
            return self.as_spreadsheet(list(showing.lines(self.found)), request.GET["export"])
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = figures.live()
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "narrowed": self.narrowed,
            "headline": showing.headline(self.found),
            "trend": showing.trend(self.found, self.narrowed),
            "tables": showing.tables(self.found),
            "dropped": self.found.dropped,
            "live": now,
            "live_chart": showing.live_chart(now),
            "has_any": bool(self.found.whole.views),
            "asked": self.asked(),
            "files": [(_("Download as XLSX"), self.asked(export="xlsx")), (_("Download as CSV"), self.asked(export="csv"))],
        }

    def asked(self, **more: str) -> str:
        """The address's own words without the part, which links of rows choose; for files with it."""
        query = self.request.GET.copy()
        query.pop("export", None)
        if not more:
            query.pop("part", None)
        for name, value in more.items():
            query[name] = value
        found: str = query.urlencode()
        return found
