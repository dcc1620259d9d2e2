"""What organisers write: notes on a registration, and messages to some of those who registered."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from base.languages import CODES, FALLBACK
from events.models.facts import Event
from events.models.registrations import Registration


class Note(Bounded):
    """Staff's own, never shown to the person but in an export of all that is held on them."""

    theme_path = "registration__event__theme"

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="notes", verbose_name=_("registration"))
    text = models.TextField(_("note"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text


class Letter(Bounded):
    """A message to some of those who registered, as it went. `words` has subject and text by language; who reads another gets `fallback`."""

    theme_path = "event__theme"

    event = models.ForeignKey(Event, models.CASCADE, related_name="letters", verbose_name=_("event"))
    words: Any = models.JSONField(_("texts"))
    fallback = models.CharField(_("language for the others"), max_length=2, default=FALLBACK)
    registrations = models.ManyToManyField(Registration, related_name="letters", verbose_name=_("to whom"))
    number = models.PositiveIntegerField(_("how many got it"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("message to registrants")
        verbose_name_plural = _("messages to registrants")
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def languages(self) -> list[str]:
        return [code for code in CODES if code in self.words]

    @property
    def subject(self) -> str:
        subject: str = self.words_in(self.languages[0])["subject"]
        return subject

    def words_in(self, language: str) -> dict[str, str]:
        found: dict[str, str] = self.words.get(language) or self.words[self.fallback]
        return found
