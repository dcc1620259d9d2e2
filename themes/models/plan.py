"""The communication plan: goals, means, channels and expected results, internal and external."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel

from base.amounts import AmountColumn
from base.languages import Described, Named
from themes.models.theme import OfTheme, Region, Scope, Strategy, TargetGroup

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrPromise


class Plan(OfTheme, Named, Described):
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"))

    class Meta:
        verbose_name = _("communication plan")
        verbose_name_plural = _("communication plans")
        permissions: ClassVar = [("approve_plan", "Can approve a communication plan")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "key"], name="one_plan_per_theme_and_key"),
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="a_plan_ends_after_it_starts"),
        ]

    def clean(self) -> None:
        if self.starts and self.ends and self.ends < self.starts:
            raise ValidationError({"ends": _("The plan must end after it starts.")})


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
    starts = models.DateField(_("starts"), null=True, blank=True, help_text=_("Empty: when the plan starts."))
    due = models.DateField(_("due"), null=True, blank=True, help_text=_("By when it should be reached."))
    budget_hours = AmountColumn(_("hours of work"), max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])
    budget_eur = AmountColumn(_("cost, EUR"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])
    audiences = models.ManyToManyField(TargetGroup, blank=True, related_name="goals", verbose_name=_("audiences"))
    regions = models.ManyToManyField(Region, blank=True, related_name="goals", verbose_name=_("regions"))
    strategies = models.ManyToManyField(Strategy, blank=True, related_name="goals", verbose_name=_("strategies"))
    means = models.ManyToManyField(Means, blank=True, related_name="goals", verbose_name=_("means"))
    channels = models.ManyToManyField(Channel, blank=True, related_name="goals", verbose_name=_("channels"))

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering: ClassVar = ["scope", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "key"], name="one_goal_per_theme_and_key"),
            models.CheckConstraint(
                condition=models.Q(starts__isnull=True) | models.Q(due__isnull=True) | models.Q(due__gte=models.F("starts")),
                name="a_goal_is_due_after_it_starts",
            ),
            models.CheckConstraint(
                condition=(models.Q(budget_hours__isnull=True) | models.Q(budget_hours__gte=0))
                & (models.Q(budget_eur__isnull=True) | models.Q(budget_eur__gte=0)),
                name="a_budget_is_not_negative",
            ),
        ]

    def clean(self) -> None:
        if self.due and (told := self.why_not_due(self.due)):
            raise ValidationError({"due": told})

    def why_not_due(self, day: date) -> _StrPromise | None:
        """Why neither the goal nor a result of it can be due on the day; None where it can."""
        if self.starts and day < self.starts:
            return _("This is due before the goal starts.")
        if self.plan_id and day < self.plan.starts:
            return _("This is due before the plan starts.")
        return None
