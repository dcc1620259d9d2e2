"""Messages to a selection of people, as they went."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from base.languages import FALLBACK
from contacts.models.outreach import Outreach
from contacts.models.people import Person
from themes.models import Theme


class Letter(Bounded):
    """`words` has subject and text by language; who reads another gets `fallback`. Whoever got a copy is touched by `outreach`."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="letters", verbose_name=_("national theme"))
    outreach = models.OneToOneField(Outreach, models.CASCADE, related_name="letter", verbose_name=_("outreach"))
    words: Any = models.JSONField(_("texts"))
    fallback = models.CharField(_("language for the others"), max_length=2, default=FALLBACK)
    number = models.PositiveIntegerField(_("how many get it"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("message to contacts")
        verbose_name_plural = _("messages to contacts")
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.outreach)


class LetterCopy(Bounded):
    """To whom a letter goes. The mail itself is a row of the outbox."""

    theme_path = "letter__theme"

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="copies", verbose_name=_("message"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="letter_copies", verbose_name=_("person"))

    class Meta:
        verbose_name = _("copy of a message")
        verbose_name_plural = _("copies of messages")
        constraints: ClassVar = [models.UniqueConstraint(fields=["letter", "person"], name="one_copy_per_letter_and_person")]

    def __str__(self) -> str:
        # Nobody's name: the label stays in logs.
        return f"{self.letter} ({self.pk})"
