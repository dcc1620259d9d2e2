from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from base.languages import LanguageField
from themes.models.theme import Theme


class Exemption(Bounded):
    """A page that is not owed in a language, though its theme promises its kind in it. `page_key` is the translation key of the page."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="exemptions", verbose_name=_("national theme"))
    page_key = models.UUIDField(editable=False)
    language = LanguageField()
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("exemption from a promised language")
        verbose_name_plural = _("exemptions from promised languages")
        constraints: ClassVar = [models.UniqueConstraint(fields=["page_key", "language"], name="one_exemption_per_page_and_language")]

    def __str__(self) -> str:
        return f"{self.get_language_display()}: {self.reason}"
