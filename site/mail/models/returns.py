"""What comes back of copies, and the addresses and domains that are not written to, or not so fast."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mail.addresses import ascii_domain
from mail.models.copies import Delivery


class BounceQuerySet(models.QuerySet["Bounce"]):
    def came_back(self) -> Self:
        """Of copies that did not reach their reader: a sent copy with none of these was delivered, as far as anybody knows."""
        return self.filter(kind__in=(Bounce.Kind.HARD, Bounce.Kind.SOFT), is_delay=False, is_proven=True, delivery__isnull=False)


class Bounce(models.Model):
    """What came back of a copy: refused in the session, returned later, complained of, or answered by a machine.

    The copy's own state stays as it was: it was sent, and then came back. Without a copy there is the address's keyed hash.
    `mark` is unique for what a notice says: the same notice twice, or by two ways, is one row.
    """

    class Kind(models.TextChoices):
        HARD = "hard", _("Hard bounce")
        SOFT = "soft", _("Soft bounce")
        COMPLAINT = "complaint", _("Complaint")
        AUTO_REPLY = "auto_reply", _("Automatic reply")

    class Source(models.TextChoices):
        SESSION = "session", _("While sending")
        PIPE = "pipe", _("Handed over by the mail server")
        MAILBOX = "mailbox", _("Mailbox of bounces")
        WEBHOOK = "webhook", _("E-mail service")

    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, blank=True, related_name="bounces", verbose_name=_("delivery"))
    address_hash = models.CharField(_("keyed hash"), max_length=64, blank=True, db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    status = models.CharField(_("status code"), max_length=12, blank=True)
    diagnostic = models.CharField(_("server's reply"), max_length=500, blank=True)
    is_delay = models.BooleanField(_("still being tried"), default=False)
    is_about_us = models.BooleanField(
        _("about the sender or the message"), default=False, help_text=_("Blocked, taken for spam, too large: nothing against the address.")
    )
    is_proven = models.BooleanField(_("proved to be about the copy"), default=False)
    source = models.CharField(_("came by"), max_length=8, choices=Source.choices)
    at = models.DateTimeField(_("at"), default=timezone.now)
    mark = models.CharField(max_length=64, unique=True)

    objects = BounceQuerySet.as_manager()

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        indexes: ClassVar = [models.Index(fields=["-at"], name="bounces_newest_first")]

    def __str__(self) -> str:
        return f"#{self.pk}: {self.get_kind_display()}"

    @property
    def masked_address(self) -> str:
        """Enough to know one's own case by: the first letter and the domain."""
        local, at, domain = (self.delivery.address if self.delivery else "").rpartition("@")
        return f"{local[:1]}…{at}{domain}" if at else ""

    @property
    def subject(self) -> str:
        if self.delivery is None:
            return ""
        return self.delivery.subject or (self.delivery.variant.subject if self.delivery.variant else "")


class Suppression(models.Model):
    """An address that gets no mail, as a keyed hash: it outlives the erasure of the person, and tells nobody who it was."""

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce", _("Hard bounce")
        SOFT_BOUNCES = "soft_bounces", _("Three soft bounces in a row")
        COMPLAINT = "complaint", _("Complaint")
        ERASED = "erased", _("Erased")
        BY_HAND = "by_hand", _("By hand")

    hash = models.CharField(_("keyed hash"), max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppression list")

    def __str__(self) -> str:
        return f"{self.short_hash}: {self.get_reason_display()}"

    @property
    @admin.display(description=_("Hash of the address"))
    def short_hash(self) -> str:
        return self.hash[:12]


class Lift(models.Model):
    """When an address was last taken off the suppression list: what came back before counts no more. The same keyed hash, and no more than that."""

    hash = models.CharField(_("keyed hash"), max_length=64, unique=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("taken off the suppression list")
        verbose_name_plural = _("taken off the suppression list")

    def __str__(self) -> str:
        return self.hash[:12]


class ReceivingDomain(models.Model):
    """A domain that takes mail at a pace of its own (`mail.throttle`). A row is made by staff who set a limit, or by a domain that refuses."""

    name = models.CharField(_("domain"), max_length=255, unique=True, help_text=_("What stands after the @, in small letters: example.org"))
    per_minute = models.PositiveIntegerField(
        _("at most a minute"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("Copies; without a figure there is no limit.")
    )
    next_at = models.DateTimeField(_("next turn"), null=True, blank=True, editable=False)
    held_until = models.DateTimeField(_("left alone until"), null=True, blank=True, editable=False)
    refusals = models.PositiveIntegerField(_("refusals in a row"), default=0, editable=False)
    holds = models.PositiveIntegerField(_("times left alone"), default=0, editable=False)

    class Meta:
        verbose_name = _("receiving domain")
        verbose_name_plural = _("receiving domains")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def rests_until(self) -> datetime | None:
        """A moment that has passed is no rest."""
        return self.held_until if self.held_until and self.held_until > timezone.now() else None

    def clean(self) -> None:
        self.name = self.name.strip().lower().rpartition("@")[2]
        try:
            self.name = ascii_domain(self.name)
        except UnicodeError as error:
            raise ValidationError({"name": _("This is no domain: write what stands after the @ of an address.")}) from error
