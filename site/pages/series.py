"""Stories that belong together, one after the other: a series has a name in three languages, its parts are pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from base.languages import Described, Named
from base.remembered import remember
from themes.models import Theme

if TYPE_CHECKING:
    from django.http import HttpRequest


class StorySeries(Bounded, Named, Described):
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("national theme"))

    class Meta:
        verbose_name = _("series of stories")
        verbose_name_plural = _("series of stories")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "name_fi"], name="one_series_per_theme_and_name")]


def place_in_series(page: Any, request: HttpRequest) -> dict[str, Any]:
    """The parts that are live in the page's language, by their number, then by age, and those before and after the page."""
    of_series = type(page).objects.live().filter(series_id=page.series_id, locale_id=page.locale_id)
    in_order = of_series.order_by(models.F("series_part").asc(nulls_last=True), "first_published_at", "pk")
    pages = remember(("parts of series", page.series_id, page.locale_id), lambda: list(in_order))
    parts = [{"title": part.title, "url": part.get_url(request), "is_current": part.pk == page.pk} for part in pages]
    here = next((number for number, part in enumerate(parts) if part["is_current"]), None)
    return {
        "name": page.series.name,
        "description": page.series.description,
        "parts": parts,
        "previous": parts[here - 1] if here else None,
        "next": parts[here + 1] if here is not None and here + 1 < len(parts) else None,
    }
