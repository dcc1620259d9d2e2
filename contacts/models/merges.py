"""Contacts who became one, so that it can be undone; and what was decided on pairs that look alike."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from contacts.models.organisations import Organisation
from contacts.models.people import Person
from themes.models import Theme


class Exactly(json.JSONEncoder):
    """Days, times, keys and numbers as text that their fields read again, to the microsecond."""

    def default(self, value: Any) -> str:
        return str(value.isoformat() if hasattr(value, "isoformat") else value)


class MergeQuerySet(BoundQuerySet["Merge"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def of(self, contact: Person | Organisation) -> Self:
        return self.filter(**{contact._meta.model_name or "": contact.pk})


class Merge(Bounded):
    """One became another, who is named here. `steps` are the rows that changed, as they were and as they became (`contacts.merging.journal`).

    Once it is undone nothing of them is kept.
    """

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="merges", verbose_name=_("national theme"))
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="merges", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="merges", verbose_name=_("organisation"))
    # What the one who is gone was called.
    gone = models.CharField(_("merged into it"), max_length=255)
    gone_number = models.BigIntegerField(editable=False)
    # Of a person: links to their own data that are out there lead to whom they became, until the merge is undone (`contacts.privacy.links`).
    gone_key = models.UUIDField(null=True, editable=False, db_index=True)
    steps = models.JSONField(default=list, encoder=Exactly, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("undone by"))
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects: ClassVar = BoundManager.from_queryset(MergeQuerySet)()

    class Meta:
        verbose_name = _("merge of contacts")
        verbose_name_plural = _("merges of contacts")
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True) | Q(person__isnull=True, organisation__isnull=False),
                name="a_merge_is_of_people_or_of_organisations",
            )
        ]

    def __str__(self) -> str:
        # Nobody's name: the label stays in logs.
        return f"{self.pk}"

    @property
    def kept(self) -> Person | Organisation:
        return self.person or self.organisation  # type: ignore[return-value]  # a constraint holds that it is one of the two


class PairQuerySet(BoundQuerySet["Pair"]):
    def waiting(self) -> Self:
        return self.filter(decision__in=(Pair.Decision.NONE, Pair.Decision.LATER))


class Pair(Bounded):
    """Two contacts who look alike, the lesser number on the left, and what somebody decided. Those who are merged have none."""

    class Decision(models.TextChoices):
        NONE = "", _("Not looked at")
        LATER = "later", _("Later")
        DIFFERENT = "different", _("Not the same")

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="pairs", verbose_name=_("national theme"))
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="pairs", verbose_name=_("person"))
    other_person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="pairs_to", verbose_name=_("other person"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="pairs", verbose_name=_("organisation"))
    other_organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="pairs_to", verbose_name=_("other organisation"))
    score = models.FloatField(_("likeness"))
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    decision = models.CharField(_("decision"), max_length=9, choices=Decision.choices, blank=True, default=Decision.NONE)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects: ClassVar = BoundManager.from_queryset(PairQuerySet)()

    class Meta:
        verbose_name = _("pair that looks alike")
        verbose_name_plural = _("pairs that look alike")
        ordering: ClassVar = ["-score", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "other_person"], name="one_row_per_pair_of_people"),
            models.UniqueConstraint(fields=["organisation", "other_organisation"], name="one_row_per_pair_of_organisations"),
            models.CheckConstraint(
                condition=Q(person__lt=F("other_person"), organisation__isnull=True, other_organisation__isnull=True)
                | Q(organisation__lt=F("other_organisation"), person__isnull=True, other_person__isnull=True),
                name="a_pair_is_of_two_people_or_of_two_organisations",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def both(self) -> tuple[Any, Any]:
        return (self.person, self.other_person) if self.person_id else (self.organisation, self.other_organisation)
