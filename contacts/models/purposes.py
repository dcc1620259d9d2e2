"""What people are held for, on which legal basis, how long, and who answers for it (GDPR, Articles 5(1)(b), 6 and 26)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from base.bounds import Bounded
from base.languages import Named
from contacts.models.imports import ContactImport
from contacts.models.parts import ThemeBody
from contacts.models.people import Person
from themes.models import Theme
from themes.named import free_key

MOST_MONTHS = 600


class Purpose(Bounded, Named):
    """A purpose has one legal basis. Commands know it by `key`, which is made of the first name and stays."""

    class LegalBasis(models.TextChoices):
        CONSENT = "consent", _("Consent")
        PUBLIC_TASK = "public_task", _("Public task")
        LEGITIMATE_INTEREST = "legitimate_interest", _("Legitimate interest")

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="purposes", verbose_name=_("national theme"))
    key = models.SlugField(_("key"), max_length=60, editable=False)
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis.choices)
    months = models.PositiveSmallIntegerField(
        _("months kept"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
        help_text=_("After the last thing that happened with the person. Left empty, nobody is forgotten by itself."),
    )  # fmt: skip
    controllers = models.ManyToManyField(
        ThemeBody, blank=True, related_name="purposes", verbose_name=_("controllers"),
        help_text=_("The bodies of the theme that answer for this purpose. None ticked: all that answer for the register."),
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True, help_text=_("What is not in use is not offered for new people."))

    class Meta:
        verbose_name = _("purpose of the register")
        verbose_name_plural = _("purposes of the register")
        ordering: ClassVar = ["name_fi", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_purpose_per_theme_and_key")]

    def save(self, **kwargs: Any) -> None:
        self.key = self.key or free_key(Purpose, self.theme, self.name_en or self.name_fi)
        before = Purpose.objects.filter(pk=self.pk).values_list("months", flat=True).first() if self.pk else None
        super().save(**kwargs)
        if before != self.months:
            # The days were found by other months.
            HeldFor.objects.filter(purpose=self, ends_on__isnull=False).update(ends_on=None)


class HeldFor(Bounded):
    """A person is held for a purpose, since when, and where that came from. Nobody is held for none."""

    theme_path = "person__theme"

    person = ParentalKey(Person, on_delete=models.CASCADE, related_name="held_for", verbose_name=_("person"))
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="held_for", verbose_name=_("purpose"))
    source = models.CharField(_("where the data came from"), max_length=200)
    since = models.DateTimeField(_("since"), default=timezone.now)
    brought_by = models.ForeignKey(ContactImport, models.SET_NULL, null=True, editable=False, related_name="held_for", verbose_name=_("import"))
    # The day on which it ends by itself at the earliest, as `contacts.privacy.retention` has found it; empty if it is not known to.
    ends_on = models.DateField(_("ends on"), null=True, editable=False)

    class Meta:
        verbose_name = _("purpose of holding the person")
        verbose_name_plural = _("purposes of holding the person")
        ordering: ClassVar = ["since", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "purpose"], name="one_row_per_person_and_purpose",
                violation_error_message=_("The person is held for this purpose already."),
            )
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["source"], name="held_by_source"), models.Index(fields=["ends_on"], name="held_until")]

    def __str__(self) -> str:
        # Nobody's name: the label stays in logs.
        return f"{self.purpose} ({self.pk})"

    def clean(self) -> None:
        super().clean()
        theme = getattr(self.person, "theme_id", None) if self.person_id or "person" in self._state.fields_cache else None
        if self.purpose_id and theme and self.purpose.theme_id != theme:
            raise ValidationError({"purpose": _("This purpose is another theme's.")})
        if self.purpose_id and self._state.adding and not self.purpose.is_active:
            raise ValidationError({"purpose": _("This purpose is not in use any more.")})
