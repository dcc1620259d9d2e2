"""What people were told of the data that others gave us on them (GDPR, Article 14)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from base.languages import LanguageField
from contacts.models.people import Person


class Notice(Bounded):
    """Remembered once for a person: what was sent, or how they know otherwise (Article 14(5)(a))."""

    theme_path = "person__theme"

    class How(models.TextChoices):
        MAIL = "mail", _("Notice by e-mail")
        OTHERWISE = "otherwise", _("Told otherwise")

    person = models.OneToOneField(Person, models.CASCADE, related_name="notice", verbose_name=_("person"))
    how = models.CharField(_("how"), max_length=9, choices=How.choices)
    # Of a mail its words, of another way what the staff wrote down.
    text = models.TextField(_("what was told"))
    language = LanguageField(_("language"))
    at = models.DateTimeField(_("told"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("notice on personal data")
        verbose_name_plural = _("notices on personal data")
        indexes: ClassVar = [models.Index(fields=["at"], name="notices_by_time")]

    def __str__(self) -> str:
        # Nobody's name: the label stays in logs.
        return f"{self.get_how_display()} ({self.pk})"
