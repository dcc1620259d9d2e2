"""A national theme, and the words that everything else of it is sorted by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin

from base.bounds import Bounded
from base.languages import Described, Localised, Named
from themes.models.look import Looked
from themes.models.promised import KindsField, promised_by_law

if TYPE_CHECKING:
    from django.http import HttpRequest


class Scope(models.TextChoices):
    """Whom communication is for; "both internal and external", says the plan."""

    EXTERNAL = "external", _("External")
    INTERNAL = "internal", _("Internal")


class Theme(PreviewableMixin, Looked, Bounded, Named, Described):
    """A national theme of the structural-fund period: the root of everything on an installation. Its preview shows its look."""

    theme_path = "pk"

    key = models.SlugField(_("key"), unique=True)
    programme_fi = models.CharField(_("programme in Finnish"), max_length=250)
    programme_sv = models.CharField(_("programme in Swedish"), max_length=250, blank=True)
    programme_en = models.CharField(_("programme in English"), max_length=250, blank=True)
    programme = Localised()
    objective_code = models.CharField(_("code of the specific objective"), max_length=20)
    objective_fi = models.CharField(_("specific objective in Finnish"), max_length=250)
    objective_sv = models.CharField(_("specific objective in Swedish"), max_length=250, blank=True)
    objective_en = models.CharField(_("specific objective in English"), max_length=250, blank=True)
    objective = Localised()
    fund = models.CharField(_("fund"), max_length=20)
    starts = models.PositiveSmallIntegerField(_("first year"))
    ends = models.PositiveSmallIntegerField(_("last year"))
    budget_eur = models.DecimalField(_("budget frame, EUR"), max_digits=14, decimal_places=2)
    summary_fi = models.TextField(_("short description in Finnish"), help_text=_("Aims, results and the Union's support; stands on every page."))
    summary_sv = models.TextField(_("short description in Swedish"), blank=True)
    summary_en = models.TextField(_("short description in English"), blank=True)
    summary = Localised()
    how_it_works_fi = models.TextField(_("how the theme works, in Finnish"), blank=True)
    how_it_works_sv = models.TextField(_("how the theme works, in Swedish"), blank=True)
    how_it_works_en = models.TextField(_("how the theme works, in English"), blank=True)
    how_it_works = Localised()
    earlier_work_fi = models.TextField(_("earlier work in Finnish"), blank=True)
    earlier_work_sv = models.TextField(_("earlier work in Swedish"), blank=True)
    earlier_work_en = models.TextField(_("earlier work in English"), blank=True)
    earlier_work = Localised()
    promised_sv = KindsField(_("promised in Swedish"), default=promised_by_law, blank=True)
    promised_en = KindsField(_("promised in English"), default=list, blank=True)

    class Meta:
        verbose_name = _("national theme")
        verbose_name_plural = _("national themes")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="a_theme_ends_after_it_starts"),
        ]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "themes/look_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {"theme": self, "schemes": [("light", _("Light")), ("dark", _("Dark"))]}


class AnyTheme(Theme):
    """A theme as everybody may name it, whatever theme they work in: what a page says of other themes is no secret."""

    if not TYPE_CHECKING:
        objects = models.Manager()

    class Meta:
        proxy = True
        verbose_name = _("national theme")
        verbose_name_plural = _("national themes")


class Region(Named):
    """One of Finland's nineteen regions. `code` is the national code, `nuts` the NUTS 3 code of 2021; column and row place its tile on the map."""

    code = models.CharField(_("code"), max_length=2, unique=True)
    nuts = models.CharField(_("NUTS 3 code"), max_length=5, unique=True)
    tile_column = models.PositiveSmallIntegerField()
    tile_row = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering: ClassVar = ["code"]


