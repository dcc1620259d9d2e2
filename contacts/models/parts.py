"""What links people and organisations to a theme, its projects and its practices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from base.languages import Described
from contacts.models.organisations import Organisation
from contacts.models.people import Person
from themes.models import Practice, Project, Theme

if TYPE_CHECKING:
    from datetime import date

PERSONS_LISTED_FOR = timedelta(days=2 * 365)


class ThemeBody(Bounded, Described):
    """A body that runs or supports the theme: an intermediate body, a ministry, a coordinator."""

    class Part(models.TextChoices):
        INTERMEDIATE_BODY = "intermediate_body", _("Intermediate body")
        COORDINATOR = "coordinator", _("Coordination project")
        MINISTRY = "ministry", _("Responsible ministry")
        SIBLING_THEME = "sibling_theme", _("Runs the sibling theme")
        COOPERATION = "cooperation", _("Cooperation")

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="bodies", verbose_name=_("national theme"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="theme_parts", verbose_name=_("organisation"))
    part = models.CharField(_("part"), max_length=20, choices=Part.choices)
    is_controller = models.BooleanField(
        _("controller of the register"),
        default=False,
        help_text=_("Answers for the contact register (GDPR, Article 4(7)). There may be several, jointly."),
    )

    class Meta:
        verbose_name = _("body of the theme")
        verbose_name_plural = _("bodies of the theme")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "organisation", "part"], name="one_row_per_body_and_part")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_part_display()}"


class ProjectParty(Bounded):
    """A project's beneficiary or contractor (Regulation (EU) 2021/1060, Article 49(3)), or a body in its steering group.

    It is an organisation, or a natural person; neither once the person was erased.
    """

    theme_path = "project__theme"

    class Part(models.TextChoices):
        BENEFICIARY = "beneficiary", _("Beneficiary")
        CONTRACTOR = "contractor", _("Contractor")
        STEERING = "steering", _("In the steering group")

    project = models.ForeignKey(Project, models.CASCADE, related_name="parties", verbose_name=_("project"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="project_parts", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="project_parts",
        verbose_name=_("natural person"),
        help_text=_("Only where no organisation is the party. A person's name is public as a beneficiary's alone, and for two years."),
    )
    part = models.CharField(_("part"), max_length=12, choices=Part.choices, default=Part.BENEFICIARY)
    listed_on = models.DateField(_("listed since"), default=timezone.localdate)

    class Meta:
        verbose_name = _("project's party")
        verbose_name_plural = _("project's parties")
        ordering: ClassVar = ["project", "part", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "organisation", "part"], name="one_row_per_party_and_part"),
            models.UniqueConstraint(fields=["project", "person", "part"], name="one_row_per_natural_person_and_part"),
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=True) | models.Q(person__isnull=True), name="a_party_is_not_an_organisation_and_a_person"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self._change_project()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        self._change_project()
        return deleted

    def _change_project(self) -> None:
        """The list of operations says when it last changed."""
        Project.objects.filter(pk=self.project_id).update(changed_at=timezone.now())

    def __str__(self) -> str:
        party = self.organisation or self.person or gettext("Natural person")
        return f"{party}: {self.project}"

    def clean(self) -> None:
        if bool(self.organisation_id) == bool(self.person_id):
            raise ValidationError(_("Name the organisation, or the natural person who is the party."))

    def public_name(self, today: date) -> str:
        """As Article 49(3) lets it be published: a natural person's only as a beneficiary's, and for two years since it was first listed."""
        if self.organisation_id:
            return str(self.organisation)
        may_be_named = self.part == self.Part.BENEFICIARY and today < self.listed_on + PERSONS_LISTED_FOR
        return str(self.person) if self.person_id and may_be_named else gettext("Natural person")


class PracticeContact(Bounded):
    """Whom to ask about a practice."""

    theme_path = "practice__theme"

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="contacts", verbose_name=_("good practice"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="practices", verbose_name=_("person"))

    class Meta:
        verbose_name = _("contact of a practice")
        verbose_name_plural = _("contacts of a practice")
        constraints: ClassVar = [models.UniqueConstraint(fields=["practice", "person"], name="one_row_per_practice_and_contact")]

    def __str__(self) -> str:
        return f"{self.person}: {self.practice}"
