"""What themes give to blocks: their words to choose from, and the regions of Finland as a map."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from base.blocks import groups
from base.blocks.chart import SourcedBlock
from base.blocks.choices import RowChoice
from themes import tiles
from themes.models import Region, SubTheme


class SubThemeChoice(RowChoice):
    """The key of a sub-theme, or ""."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [(row.key, row.name) for row in SubTheme.objects.order_by("pk")], **kwargs)


class RegionChoice(RowChoice):
    """The national code of a region, or ""."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [(row.code, row.name) for row in Region.objects.all()], **kwargs)


class RegionValuesBlock(blocks.TextBlock):
    """A line for each region. Nothing in it is translated: readers see the regions' names in their language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default": lambda: "\n".join(f"{region.name}: " for region in Region.objects.all()), **kwargs})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text:
            self.read(text)
        return text

    def read(self, text: str) -> dict[str, Any]:
        """Values by region's code. Raises a ValidationError that names the line."""
        try:
            return tiles.read(text, Region.objects.all())
        except tiles.NotARegion as problem:
            words = gettext("Line %(line)s: “%(name)s” is no region of Finland.") % {"line": problem.line, "name": problem.text}
            if problem.nearest:
                words += " " + gettext("Did you mean %(name)s?") % {"name": problem.nearest}
            raise ValidationError(words) from None
        except tiles.NotANumber as problem:
            about = {"line": problem.line, "cell": problem.text}
            raise ValidationError(gettext("Line %(line)s: “%(cell)s” is not a number. Write 12,5 or 12.5.") % about) from None
        except tiles.Nothing:
            raise ValidationError(_("Give a value to at least two regions.")) from None

    def get_translatable_segments(self, value: str) -> list[Any]:
        return []


class RegionsBlock(SourcedBlock):
    """A tile map: each region is as large as the others, so that Lapland does not shout and Åland is seen."""

    values = RegionValuesBlock(
        label=_("Values of regions"), rows=19, help_text=_("Write the value behind the name. A region without one stays empty.")
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        regions = list(Region.objects.all())
        try:
            values = tiles.read(value["values"] or "", regions)
        except ValueError:
            return context | {"figure": None}
        table = tiles.table(values, regions, gettext("Region"), value["unit"])
        classes = tiles.classes(values.values())
        figure = self.figure(value, table, tiles.draw(values, regions, classes))
        return context | {"figure": figure | {"scale": tiles.scale_in_words(classes)}}

    class Meta:
        icon = "site"
        label = _("Map of regions")
        group = groups.NUMBERS
        help_text = _("The regions of Finland as tiles, filled by their values, with the values in a table.")
        template = "base/blocks/chart.html"
        form_layout = ["title", "unit", "values", "source", "source_url", "date"]