class OfTheme(Bounded):
    """A root row: it belongs to one theme, and its key is unique there."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="%(class)ss", verbose_name=_("national theme"))
    key = models.SlugField(_("key"), max_length=80)

    class Meta:
        abstract = True


class Strategy(OfTheme, Named, Described):
    """A strategy that the theme answers to."""

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_strategy_per_theme_and_key")]


class Change(OfTheme, Named):
    """A change in working life that the theme seeks."""

    class Meta:
        verbose_name = _("change sought")
        verbose_name_plural = _("changes sought")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_change_per_theme_and_key")]


class SubTheme(OfTheme, Named, Described):
    class Meta:
        verbose_name = _("sub-theme")
        verbose_name_plural = _("sub-themes")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_sub_theme_per_theme_and_key")]


class TargetGroup(OfTheme, Named):
    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.EXTERNAL)

    class Meta:
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_target_group_per_theme_and_key")]


class Project(OfTheme, Named):
    """An ESF project with the fields of the list of operations (Regulation (EU) 2021/1060, Article 49(3)).

    Its beneficiaries and contractors are organisations, so those rows live in contacts. Fund and specific objective are the theme's.
    """

    class Kind(models.TextChoices):
        REGIONAL = "regional", _("Regional project")
        CROSS_REGIONAL = "cross_regional", _("Cross-regional project")
        COORDINATION = "coordination", _("Coordination project")

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9][A-Z0-9./-]*$", _("A code has capital letters, digits, dots, slashes and hyphens, and no spaces."))],
        help_text=_("The operation's unique code, as the funding body has given it."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.REGIONAL)
    purpose_fi = models.TextField(_("purpose and achievements in Finnish"))
    purpose_sv = models.TextField(_("purpose and achievements in Swedish"), blank=True)
    purpose_en = models.TextField(_("purpose and achievements in English"), blank=True)
    purpose = Localised()
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"))
    total_cost_eur = models.DecimalField(_("total cost, EUR"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    cofinancing_rate = models.DecimalField(
        _("Union co-financing rate, %"), max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    location_fi = models.CharField(_("location in Finnish"), max_length=200)
    location_sv = models.CharField(_("location in Swedish"), max_length=200, blank=True)
    location_en = models.CharField(_("location in English"), max_length=200, blank=True)
    location = Localised()
    intervention_code = models.CharField(
        _("code of the type of intervention"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^\d{3}$", _("The code has three digits."))],
        help_text=_("Three digits, by Annex I of Regulation (EU) 2021/1060."),
    )
    intervention_type_fi = models.CharField(_("type of intervention in Finnish"), max_length=250)
    intervention_type_sv = models.CharField(_("type of intervention in Swedish"), max_length=250, blank=True)
    intervention_type_en = models.CharField(_("type of intervention in English"), max_length=250, blank=True)
    intervention_type = Localised()
    website = models.URLField(_("the project's own website"), blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    regions = models.ManyToManyField(Region, blank=True, related_name="projects", verbose_name=_("regions"))
    sub_themes = models.ManyToManyField(SubTheme, blank=True, related_name="projects", verbose_name=_("sub-themes"))

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "key"], name="one_project_per_theme_and_key"),
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="a_project_ends_after_it_starts"),
            models.CheckConstraint(
                condition=models.Q(total_cost_eur__gte=0, cofinancing_rate__gte=0, cofinancing_rate__lte=100),
                name="a_project_has_a_cost_and_a_rate_within_bounds",
            ),
        ]

    def clean(self) -> None:
        if self.starts and self.ends and self.ends < self.starts:
            raise ValidationError({"ends": _("The project must end after it starts.")})


class Practice(OfTheme, Named):
    """A good practice: its identity and stage. Its text is `pages.PracticePage`."""

    class Stage(models.TextChoices):
        IDENTIFIED = "identified", _("Identified")
        DESCRIBED = "described", _("Described")
        PILOTED = "piloted", _("Piloted")
        SPREADING = "spreading", _("Spreading")
        ESTABLISHED = "established", _("Established")

    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices, default=Stage.IDENTIFIED)
    project = models.ForeignKey(Project, models.SET_NULL, null=True, blank=True, related_name="practices", verbose_name=_("project"))

    class Meta:
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_practice_per_theme_and_key")]
