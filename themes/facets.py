"""By what pages of a theme are narrowed: the theme's words, and which rows have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from base.narrowing import Facet
from themes.models import Region, SubTheme, TargetGroup

if TYPE_CHECKING:
    from collections.abc import Iterable


def sub_theme_facet(theme_id: int) -> Facet:
    return Facet("sub_theme", _("Sub-theme"), [(row.key, row.name) for row in SubTheme.objects.filter(theme=theme_id).order_by("pk")])


def target_group_facet(theme_id: int, **only: str) -> Facet:
    groups = TargetGroup.objects.filter(theme=theme_id, **only).order_by("pk")
    return Facet("target_group", _("Target group"), [(row.key, row.name) for row in groups])


def region_facet() -> Facet:
    return Facet("region", _("Region"), sorted(((row.code, row.name) for row in Region.objects.all()), key=lambda label: label[1]))


def keys_by_row(links: Any, row: str, key: str, rows: Iterable[int], **only: Any) -> dict[int, frozenset[str]]:
    """The keys that a many-to-many gives each of the rows, in one query. `links` is its through model; `only` narrows the links."""
    found: dict[int, set[str]] = {}
    for number, value in links.objects.filter(**{f"{row}__in": rows}, **only).values_list(row, key):
        found.setdefault(number, set()).add(value)
    return {number: frozenset(values) for number, values in found.items()}


def everywhere(codes: frozenset[str] | None, facet: Facet) -> frozenset[str]:
    """What names no region concerns the whole country, and is found in each; so for other facets where nothing named means all."""
    return codes or frozenset(code for code, _label in facet.labels)
