"""What others have said and measured, typed or brought from a table: media mentions and surveys of awareness.

Each says its source, and how good it is.
"""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from themes.measures import Share
from themes.models.plan import Goal
from themes.models.theme import Theme


class Evidence(Bounded):
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="%(class)ss", verbose_name=_("national theme"))
    day = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=200, help_text=_("Where the figure comes from: a media monitor, a report, a statistic."))

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.day and self.day > timezone.localdate():
            raise ValidationError({"day": _("This day is still to come.")})


class Mention(Evidence):
    class Quality(models.TextChoices):
        MEASURED = "measured", _("Measured by the outlet or a monitor")
        PUBLISHED = "published", _("From a published statistic of the outlet")
        ESTIMATED = "estimated", _("Our own estimate")

    outlet = models.CharField(_("outlet"), max_length=120)
    title = models.CharField(_("title"), max_length=255)
    address = models.URLField(_("web address"), max_length=500, blank=True)
    audience = models.PositiveIntegerField(
        _("audience"), null=True, blank=True, help_text=_("How many could have seen it, as the source says. Empty where nobody knows: that is not 0.")
    )
    quality = models.CharField(_("quality of the figure"), max_length=9, choices=Quality.choices, default=Quality.ESTIMATED)
    goals = models.ManyToManyField(Goal, related_name="mentions", verbose_name=_("goals"))

    # What makes it the same one in a table that is brought again.
    same: ClassVar = ("day", "outlet", "title")

    class Meta:
        verbose_name = _("media mention")
        verbose_name_plural = _("media mentions")
        ordering: ClassVar = ["-day", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["theme", "day", "outlet", "title"], name="one_mention_per_theme_day_outlet_and_title",
                violation_error_message=_("This mention is there already: the same outlet, day and title."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.outlet}: {self.title}"


class Survey(Evidence):
    class Quality(models.TextChoices):
        RANDOM = "random", _("Random sample")
        PANEL = "panel", _("Panel of a research company")
        OPEN = "open", _("Whoever came forward")

    question = models.CharField(_("question"), max_length=255, help_text=_("As it was asked."))
    sample = models.PositiveIntegerField(_("how many answered"), validators=[MinValueValidator(1)])
    aware = models.PositiveIntegerField(_("how many of them were aware"))
    quality = models.CharField(_("how they were chosen"), max_length=9, choices=Quality.choices)
    goals = models.ManyToManyField(Goal, related_name="surveys", verbose_name=_("goals"))

    same: ClassVar = ("day", "question")

    class Meta:
        verbose_name = _("survey of awareness")
        verbose_name_plural = _("surveys of awareness")
        ordering: ClassVar = ["-day", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["theme", "day", "question"], name="one_survey_per_theme_day_and_question",
                violation_error_message=_("This survey is there already: the same day and question."),
            ),
            models.CheckConstraint(condition=Q(aware__lte=F("sample"), sample__gt=0), name="the_aware_are_of_the_sample",
                violation_error_message=_("There cannot be more who were aware than who answered."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.question} ({self.day})"

    def clean(self) -> None:
        super().clean()
        if self.sample is not None and self.aware is not None and self.aware > self.sample:
            raise ValidationError({"aware": _("There cannot be more who were aware than who answered.")})

    @property
    def share(self) -> Share:
        return Share(self.aware, self.sample)
