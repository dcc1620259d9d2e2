"""Newsletters, and who subscribes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.languages import CODES, Described, LanguageField, Localised, Named
from base.pages import ENDONYMS
from contacts.models import Consent, Person
from mail.models import Delivery
from themes.models import Region, Scope, SubTheme
from themes.models.theme import OfTheme

if TYPE_CHECKING:
    from collections.abc import Iterable


class Newsletter(OfTheme, Named, Described):
    """A newsletter. Its consent text is versioned: a subscription's consent holds the text that was agreed to."""

    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.EXTERNAL)
    from_email = models.EmailField(_("sender's address"))
    consent_fi = models.TextField(_("consent text in Finnish"))
    consent_sv = models.TextField(_("consent text in Swedish"), blank=True)
    consent_en = models.TextField(_("consent text in English"), blank=True)
    consent = Localised()
    needs_approval = models.BooleanField(
        _("a second person approves each issue"), default=True, help_text=_("Somebody other than who wrote it or asks for its sending.")
    )
    consent_version = models.CharField(_("version of the consent text"), max_length=20)

    class Meta:
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_newsletter_per_theme_and_key")]

    @property
    def purpose(self) -> str:
        """The purpose of the consent that a subscription stands on."""
        return f"newsletters.newsletter:{self.theme.key}:{self.key}"

    def clean(self) -> None:
        """What somebody has agreed to stays what it was: another text is another version, and the key names the consents' purpose."""
        super().clean()
        if not self.theme_id:
            return
        before = Newsletter.objects.select_related("theme").filter(pk=self.pk).first() if self.pk else None
        if before and before.purpose != self.purpose and Consent.objects.filter(purpose=before.purpose).exists():
            raise ValidationError({"key": _("Somebody has agreed to this newsletter by its key, “%(key)s”. Keep the key.") % {"key": before.key}})
        if languages := self._languages_agreed_to_in_other_words():
            told = _("Somebody has agreed to another text of version %(version)s (%(languages)s). Give the new text a new version.")
            values = {"version": self.consent_version, "languages": ", ".join(languages)}
            raise ValidationError({"consent_version": told % values})

    def _languages_agreed_to_in_other_words(self) -> list[str]:
        agreed = Consent.objects.filter(purpose=self.purpose, text_version=self.consent_version).values_list("language", "text").distinct()
        # A form gives its ends of lines another look, which nobody reads.
        other = {code for code, text in agreed if text.split() != getattr(self, f"consent_{code}").split()}
        return [ENDONYMS[code] for code in CODES if code in other]


class SubscriptionQuerySet(BoundQuerySet["Subscription"]):
    def mailable(self) -> Self:
        """Confirmed, and not on a pause: whoever paused comes back by themselves on the day."""
        return self.filter(state=Subscription.State.CONFIRMED).exclude(paused_until__gt=timezone.localdate())

    def paused(self) -> Self:
        return self.filter(state=Subscription.State.CONFIRMED, paused_until__gt=timezone.localdate())

    def interested_in(self, *, sub_themes: Iterable[SubTheme] = (), regions: Iterable[Region] = ()) -> Self:
        """Who wants something of one of these sub-themes and one of these regions. Without any of a kind, that kind decides nothing.

        Whoever chose no sub-theme wants all of them, and so with regions. Each row once, whatever it matches.
        """
        found = self
        if wanted := list(sub_themes):
            found = found._who_chose(Subscription.sub_themes.through, Q(subtheme__in=wanted))
        if regions := list(regions):
            found = found._who_chose(Subscription.regions.through, Q(region__in=regions))
        return found

    def _who_chose(self, choices: Any, matching: Q) -> Self:
        own = choices.objects.filter(subscription=OuterRef("pk"))
        return self.filter(~Exists(own) | Exists(own.filter(matching)))


class Subscription(Bounded):
    """A person's subscription: pending until confirmed from the mail, then with a consent as its evidence.

    What an import brings is *coming* until all of its lines are there, and then confirmed at once.
    `sub_themes` and `regions` are its topics; none of a kind means all of that kind. `paused_until` is the first day that mail is sent again.
    `ended_by` is the copy by whose links, address or complaint the reader left; None where they left in another way, or have come back since.
    """

    theme_path = "newsletter__theme"

    class State(models.TextChoices):
        PENDING = "pending", _("Waits for confirmation")
        COMING = "coming", _("Being imported")
        CONFIRMED = "confirmed", _("Confirmed")
        ENDED = "ended", _("Ended")

    newsletter = models.ForeignKey(Newsletter, models.PROTECT, related_name="subscriptions", verbose_name=_("newsletter"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="subscriptions", verbose_name=_("person"))
    language = LanguageField(_("language"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="subscriptions", verbose_name=_("consent"))
    sub_themes = models.ManyToManyField(SubTheme, blank=True, related_name="+", verbose_name=_("sub-themes"))
    regions = models.ManyToManyField(Region, blank=True, related_name="+", verbose_name=_("regions"))
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    brought_by = models.ForeignKey(
        "newsletters.SubscriberImport", models.PROTECT, null=True, blank=True, related_name="subscriptions", verbose_name=_("came by import")
    )
    asked_at = models.DateTimeField(_("asked for"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(Delivery, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("ended by"))

    objects: ClassVar = BoundManager.from_queryset(SubscriptionQuerySet)()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints: ClassVar = [models.UniqueConstraint(fields=["newsletter", "person"], name="one_subscription_per_newsletter_and_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.newsletter}"

    @property
    def topics(self) -> str:
        """By name; "" where everything is wanted."""
        return ", ".join(topic.name for topic in [*self.sub_themes.all(), *self.regions.all()])

    topics.fget.short_description = _("topics")  # type: ignore[attr-defined]  # how Django's lists name a property
