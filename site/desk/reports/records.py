"""Reports, what is approved of them, who may read it by a link, and when the next is begun.

What was approved is never changed (`base.approved`, `0006_approved_reports_stay`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.approved import Approved
from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.languages import FALLBACK, LanguageField, Localised, Named
from themes.models import Goal, Theme

if TYPE_CHECKING:
    from datetime import date


class Kind(models.TextChoices):
    """In the words of the command line."""

    STEERING_GROUP = "steering-group", _("Report to the steering group")
    FUNDER = "funder", _("Report to the funder")
    ANNUAL = "annual", _("Annual report")


def only_finnish() -> list[str]:
    return [FALLBACK]


class Report(Bounded, Named):
    """What people write of a report, and what they chose for it. Its figures are asked for anew whenever it is read, until a version is approved."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="reports", verbose_name=_("national theme"))
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    languages = models.JSONField(_("languages"), default=only_finnish)
    goals = models.ManyToManyField(Goal, blank=True, related_name="reports", verbose_name=_("goals"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("responsible")
    )
    schedule = models.ForeignKey("desk.ReportSchedule", models.SET_NULL, null=True, blank=True, editable=False, related_name="reports")
    begun_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering: ClassVar = ["-ends", "-pk"]
        permissions: ClassVar = [("approve_report", "Can approve a report")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="a_report_ends_after_it_starts"),
            models.UniqueConstraint(fields=["schedule", "starts"], name="one_report_per_schedule_and_period"),
        ]

    def clean(self) -> None:
        if self.starts and self.ends and self.ends < self.starts:
            raise ValidationError({"ends": _("The period ends before it starts.")})


class Section(Bounded):
    """What people write of one part. `key` names the part that the product makes below it; "" is a section of words alone."""

    theme_path = "report__theme"

    report = models.ForeignKey(Report, models.CASCADE, related_name="sections", verbose_name=_("report"))
    key = models.SlugField(max_length=20, blank=True, editable=False)
    place = models.PositiveSmallIntegerField(_("position in the report"))
    heading_fi = models.CharField(_("heading in Finnish"), max_length=200)
    heading_sv = models.CharField(_("heading in Swedish"), max_length=200, blank=True)
    heading_en = models.CharField(_("heading in English"), max_length=200, blank=True)
    heading = Localised()
    text_fi = models.TextField(_("text in Finnish"), blank=True)
    text_sv = models.TextField(_("text in Swedish"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    text = Localised()

    class Meta:
        verbose_name = _("section of a report")
        verbose_name_plural = _("sections of reports")
        ordering: ClassVar = ["place", "pk"]

    def __str__(self) -> str:
        return self.heading


class ReportVersion(Approved):
    """A report as it was approved: all of it with its figures, as `desk.reports.composing` made it."""

    theme_path = "report__theme"

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions", verbose_name=_("report"))

    class Meta(Approved.Meta):
        verbose_name = _("approved report")
        verbose_name_plural = _("approved reports")
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "number"], name="one_version_per_report_and_number")]


class ReportLinkQuerySet(BoundQuerySet["ReportLink"]):
    def open(self, today: date) -> Self:
        return self.filter(revoked_at=None, ends_on__gte=today)


class ReportLink(Bounded):
    """Lets whoever has it read one approved version, until its last day or until somebody revokes it. Its token is signed and nowhere stored."""

    theme_path = "version__report__theme"

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="links", verbose_name=_("approved report"))
    note = models.CharField(_("for whom"), max_length=200, blank=True)
    language = LanguageField(_("language"))
    ends_on = models.DateField(_("last day"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects: ClassVar = BoundManager.from_queryset(ReportLinkQuerySet)()

    class Meta:
        verbose_name = _("link to a report")
        verbose_name_plural = _("links to reports")
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.version}: {self.note}"

    def is_open(self, today: date) -> bool:
        return self.revoked_at is None and self.ends_on >= today


class ReportSchedule(Bounded):
    """Begins a draft of the period that has ended, on the day after it."""

    class Pace(models.TextChoices):
        MONTH = "month", _("Each month")
        QUARTER = "quarter", _("Each quarter")
        YEAR = "year", _("Each year")

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="report_schedules", verbose_name=_("national theme"))
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    pace = models.CharField(_("how often"), max_length=7, choices=Pace.choices)
    languages = models.JSONField(_("languages"), default=only_finnish)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="report_schedules", verbose_name=_("responsible")
    )
    next_on = models.DateField(_("next"))

    class Meta:
        verbose_name = _("schedule of a report")
        verbose_name_plural = _("schedules of reports")
        ordering: ClassVar = ["next_on", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "kind", "pace"], name="one_schedule_per_theme_kind_and_pace")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_pace_display()}"


class RecommendationQuerySet(BoundQuerySet["Recommendation"]):
    def open(self) -> Self:
        return self.filter(done_at=None)


class Recommendation(Bounded):
    """What the steering group recommends for a goal. What it decides in a meeting is of the meeting (`events.Decision`)."""

    theme_path = "goal__theme"

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="recommendations", verbose_name=_("goal"))
    text = models.TextField(_("what is recommended"))
    given_on = models.DateField(_("given on"), default=timezone.localdate)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="recommendations", verbose_name=_("who follows it up")
    )
    due = models.DateField(_("by when"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))

    objects: ClassVar = BoundManager.from_queryset(RecommendationQuerySet)()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering: ClassVar = [models.F("due").asc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return self.text[:80]

    def clean(self) -> None:
        if self.due and self.given_on and self.due < self.given_on:
            raise ValidationError({"due": _("This is due before it was given.")})
