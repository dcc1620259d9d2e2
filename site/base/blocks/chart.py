"""A chart of a table of values: the finding is its title, and the table stands beside it, to be read and to be taken along."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from base import charts
from base.blocks import groups
from base.blocks.values import ValuesBlock, ValueTable, in_words, read_table
from base.languages import active

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

PASTED = gettext_lazy(
    "Paste from a spreadsheet: the first row names the columns, the first column names the rows. Or type, with a semicolon between the cells."
)


class SourcedBlock(blocks.StructBlock):
    """What every figure with a source has. The blocks that follow add their values in the middle."""

    title = blocks.CharBlock(
        label=_("Finding"), max_length=150, help_text=_("What the reader should see, as a sentence: “Well-being rose in small firms”.")
    )
    unit = blocks.CharBlock(label=_("Unit and period"), max_length=100, help_text=_("“Share of respondents, %, 2023–2025”"))
    source = blocks.CharBlock(label=_("Source"), max_length=150)
    source_url = blocks.URLBlock(label=_("Address of the source"), required=False)
    date = blocks.DateBlock(label=_("Updated"))

    def figure(self, value: Any, table: ValueTable, svg: SafeString) -> dict[str, Any]:
        """As `base/figure_source.html` has it."""
        return {
            "title": value["title"],
            "unit": value["unit"],
            "svg": svg,
            "summary": summary(table),
            "source": value["source"],
            "source_url": value["source_url"],
            "date": date_format(value["date"], "DATE_FORMAT") if value["date"] else "",
            "table": table.shown(),
            "download_url": download(table),
            "download_label": gettext("Download as a CSV table"),
        }


class ChartBlock(SourcedBlock):
    KINDS = [("bar", _("Bars: to compare")), ("column", _("Columns: years and other short names")), ("line", _("Line: a change in time"))]

    kind = blocks.ChoiceBlock(label=_("Kind"), choices=KINDS, default="bar")
    table = ValuesBlock(label=_("Table of values"), rows=8, help_text=PASTED)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["table"] and not charts.fits(cleaned["kind"], read_table(cleaned["table"])):
            message = _("The names of the rows are too long for columns on a telephone. Shorten them, or choose bars.")
            raise blocks.StructBlockValidationError({"kind": ValidationError(message)})
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """`figure` is None while the table cannot be read: a draft may hold anything."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        try:
            table = read_table(value["table"] or "")
        except ValidationError:
            return context | {"figure": None}
        legend = [{"name": name, "number": place} for place, name in enumerate(table.head[1:], 1)] if len(table.head) > 2 else []
        figure = self.figure(value, table, charts.DRAW[value["kind"]](table))
        return context | {"figure": figure | {"legend": legend, "is_line": value["kind"] == "line"}}

    class Meta:
        icon = "table"
        label = _("Chart")
        group = groups.NUMBERS
        help_text = _("A table of values as bars, columns or lines, with its source. Readers get the table too.")
        template = "base/blocks/chart.html"
        form_layout = ["kind", "title", "unit", "table", "source", "source_url", "date"]


def summary(table: ValueTable) -> str:
    """The greatest and the least in words: what who hears the page gets before the table."""
    found = [(value, name) for name, row in table.rows for value in row if value is not None]
    (high, of_high), (low, of_low) = max(found), min(found)
    words = {"high": in_words(high), "of_high": of_high, "low": in_words(low), "of_low": of_low}
    return gettext("Greatest: %(of_high)s, %(high)s. Least: %(of_low)s, %(low)s.") % words


def download(table: ValueTable) -> str:
    """The table as a file inside its own address: no request, and a draft's works too. Semicolons and commas where Excel expects them."""
    is_english = active() == "en"
    written = StringIO()
    writer = csv.writer(written, delimiter="," if is_english else ";")
    writer.writerow([_harmless(name) for name in table.head])
    for name, values in table.rows:
        cells = ["" if value is None else str(value) for value in values]
        writer.writerow([_harmless(name), *(cell if is_english else cell.replace(".", ",") for cell in cells)])
    return "data:text/csv;charset=utf-8," + quote("\ufeff" + written.getvalue())


def _harmless(name: str) -> str:
    """A name that a spreadsheet would take for a formula becomes text."""
    return f"'{name}" if name[:1] in {"=", "+", "-", "@"} else name
