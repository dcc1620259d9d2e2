"""The communication plan: goals, means, channels and expected results, internal and external."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from base.bounds import Bounded
from base.languages import Described, Named
from themes import measures
from themes.models.theme import OfTheme, Region, Scope, Strategy, TargetGroup


class Plan(OfTheme, Named, Described):
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"))

    class Meta:
        verbose_name = _("communication plan")
        verbose_name_plural = _("communication plans")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "key"], name="one_plan_per_theme_and_key"),
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="a_plan_ends_after_it_starts"),
        ]


class Channel(OfTheme, Named):
    class Kind(models.TextChoices):
        OWNED = "owned", _("Owned")
        SHARED = "shared", _("Shared")
        EARNED = "earned", _("Earned")
        PARTNER = "partner", _("Partner")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.OWNED)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_channel_per_theme_and_key")]


class Means(OfTheme, Named):
    class Meta:
        verbose_name = _("means")
        verbose_name_plural = _("means")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_means_per_theme_and_key")]


class Goal(OfTheme, ClusterableModel, Named, Described):
    """What communication is to change in an audience. Its expected results say how much and by when."""

    class Kind(models.TextChoices):
        AWARENESS = "awareness", _("Awareness")
        UNDERSTANDING = "understanding", _("Understanding")
        ATTITUDE = "attitude", _("Attitude")
        BEHAVIOUR = "behaviour", _("Behaviour")
        ADOPTION = "adoption", _("Adoption")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals", verbose_name=_("communication plan"))
    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.EXTERNAL)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.AWARENESS)
    audiences = models.ManyToManyField(TargetGroup, blank=True, related_name="goals", verbose_name=_("audiences"))
    regions = models.ManyToManyField(Region, blank=True, related_name="goals", verbose_name=_("regions"))
    strategies = models.ManyToManyField(Strategy, blank=True, related_name="goals", verbose_name=_("strategies"))
    means = models.ManyToManyField(Means, blank=True, related_name="goals", verbose_name=_("means"))
    channels = models.ManyToManyField(Channel, blank=True, related_name="goals", verbose_name=_("channels"))

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering: ClassVar = ["scope", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_goal_per_theme_and_key")]


class Message(Bounded, Named):
    """A core message of a goal; its name is the message."""

    theme_path = "goal__theme"

    goal = ParentalKey(Goal, on_delete=models.CASCADE, related_name="messages", verbose_name=_("goal"))

    class Meta:
        verbose_name = _("core message")
        verbose_name_plural = _("core messages")


class ExpectedResult(Bounded):
    """How far a measure should go, and by when. What came of it is never stored here: `themes.measures` derives it."""

    theme_path = "goal__theme"

    goal = ParentalKey(Goal, on_delete=models.CASCADE, related_name="expected_results", verbose_name=_("goal"))
    measure = models.CharField(_("measure"), max_length=60, choices=measures.choices)
    baseline = models.PositiveIntegerField(_("baseline"), default=0)
    low = models.PositiveIntegerField(_("expected at least"))
    target = models.PositiveIntegerField(_("target"))
    high = models.PositiveIntegerField(_("expected at most"))
    due = models.DateField(_("due"))

    class Meta:
        verbose_name = _("expected result")
        verbose_name_plural = _("expected results")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "measure"], name="one_expected_result_per_goal_and_measure"),
            models.CheckConstraint(
                condition=models.Q(baseline__lte=models.F("low"), low__lte=models.F("target"), target__lte=models.F("high")),
                name="an_expected_result_goes_from_baseline_through_low_and_target_to_high",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal}: {self.measure}"

    def clean(self) -> None:
        errors = {}
        if self.low is not None and self.baseline is not None and self.low < self.baseline:
            errors["low"] = _("The least expected value is below the baseline.")
        if self.target is not None and self.low is not None and self.target < self.low:
            errors["target"] = _("The target is below the least expected value.")
        if self.high is not None and self.target is not None and self.high < self.target:
            errors["high"] = _("The most expected value is below the target.")
        if self.due and self.goal_id and self.goal.plan_id and self.due < self.goal.plan.starts:
            errors["due"] = _("The result is due before the plan starts.")
        if errors:
            raise ValidationError(errors)
