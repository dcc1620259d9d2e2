"""Approved versions of a plan. What was approved is never changed: neither by this code, nor by the database (`0005_approved_versions_stay`)."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from themes.models.plan import Plan


class Frozen(TypeError):
    """Somebody tried to change what was approved."""

    def __init__(self) -> None:
        super().__init__("An approved version of a plan is never changed nor deleted. Approve a new one.")


class PlanVersionQuerySet(BoundQuerySet["PlanVersion"]):
    def update(self, **values: Any) -> NoReturn:
        raise Frozen

    def delete(self) -> NoReturn:
        raise Frozen

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Frozen


class PlanVersion(Bounded):
    """A plan as it was approved. `frozen` is all of it, as `themes.plans.snapshot` made it; `approver` is the name of then."""

    theme_path = "plan__theme"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name=_("communication plan"))
    number = models.PositiveSmallIntegerField(_("number"))
    frozen = models.JSONField(_("what was approved"))
    note = models.TextField(_("note"), blank=True)
    approved_at = models.DateTimeField(_("approved"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("approved by"))
    approver = models.CharField(_("approved by"), max_length=300)

    objects: ClassVar = BoundManager.from_queryset(PlanVersionQuerySet)()

    class Meta:
        verbose_name = _("approved version of a plan")
        verbose_name_plural = _("approved versions of plans")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="one_version_per_plan_and_number")]

    def __str__(self) -> str:
        return _now("Version %(number)d") % {"number": self.number}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Frozen
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Frozen
