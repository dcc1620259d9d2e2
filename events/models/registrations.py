"""Who registered."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.languages import LanguageField
from contacts.models import Person
from events.models.facts import Event


class RegistrationQuerySet(BoundQuerySet["Registration"]):
    def taking_a_seat(self) -> Self:
        return self.filter(state__in=(Registration.State.HELD, Registration.State.CONFIRMED, Registration.State.ATTENDED))


class Registration(Bounded):
    """A seat asked for: held for half an hour, confirmed from the mail, or let go. `sequence` is that of the last invitation sent."""

    theme_path = "event__theme"

    class State(models.TextChoices):
        HELD = "held", _("Waits for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        EXPIRED = "expired", _("Not confirmed in time")
        CANCELLED = "cancelled", pgettext_lazy("registration", "Cancelled")
        ATTENDED = "attended", _("Attended")

    event = models.ForeignKey(Event, models.PROTECT, related_name="registrations", verbose_name=_("event"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="registrations", verbose_name=_("person"))
    language = LanguageField(_("language"))
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    needs = models.TextField(_("diet and accessibility"), blank=True, max_length=1000)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    held_until = models.DateTimeField(_("held until"))
    asked_at = models.DateTimeField(_("asked for"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar = BoundManager.from_queryset(RegistrationQuerySet)()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "person"], name="one_registration_per_event_and_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.event}"
