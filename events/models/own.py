"""A registrant's own calendar."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from base.languages import LanguageField
from contacts.models import Person


class OwnCalendar(Bounded):
    """Made when its owner asks for it (`events.own_calendar`). Its address holds the `secret`: with a new one, the old address leads nowhere."""

    theme_path = "person__theme"

    person = models.OneToOneField(Person, models.CASCADE, related_name="own_calendar", verbose_name=_("person"))
    secret = models.CharField(max_length=32, editable=False)
    language = LanguageField(_("language"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("own calendar")
        verbose_name_plural = _("own calendars")

    def __str__(self) -> str:
        return f"#{self.pk}"
