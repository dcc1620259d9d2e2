"""Words of the staff's own, on people and organisations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from themes.models import Theme


class Tag(Bounded):
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="tags", verbose_name=_("national theme"))
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "theme", Lower("name"), name="one_tag_per_theme_and_name", violation_error_message=_("There is a tag of this name already.")
            )
        ]

    def __str__(self) -> str:
        return self.name
