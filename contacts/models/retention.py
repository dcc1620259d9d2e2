"""Who is held longer than a purpose says, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from contacts.models.people import Person

if TYPE_CHECKING:
    from datetime import date


class KeepQuerySet(BoundQuerySet["Keep"]):
    def standing(self, today: date | None = None) -> Self:
        return self.filter(until__gte=today or timezone.localdate())


class Keep(Bounded):
    """The person is not forgotten by itself on any day up to `until`. Ended early, `until` is the day before."""

    theme_path = "person__theme"

    person = models.ForeignKey(Person, models.CASCADE, related_name="keeps", verbose_name=_("person"))
    reason = models.CharField(_("why"), max_length=300)
    until = models.DateField(_("kept until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects: ClassVar = BoundManager.from_queryset(KeepQuerySet)()

    class Meta:
        verbose_name = _("keeping of a person")
        verbose_name_plural = _("keeping of people")
        ordering: ClassVar = ["until", "pk"]

    def __str__(self) -> str:
        # Nobody's name: the label stays in logs.
        return f"{self.until} ({self.pk})"
