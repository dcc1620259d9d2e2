"""Who is invited to a meeting of a network."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.bounds import Bounded
from contacts.models import Person
from themes.models import Theme


class Invitation(Bounded):
    """Of somebody whom the meeting's page names among who takes part: made when it is published, gone when it names them no more.

    `meeting_key` is the `translation_key` of the page, which a signed link in the mails (`events.invitations`) shows without a login. `told` is of
    which time and place the last mail spoke, "" before the first; `number` counts the mails.
    """

    class Answer(models.TextChoices):
        COMES = "comes", pgettext_lazy("meeting", "Comes")
        ONLINE = "online", pgettext_lazy("meeting", "Comes online")
        AWAY = "away", pgettext_lazy("meeting", "Cannot come")

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="+", verbose_name=_("national theme"))
    meeting_key = models.UUIDField(db_index=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations", verbose_name=_("person"))
    told = models.CharField(max_length=64, blank=True, editable=False)
    number = models.PositiveSmallIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True)
    message = models.TextField(_("message"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation to a meeting")
        verbose_name_plural = _("invitations to meetings")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting_key", "person"], name="one_invitation_per_meeting_and_person")]

    def __str__(self) -> str:
        return f"#{self.pk}"
