"""Networks: steering groups, working groups, the national actors, the regions. Who is a member, and for which term."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from base.bounds import Bounded, BoundManager
from base.languages import Described, Named
from contacts.models.organisations import Organisation
from contacts.models.people import Person, Term, TermQuerySet, ends_after_it_starts
from themes.models import Goal, Project, Region, Theme


class Network(Bounded, ClusterableModel, Named, Described):
    class Kind(models.TextChoices):
        STEERING = "steering", _("Steering group")
        WORKING = "working", _("Working group")
        NATIONAL = "national", _("Network of national actors")
        REGIONAL = "regional", _("Regional network")
        OTHER = "other", _("Other network")

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="networks", verbose_name=_("national theme"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.WORKING)
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="networks",
        verbose_name=_("project"),
        help_text=_("Of a steering group."),
    )
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="networks", verbose_name=_("region"))
    goals = ParentalManyToManyField(
        Goal, blank=True, related_name="networks", verbose_name=_("goals"),
        help_text=_("Of whose audience the members are, beside its target groups."),
    )  # fmt: skip

    by_name: ClassVar = ("name_fi", "pk")

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering: ClassVar = ["name_fi", "pk"]

    def clean(self) -> None:
        if self.kind == self.Kind.REGIONAL and not self.region_id:
            raise ValidationError({"region": _("A regional network is of a region.")})
        if self.project and self.theme_id and self.project.theme_id != self.theme_id:
            raise ValidationError({"project": _("Choose a project of the same theme.")})


class Membership(Bounded, Term):
    """A person, an organisation, or a person who speaks for an organisation."""

    theme_path = "network__theme"

    class Part(models.TextChoices):
        CHAIR = "chair", _("Chair")
        MEMBER = "member", _("Member")
        DEPUTY = "deputy", _("Deputy member")
        SECRETARY = "secretary", _("Secretary")
        EXPERT = "expert", _("Expert")

    network = ParentalKey(Network, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("network"))
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name=_("organisation"))
    part = models.CharField(_("part"), max_length=9, choices=Part.choices, default=Part.MEMBER)

    objects: ClassVar = BoundManager.from_queryset(TermQuerySet)()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(organisation__isnull=False), name="a_member_is_a_person_or_an_organisation",
                violation_error_message=_("Name a person, an organisation, or both."),
            ),
            ends_after_it_starts("a_membership_ends_after_it_starts"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_part_display()}, {self.network}"

    def clean(self) -> None:
        super().clean()
        if not self.person_id and not self.organisation_id:
            raise ValidationError(_("Name a person, an organisation, or both."))
        theme = getattr(self.network, "theme_id", None)
        if theme and any(row and row.theme_id != theme for row in (self.person, self.organisation)):
            raise ValidationError(_("Choose members of the network's own theme."))
