"""Where contacts stand in the network of their theme, and how the network as a whole was, night by night (`contacts.network`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from contacts.models.organisations import Organisation
from contacts.models.people import Person
from themes.models import Theme

if TYPE_CHECKING:
    from datetime import date


class NetworkSnapshot(Bounded):
    """The network of a theme on a day. Without names: it is kept as long as the theme."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="network_snapshots", verbose_name=_("national theme"))
    day = models.DateField(_("day"), default=timezone.localdate)
    contacts = models.PositiveIntegerField(_("contacts with a tie"))
    ties = models.PositiveIntegerField(_("ties"))
    parts = models.PositiveIntegerField(_("separate parts"))
    communities = models.PositiveIntegerField(_("communities"))
    modularity = models.FloatField(_("modularity"), default=0)
    # 0: betweenness is exact.
    sources = models.PositiveIntegerField(_("contacts that betweenness was sampled from"), default=0)
    largest_error = models.FloatField(_("largest standard error of betweenness"), default=0)

    class Meta:
        verbose_name = _("snapshot of the network")
        verbose_name_plural = _("snapshots of the network")
        ordering: ClassVar = ["-day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "day"], name="one_network_snapshot_per_theme_and_day")]

    def __str__(self) -> str:
        return f"{self.theme_id}, {self.day}"


class PositionQuerySet(BoundQuerySet["NetworkPosition"]):
    def current(self) -> Self:
        return self.filter(until=None)

    def on(self, day: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class NetworkPosition(Bounded):
    """What a contact's place in the network was from `since` until the day before `until`.

    A night on which it stays the same, within a hundredth, writes nothing: the history of a network that changes little is small.
    """

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="network_positions", verbose_name=_("national theme"))
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="network_positions", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="network_positions", verbose_name=_("organisation"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)
    degree = models.PositiveIntegerField(_("contacts tied to"))
    betweenness = models.FloatField(_("betweenness"))
    betweenness_error = models.FloatField(_("standard error of betweenness"), default=0)
    # Nobody to be constrained by has none.
    constraint = models.FloatField(_("constraint"), null=True)
    core = models.PositiveIntegerField(_("core"))
    community = models.PositiveIntegerField(_("community"))

    METRICS: ClassVar = ("degree", "betweenness", "betweenness_error", "constraint", "core", "community")

    objects: ClassVar = BoundManager.from_queryset(PositionQuerySet)()

    class Meta:
        verbose_name = _("position in the network")
        verbose_name_plural = _("positions in the network")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True) | Q(person__isnull=True, organisation__isnull=False),
                name="a_position_is_of_a_person_or_an_organisation",
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(until=None), name="one_current_position_per_person"),
            models.UniqueConstraint(fields=["organisation"], condition=Q(until=None), name="one_current_position_per_organisation"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_position_ends_after_it_begins"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["theme", "-betweenness", "id"], condition=Q(until=None), name="positions_by_betweenness"),
            models.Index(fields=["theme", "community"], condition=Q(until=None), name="positions_by_community"),
        ]

    def __str__(self) -> str:
        # Nobody's name: the label stays in logs.
        return f"{self.person_id or ''}/{self.organisation_id or ''}, {self.since}"

    @property
    def contact(self) -> Person | Organisation:
        return self.person or self.organisation  # type: ignore[return-value]  # a constraint holds that it is one of the two
