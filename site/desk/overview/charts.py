"""The desk's chart: how much of each target is reached. As a picture on the page, as SVG and PNG on its own, and as a table."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from base import charts
from base.blocks.values import ValueTable, in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.overview.figures import Standing

MOST = 15
LONGEST = 60
WIDTH = 760
# For a file that stands on its own; on the page the same names have their styles from the style sheet.
STYLE = mark_safe(
    "text{font:15px 'Source Sans 3',Arial,sans-serif;fill:#1c1c1c}.chart-axis,.chart-grid{stroke:#767676;stroke-width:1}"
    ".chart-grid{stroke:#d9d9d9}.data-1{fill:#12405a}.chart-title{font-weight:600}"
)


def table_of(found: Sequence[Standing]) -> ValueTable:
    """Results of which there is data, those that need care first. In per cent of the target."""
    rows = [(name_of(one), [_percent(one)]) for one in found if one.result.share is not None][:MOST]
    return ValueTable([_("Expected result"), _("Per cent of the target")], rows)


def name_of(one: Standing) -> str:
    measure = capfirst(str(one.result.measure.label)) if one.result.measure else one.result.expected.measure
    return f"{Truncator(one.goal.name).chars(LONGEST)}: {measure}"


def _percent(one: Standing) -> Decimal | None:
    share = one.result.share
    return None if share is None else Decimal(round(100 * share))


def figure(found: Sequence[Standing], *, source: str, day: str) -> dict[str, Any] | None:
    """As `base/figure_source.html` has it; None where there is nothing to draw."""
    table = table_of(found)
    if not table.rows:
        return None
    unit = _("Per cent of the target, those that need care first")
    return {"title": _("How much of each target is reached"), "unit": unit, "svg": charts.bars(table), "source": source, "date": day} | {
        "table": table.shown()
    }


def picture(found: Sequence[Standing], *, title: str, foot: str) -> SafeString:
    """An SVG that stands on its own, with its title and description for who does not see it."""
    table = table_of(found)
    inside = charts.bars(table) if table.rows else SafeString("")
    height = 40 + 34 + (len(table.rows) * 60) + 30
    told = "; ".join(f"{name}: {in_words(values[0])} %" for name, values in table.rows)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-labelledby="t d">'
        '<title id="t">{2}</title>'
        '<desc id="d">{3}</desc><style>{4}</style><rect width="100%" height="100%" fill="#fff"/><text class="chart-title" x="20" y="30">{2}</text>'
        '<svg x="20" y="54" width="{5}">{6}</svg><text x="20" y="{7}">{8}</text></svg>',
        WIDTH, height, title, told, STYLE, WIDTH - 40, inside, height - 14, foot,
    )  # fmt: skip
