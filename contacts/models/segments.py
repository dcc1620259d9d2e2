"""Segments: conditions on people or organisations that are kept under a name and asked anew whenever the segment is used."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from themes.models import Theme


class Segment(Bounded):
    """`rules` is what `contacts.segments.rules` reads: groups of conditions, joined by *all* or *any*. Nobody's name is in it."""

    class Of(models.TextChoices):
        PEOPLE = "people", _("People")
        ORGANISATIONS = "organisations", _("Organisations")

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="segments", verbose_name=_("national theme"))
    name = models.CharField(_("name"), max_length=80)
    of = models.CharField(_("of whom"), max_length=13, choices=Of.choices, default=Of.PEOPLE)
    rules: Any = models.JSONField(_("conditions"), default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("by"))
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "theme", Lower("name"), name="one_segment_per_theme_and_name", violation_error_message=_("There is a segment of this name already.")
            )
        ]

    def __str__(self) -> str:
        return self.name
