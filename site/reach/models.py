"""What stays of readers: numbers by minute, hour and day. Only `reach.rolling` writes them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from reach.verdicts import Verdict
from themes.models import Theme

WORDS = 100


class Total(Bounded):
    """What was counted of a part of a theme's site (`scope` and its `key`) in a minute, an hour or a day that begins at `starts`; of all, or of one
    source, campaign, outbound host or question (`facet` and its `value`).

    Readers and visits are of days alone. `readers` are different day-hashes: of two days they are never different people.
    """

    class Grain(models.TextChoices):
        MINUTE = "minute", _("Minute")
        HOUR = "hour", _("Hour")
        DAY = "day", _("Day")

    class Scope(models.TextChoices):
        SITE = "site", _("Whole site")
        LANGUAGE = "language", _("Language")
        SECTION = "section", _("Section")
        PAGE = "page", _("Page")

    class Facet(models.TextChoices):
        ALL = "", _("All")
        SOURCE = "source", _("Where readers came from")
        CAMPAIGN = "campaign", _("Campaign")
        OUT = "out", _("Link to another site")
        SOUGHT = "sought", _("Search without a result")

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="+", verbose_name=_("national theme"))
    grain = models.CharField(_("grain"), max_length=6, choices=Grain.choices)
    starts = models.DateTimeField(_("starts"))
    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices)
    key = models.CharField(_("part of the site"), max_length=20, blank=True, default="")
    facet = models.CharField(_("of what"), max_length=8, choices=Facet.choices, blank=True, default=Facet.ALL)
    value = models.CharField(_("value"), max_length=WORDS, blank=True, default="")
    views = models.PositiveIntegerField(_("page views"), default=0)
    readers = models.PositiveIntegerField(_("readers"), default=0)
    visits = models.PositiveIntegerField(_("visits"), default=0)
    reads = models.PositiveIntegerField(_("readings that were measured"), default=0)
    seconds = models.PositiveBigIntegerField(_("seconds of these"), default=0)
    depth = models.PositiveBigIntegerField(_("depths of these, in per cent"), default=0)

    class Meta:
        verbose_name = _("reach")
        verbose_name_plural = _("reach")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["theme", "grain", "scope", "facet", "starts", "key", "value"], name="one_total_per_theme_time_part_and_value"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["grain", "starts"], name="totals_by_age")]

    def __str__(self) -> str:
        return f"{self.get_grain_display()} {self.starts}: {self.views}"


class Dropped(models.Model):
    """How many requests of a day were not counted, for which reason: of the whole installation, as most of them belong to no page."""

    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=12, choices=Verdict.choices)
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        verbose_name = _("not counted")
        verbose_name_plural = _("not counted")
        constraints: ClassVar = [models.UniqueConstraint(fields=["day", "reason"], name="one_number_per_day_and_reason")]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}: {self.count}"


class Seen(models.Model):
    """The day's hashes, until the day is over: how readers and visits are told apart. `first` and `last` are seconds since 1970."""

    day = models.DateField()
    theme = models.PositiveBigIntegerField()
    scope = models.CharField(max_length=8)
    key = models.CharField(max_length=WORDS, blank=True, default="")
    reader = models.CharField(max_length=16)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    views = models.PositiveIntegerField(default=0)
    reads = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["day", "reader", "theme", "scope", "key"], name="each_reader_is_seen_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.scope} {self.key}"


class RolledUp(models.Model):
    """Lines that are in the totals: written in the same transaction, so that a roll-up that was killed never counts them twice."""

    name = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
