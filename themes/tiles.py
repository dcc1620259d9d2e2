"""The regions of Finland as a map of tiles: values read by the regions' names, four classes told in words, and the picture."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from base.blocks.values import ValueTable, in_words, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from django.utils.safestring import SafeString

    from themes.models import Region

# A name, then its value behind a colon, a tab, a semicolon or a space.
LINE = re.compile(r"^\s*(?P<name>\d\d|[^\d:;\t]+?)\s*(?:[:;\t]|\s(?=[-−+\d–]))\s*(?P<value>.*?)\s*$")
COLUMNS, ROWS, TILE, GAP = 6, 6, 56, 4
DEEPEST = 4


class NotARegion(ValueError):
    def __init__(self, line: int, text: str, nearest: str) -> None:
        super().__init__(text)
        self.line, self.text, self.nearest = line, text, nearest


class NotANumber(ValueError):
    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line, self.text = line, text


class Nothing(ValueError):
    """Fewer than two values: no map."""


def read(text: str, regions: Iterable[Region]) -> dict[str, Decimal]:
    """Values by code. A region is known by its name in any of the three languages, or by its code."""
    known: dict[str, Region] = {}
    for region in regions:
        known |= {name.lower(): region for name in (region.name_fi, region.name_sv, region.name_en, region.code) if name}
    found: dict[str, Decimal] = {}
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = LINE.match(line)
        name, value = (match["name"], match["value"]) if match else (line.strip(), "")
        if (its := known.get(name.lower())) is None:
            nearest = get_close_matches(name.lower(), known, 1)
            raise NotARegion(place, name, known[nearest[0]].name if nearest else "")
        try:
            read_value = number(value)
        except ValueError:
            raise NotANumber(place, value) from None
        if read_value is not None:
            found[its.code] = read_value
    if len(found) < 2:
        raise Nothing
    return found


def classes(values: Iterable[Decimal]) -> list[tuple[Decimal, Decimal]]:
    """Up to four groups of about as many regions each, as (least, greatest); equal values are never parted."""
    ordered = sorted(values)
    different = sorted(set(ordered))
    if len(different) <= DEEPEST:
        return [(value, value) for value in different]
    bounds = sorted({ordered[len(ordered) * part // DEEPEST] for part in range(1, DEEPEST)})
    groups = [[value for value in different if sum(value >= bound for bound in bounds) == place] for place in range(len(bounds) + 1)]
    return [(group[0], group[-1]) for group in groups if group]


def depth(value: Decimal, found: Sequence[tuple[Decimal, Decimal]]) -> int:
    """1 to 4: the last class is the deepest, however many there are."""
    place = next(place for place, (_low, high) in enumerate(found) if value <= high)
    return DEEPEST - (len(found) - 1 - place)


def scale_in_words(found: Sequence[tuple[Decimal, Decimal]]) -> str:
    spans = [in_words(low) if low == high else f"{in_words(low)}–{in_words(high)}" for low, high in found]
    return _("The stronger the colour, the greater the value: %(spans)s. A dotted tile has no value.") % {"spans": "; ".join(spans)}


def table(values: Mapping[str, Decimal], regions: Iterable[Region], region_label: str, unit: str) -> ValueTable:
    """Greatest first, those without a value last."""
    rows = sorted(regions, key=lambda region: (region.code not in values, -values.get(region.code, 0), region.name))
    return ValueTable([region_label, unit], [(region.name, [values.get(region.code)]) for region in rows])


def short(name: str) -> str:
    """ "Etelä-Karjala" as E-Kar, "Lappi" as Lapp: the table has the names in full."""
    parts = re.split(r"[-\s]", name)
    return parts[0][:4] if len(parts) == 1 else f"{parts[0][0]}-{parts[-1][:3]}"


def draw(values: Mapping[str, Decimal], regions: Iterable[Region], found: Sequence[tuple[Decimal, Decimal]]) -> SafeString:
    tiles = format_html_join("", "{}", ((_tile(region, values.get(region.code), found),) for region in regions))
    return format_html('<svg class="chart tiles" height="{}" aria-hidden="true" focusable="false">{}</svg>', ROWS * (TILE + GAP), tiles)


def _tile(region: Region, value: Decimal | None, found: Sequence[tuple[Decimal, Decimal]]) -> SafeString:
    share = 100 / COLUMNS
    left, top = region.tile_column * share, region.tile_row * (TILE + GAP)
    deep = 0 if value is None else depth(value, found)
    place: dict[str, Any] = {"x": f"{left + 0.4:.2f}%", "width": f"{share - 0.8:.2f}%", "middle": f"{left + share / 2:.2f}%"}
    return format_html(
        '<rect class="tile tile--{deep}" x="{x}" y="{y}" width="{width}" height="{height}" rx="4"/>'
        '<text class="tile__name tile__text--{deep}" x="{middle}" y="{name_y}" text-anchor="middle">{name}</text>'
        '<text class="tile__value tile__text--{deep}" x="{middle}" y="{value_y}" text-anchor="middle">{value}</text>',
        deep=deep, y=top + 1, height=TILE, name_y=top + 22, value_y=top + 43, name=short(region.name), value=in_words(value), **place,
    )  # fmt: skip
