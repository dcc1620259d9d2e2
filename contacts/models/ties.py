"""Ties between contacts: declared by the staff, or derived from what they share (`contacts.ties`)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager
from contacts.models.organisations import Organisation
from contacts.models.people import Person, Term, TermQuerySet, ends_after_it_starts
from themes.models import Theme


class TieQuerySet(TermQuerySet):
    def of_person(self, person: Person) -> Self:
        return self.filter(Q(person=person) | Q(other_person=person))

    def of_organisation(self, organisation: Organisation) -> Self:
        return self.filter(Q(organisation=organisation) | Q(other_organisation=organisation))


class Tie(Bounded, Term):
    """Each end is a person or an organisation. Only some kinds have a direction, from the first end to the other.

    `strength` is 0 to 1: of a derived tie the sum of 1 / (those who shared - 1) over what was shared, at most 1, as Newman weighs
    co-authors (doi 10.1103/PhysRevE.64.016132). Of two people at one event of a hundred it is small, of two in one steering group of five large.
    """

    class Kind(models.TextChoices):
        COOPERATES = "cooperates", _("Cooperates with")
        KNOWS = "knows", _("Knows")
        FUNDS = "funds", _("Funds")
        ADVISES = "advises", _("Advises")
        REPORTS = "reports", _("Reports to")
        SHARED_EVENTS = "events", _("Took part in the same events")
        SHARED_PROJECTS = "projects", _("In the same projects")
        SHARED_NETWORKS = "networks", _("In the same networks")

    DIRECTED: ClassVar = (Kind.FUNDS, Kind.ADVISES, Kind.REPORTS)
    DERIVED: ClassVar = (Kind.SHARED_EVENTS, Kind.SHARED_PROJECTS, Kind.SHARED_NETWORKS)

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="ties", verbose_name=_("national theme"))
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="ties", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="ties", verbose_name=_("organisation"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.COOPERATES)
    other_person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="ties_to", verbose_name=_("other person"))
    other_organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="ties_to", verbose_name=_("other organisation")
    )
    strength = models.FloatField(_("strength"), default=0.5, help_text=_("From 0, they have met once, to 1, they work together all the time."))
    evidence = models.CharField(_("evidence"), max_length=250, blank=True, help_text=_("How we know: “agreement of 12 March”."))
    # Of a derived one: how many things are shared.
    shared = models.PositiveIntegerField(_("how many they share"), default=0, editable=False)

    objects: ClassVar = BoundManager.from_queryset(TieQuerySet)()

    class Meta:
        verbose_name = _("tie")
        verbose_name_plural = _("ties")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True) | Q(person__isnull=True, organisation__isnull=False),
                name="a_tie_begins_at_a_person_or_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(other_person__isnull=False, other_organisation__isnull=True)
                | Q(other_person__isnull=True, other_organisation__isnull=False),
                name="a_tie_ends_at_a_person_or_an_organisation",
            ),
            models.CheckConstraint(condition=Q(strength__gte=0, strength__lte=1), name="a_tie_is_as_strong_as_0_to_1"),
            models.CheckConstraint(
                condition=(Q(person__isnull=True) | Q(other_person__isnull=True) | ~Q(person=F("other_person")))
                & (Q(organisation__isnull=True) | Q(other_organisation__isnull=True) | ~Q(organisation=F("other_organisation"))),
                name="a_tie_is_between_two",
            ),
            ends_after_it_starts("a_tie_ends_after_it_starts"),
        ]
        indexes: ClassVar = [models.Index(fields=["theme", "kind"], name="ties_of_a_theme_by_kind")]

    def __str__(self) -> str:
        # Nobody's name: the label stays in logs.
        return f"{self.get_kind_display()} ({self.pk})"

    @property
    def one(self) -> Person | Organisation:
        return self.person or self.organisation  # type: ignore[return-value]  # a constraint holds that it is one of the two

    @property
    def other(self) -> Person | Organisation:
        return self.other_person or self.other_organisation  # type: ignore[return-value]  # as above

    @property
    def is_derived(self) -> bool:
        return self.kind in self.DERIVED

    def clean(self) -> None:
        super().clean()
        for own, other in (("person", "organisation"), ("other_person", "other_organisation")):
            if bool(getattr(self, f"{own}_id")) == bool(getattr(self, f"{other}_id")):
                raise ValidationError({own: _("Name a person or an organisation, one of the two.")})
        if (self.person_id, self.organisation_id) == (self.other_person_id, self.other_organisation_id):
            raise ValidationError(_("A tie is between two different contacts."))
        ends = (self.person, self.organisation, self.other_person, self.other_organisation)
        if self.theme_id and any(end and end.theme_id != self.theme_id for end in ends):
            raise ValidationError(_("Choose contacts of the tie's own theme."))
        if self.kind in self.DERIVED:
            raise ValidationError({"kind": _("Ties of this kind are counted from what is shared; nobody writes them.")})
        if not 0 <= (self.strength if self.strength is not None else -1) <= 1:
            raise ValidationError({"strength": _("Give a number from 0 to 1.")})
