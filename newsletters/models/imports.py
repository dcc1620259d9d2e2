"""Imports of subscribers: each is a row, with what it was told and what became of every line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from base.languages import LanguageField
from newsletters.models.letters import Newsletter

if TYPE_CHECKING:
    from collections.abc import Iterator


# What becomes of a line.
COUNTED = ("imported", "already", "ended", "suppressed", "doubled", "broken")


class SubscriberImport(Bounded):
    """Of one file: looked at, then asked for (`asked_at`), and brought by the worker a batch at a time, or taken back (`cancelled_at`).

    `content` is kept until it is brought or taken back; `left_out` holds the lines that did not come, one JSON text a line.
    Once brought, rows = imported + already + ended + suppressed + doubled + broken; on the way their sum is how far it is (`done`).
    """

    theme_path = "newsletter__theme"

    newsletter = models.ForeignKey(Newsletter, models.PROTECT, related_name="imports", verbose_name=_("newsletter"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    brought_at = models.DateTimeField(_("imported"), null=True, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    statement = models.TextField(
        _("where the consent came from"),
        help_text=_("Who asked these people, where, and with which words. It is kept as the evidence of each consent."),
    )
    stated_on = models.DateField(
        _("day of the consent"),
        help_text=_("When they agreed. A column of the file may say it for each of them; then this holds for lines without one."),
    )
    language = LanguageField(_("language of lines that do not say it"))
    content = models.BinaryField(null=True, editable=False)
    # Of the file's columns: their names, and the place of the one that says what (`newsletters.importing.columns`).
    heading = models.JSONField(default=list, editable=False)
    columns = models.JSONField(default=dict, editable=False)
    # What the worker found in a file that is too large to look at in a request: `newsletters.importing.looking`.
    looked = models.JSONField(null=True, editable=False)
    # Whose name a line filled in, with a checksum of it, so that it can be taken back: [person, field, checksum].
    named = models.JSONField(default=list, editable=False)
    rows = models.PositiveIntegerField(_("lines"), default=0, help_text=_("Of a large file only once it has been brought."))
    imported = models.PositiveIntegerField(_("new subscribers"), default=0)
    already = models.PositiveIntegerField(_("subscribed before"), default=0)
    ended = models.PositiveIntegerField(_("had left, and stay away"), default=0)
    suppressed = models.PositiveIntegerField(_("on the suppression list"), default=0)
    doubled = models.PositiveIntegerField(_("twice in the file"), default=0)
    broken = models.PositiveIntegerField(_("not understood"), default=0)
    left_out = models.TextField(default="", blank=True, editable=False)

    class Meta:
        verbose_name = _("import of subscribers")
        verbose_name_plural = _("imports of subscribers")

    def __str__(self) -> str:
        return f"{self.newsletter}: {self.file_name}"

    @property
    def mark(self) -> str:
        """Stands as the version of the text in each of its consents."""
        return f"import {self.pk}"

    @property
    def source(self) -> str:
        """Of the people who come by it."""
        return f"{self.mark}: {self.file_name}"[:200]

    @property
    def done(self) -> int:
        return sum(getattr(self, name) for name in COUNTED)

    @property
    def is_on_its_way(self) -> bool:
        """Asked for, and neither brought nor taken back yet."""
        return bool(self.asked_at and not self.brought_at and self.content is not None)

    def left_out_lines(self) -> Iterator[dict[str, Any]]:
        """Each with `line`, `reason` and `cells`."""
        for line in filter(None, self.left_out.split("\n")):
            yield json.loads(line)
