"""Consent as evidence (GDPR, Article 7(1)): who, when, how, for what, and the exact text."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from base.languages import LanguageField
from contacts.models.people import Person


class Consent(Bounded):
    """One consent for one purpose. It is never edited: withdrawing sets `withdrawn_at`, consenting again makes a new row."""

    theme_path = "person__theme"

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=120)
    text = models.TextField(_("text that was agreed to"))
    text_version = models.CharField(_("version of the text"), max_length=20)
    language = LanguageField(_("language"))
    given_how = models.CharField(_("how it was given"), max_length=200)
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_how = models.CharField(_("how it was withdrawn"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=models.Q(withdrawn_at__isnull=True), name="one_consent_in_force_per_person_and_purpose"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.purpose}"
