"""What measures said of goals, by day. `themes.history` alone writes it; it is derived, and may be made anew at any time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from themes.models.plan import Goal


class Series(Bounded):
    """A measure of a goal, settled until and with the day `through`. What was never observed has no data, and that is not 0.

    `marks` tells how the sources looked, by the first day of each month. A stale one has had days changed since it was settled.
    """

    theme_path = "goal__theme"

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="series", verbose_name=_("goal"))
    measure = models.CharField(_("measure"), max_length=60)
    is_observed = models.BooleanField(_("observed"), default=False)
    is_stale = models.BooleanField(default=False)
    through = models.DateField(_("settled until"))
    marks = models.JSONField(default=dict)
    settled_at = models.DateTimeField(_("settled"))

    class Meta:
        verbose_name = _("history of a measure")
        verbose_name_plural = _("histories of measures")
        constraints: ClassVar = [models.UniqueConstraint(fields=["goal", "measure"], name="one_series_per_goal_and_measure")]

    def __str__(self) -> str:
        return f"{self.goal}: {self.measure}"


class DayValue(Bounded):
    """`of` is the size of a survey's sample, of which `value` is a part; None for what is no share. A day without a row has added nothing."""

    theme_path = "series__goal__theme"

    series = models.ForeignKey(Series, models.CASCADE, related_name="days", verbose_name=_("history of a measure"))
    day = models.DateField(_("day"))
    value = models.BigIntegerField(_("value"))
    of = models.PositiveIntegerField(_("sample size"), null=True)

    class Meta:
        verbose_name = _("value of a day")
        verbose_name_plural = _("values of days")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "day"], name="one_value_per_series_and_day"),
            models.CheckConstraint(
                condition=models.Q(of__isnull=True) | models.Q(value__lte=models.F("of"), of__gt=0), name="a_share_is_of_a_sample"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.value}"
