"""What a goal of the plan is made of: core messages with their proof, who answers for it, and expected results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Page

from base.bounds import Bounded, bound
from base.languages import Localised, Named
from themes import measures
from themes.models.plan import Goal
from themes.models.theme import Practice

if TYPE_CHECKING:
    from themes.measures import Measure


class Message(Bounded, ClusterableModel, Named):
    """A core message of a goal; its name is the message."""

    theme_path = "goal__theme"

    goal = ParentalKey(Goal, on_delete=models.CASCADE, related_name="messages", verbose_name=_("goal"))

    class Meta:
        verbose_name = _("core message")
        verbose_name_plural = _("core messages")


class Proof(Bounded):
    """What shows that a message is true: a good practice, or a page such as a result of a project."""

    theme_path = "message__goal__theme"

    message = ParentalKey(Message, on_delete=models.CASCADE, related_name="proofs", verbose_name=_("core message"))
    practice = models.ForeignKey(Practice, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("good practice"))
    page = models.ForeignKey(Page, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("page, such as a result"))

    class Meta:
        verbose_name = _("proof of a core message")
        verbose_name_plural = _("proofs of core messages")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(practice__isnull=False, page__isnull=True) | models.Q(practice__isnull=True, page__isnull=False),
                name="a_proof_is_a_practice_or_a_page",
            ),
        ]

    def __str__(self) -> str:
        return str(self.practice or self.page or "")

    def clean(self) -> None:
        if not self.practice_id and not self.page_id:
            raise ValidationError({"practice": _("Choose a practice or a page that proves the message.")})
        if self.practice_id and self.page_id:
            raise ValidationError({"page": _("One proof a row: leave either the practice or the page empty.")})
        if self.page and not self.page.live and bound() not in (None, getattr(self.page.specific, "theme_id", None)):
            raise ValidationError({"page": _("Choose a page that is public, or one of your own theme.")})


class Responsibility(Bounded):
    """Who answers for a goal: a member of staff, a role in words, or both. Without either, whoever it was has left."""

    theme_path = "goal__theme"

    goal = ParentalKey(Goal, on_delete=models.CASCADE, related_name="responsibilities", verbose_name=_("goal"))
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("member of staff"))
    role_fi = models.CharField(_("role in Finnish"), max_length=200, blank=True)
    role_sv = models.CharField(_("role in Swedish"), max_length=200, blank=True)
    role_en = models.CharField(_("role in English"), max_length=200, blank=True)
    role = Localised()

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")

    def __str__(self) -> str:
        name = self.staff and (self.staff.get_full_name() or self.staff.get_username())
        return ", ".join(part for part in (name, self.role) if part) or _now("Nobody any more")

    def clean(self) -> None:
        if not self.staff_id and not self.role_fi:
            raise ValidationError({"role_fi": _("Choose who answers, or write a role such as “communications of the coordination project”.")})


class ExpectedResult(Bounded):
    """How far a measure should go, and by when. What came of it is never stored here: `themes.measures` derives it."""

    theme_path = "goal__theme"

    goal = ParentalKey(Goal, on_delete=models.CASCADE, related_name="expected_results", verbose_name=_("goal"))
    measure = models.CharField(_("measure"), max_length=60)
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

    # What stood in the database: a measure whose package is gone stays as it was, and cannot be chosen anew.
    kept_measure = ""

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        row = super().from_db(*args, **kwargs)
        row.kept_measure = row.__dict__.get("measure", "")
        return row

    def __str__(self) -> str:
        return f"{self.goal}: {self.measure}"

    @property
    def known_measure(self) -> Measure | None:
        return measures.get(self.measure)

    @property
    def measure_label(self) -> str:
        return measures.label_of(self.measure)

    @property
    def level(self) -> str:
        """ "" where nobody knows any more."""
        measure = self.known_measure
        return measure.level if measure else ""

    def clean(self) -> None:
        errors = {}
        if self.measure and self.measure != self.kept_measure and measures.get(self.measure) is None:
            errors["measure"] = _("There is no such measure. Choose one of the list: it gives the unit.")
        if self.target is not None and self.baseline is not None and self.baseline > self.target:
            errors["baseline"] = _("The baseline is above the target.")
        elif self.low is not None and self.baseline is not None and self.low < self.baseline:
            errors["low"] = _("The least expected value is below the baseline.")
        if self.target is not None and self.low is not None and self.target < self.low:
            errors["target"] = _("The target is below the least expected value.")
        if self.high is not None and self.target is not None and self.high < self.target:
            errors["high"] = _("The most expected value is below the target.")
        if self.due and self.goal_id and (told := self.goal.why_not_due(self.due)):
            errors["due"] = told
        if errors:
            raise ValidationError(errors)
