"""Approved versions of a plan, which nothing changes (`base.approved`, `0005_approved_versions_stay`)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.approved import Approved
from themes.models.plan import Plan


class PlanVersion(Approved):
    """A plan as it was approved, as `themes.plans.snapshot` made it."""

    theme_path = "plan__theme"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name=_("communication plan"))

    class Meta(Approved.Meta):
        verbose_name = _("approved version of a plan")
        verbose_name_plural = _("approved versions of plans")
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="one_version_per_plan_and_number")]
