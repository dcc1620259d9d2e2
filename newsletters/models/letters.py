"""Newsletters, and who subscribes to them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.languages import Described, LanguageField, Localised, Named
from contacts.models import Consent, Person
from themes.models import Scope
from themes.models.theme import OfTheme


class Newsletter(OfTheme, Named, Described):
    """A newsletter. Its consent text is versioned: a subscription's consent holds the text that was agreed to."""

    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.EXTERNAL)
    from_email = models.EmailField(_("sender's address"))
    consent_fi = models.TextField(_("consent text in Finnish"))
    consent_sv = models.TextField(_("consent text in Swedish"), blank=True)
    consent_en = models.TextField(_("consent text in English"), blank=True)
    consent = Localised()
    consent_version = models.CharField(_("version of the consent text"), max_length=20)

    class Meta:
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_newsletter_per_theme_and_key")]

    @property
    def purpose(self) -> str:
        """The purpose of the consent that a subscription stands on."""
        return f"newsletters.newsletter:{self.theme.key}:{self.key}"


class SubscriptionQuerySet(BoundQuerySet["Subscription"]):
    def mailable(self) -> Self:
        return self.filter(state=Subscription.State.CONFIRMED)


class Subscription(Bounded):
    """A person's subscription: pending until confirmed from the mail, then with a consent as its evidence."""

    theme_path = "newsletter__theme"

    class State(models.TextChoices):
        PENDING = "pending", _("Waits for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        ENDED = "ended", _("Ended")

    newsletter = models.ForeignKey(Newsletter, models.PROTECT, related_name="subscriptions", verbose_name=_("newsletter"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="subscriptions", verbose_name=_("person"))
    language = LanguageField(_("language"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="subscriptions", verbose_name=_("consent"))
    asked_at = models.DateTimeField(_("asked for"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar = BoundManager.from_queryset(SubscriptionQuerySet)()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints: ClassVar = [models.UniqueConstraint(fields=["newsletter", "person"], name="one_subscription_per_newsletter_and_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.newsletter}"
