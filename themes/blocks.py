"""What themes give to blocks: their words to choose from."""

from __future__ import annotations

from typing import Any

from base.blocks.choices import RowChoice
from themes.models import Region, SubTheme


class SubThemeChoice(RowChoice):
    """The key of a sub-theme, or ""."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [(row.key, row.name) for row in SubTheme.objects.order_by("pk")], **kwargs)


class RegionChoice(RowChoice):
    """The national code of a region, or ""."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [(row.code, row.name) for row in Region.objects.all()], **kwargs)
