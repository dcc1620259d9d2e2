"""What the staff write down on a person or an organisation."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from contacts.models.organisations import Organisation
from contacts.models.people import Person
from themes.models import Theme


class Note(Bounded):
    """Of either, not of both. What is written on a person goes with the person, and is in what the person may ask for."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="notes", verbose_name=_("national theme"))
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="notes", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="notes", verbose_name=_("organisation"))
    text = models.TextField(_("note"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True) | Q(person__isnull=True, organisation__isnull=False),
                name="a_note_is_on_a_person_or_on_an_organisation",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-at"], name="notes_of_a_person"),
            models.Index(fields=["organisation", "-at"], name="notes_of_an_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
