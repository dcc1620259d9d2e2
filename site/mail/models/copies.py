"""The outbox and the delivery ledger. Everything that leaves as mail is a row of `Delivery` first.

`mail` knows no contacts: a recipient is a key (the contact's lasting one) and an address.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower, StrIndex, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.languages import LanguageField


class Mailing(models.Model):
    """One message to many, frozen: who gets it does not change after this row exists.

    `key` names what is sent, such as `newsletters.issue:<uuid>`; `stream` says which package owns it (`mail.streams`).
    """

    key = models.CharField(_("key"), max_length=120, unique=True)
    stream = models.CharField(_("stream"), max_length=40)
    frozen_at = models.DateTimeField(_("frozen"), default=timezone.now)
    frozen_count = models.PositiveIntegerField(
        _("copies frozen"), default=0, help_text=_("Counted once, while freezing, so that the balance checks the rows against it.")
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    base_url = models.CharField(_("where its links begin"), max_length=200, blank=True, help_text=_("The theme's own address; else BASE_URL."))

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")

    def __str__(self) -> str:
        return self.key


class Variant(models.Model):
    """A mailing's message in one language for one part of its recipients: complete MIME bytes, rendered once, with slots for what differs.

    `segment` is the owner's name for that part, "" for who gets what everybody gets.
    """

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="variants")
    language = LanguageField(_("language"))
    segment = models.CharField(_("segment"), max_length=64, blank=True, default="")
    subject = models.CharField(_("subject"), max_length=250)
    mime = models.BinaryField()

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailing", "language", "segment"], name="one_variant_per_mailing_language_and_segment")
        ]

    def __str__(self) -> str:
        return f"{self.mailing} ({self.language})"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> Self:
        """Not settled: waiting, deferred among it, or with a worker."""
        return self.filter(state__in=Delivery.OPEN)

    def claimable(self) -> Self:
        """Waiting and due. Rows whose lease ran out are put back first, see `mail.ledger.release_expired`."""
        return self.filter(state=Delivery.State.WAITING, due_at__lte=timezone.now())

    def in_turn(self) -> Self:
        """Those before which no message of their thread is on its way."""
        before = Delivery.objects.open().filter(thread=models.OuterRef("thread"), pk__lt=models.OuterRef("pk"))
        return self.filter(models.Q(thread="") | ~models.Exists(before))


class Delivery(models.Model):
    """One copy to one address. Either of a mailing (then `variant` holds its bytes) or a single message (then `mime` does).

    waiting -> claimed (a worker holds a lease) -> sent, failed, waiting again, or in doubt. A lease that runs out goes back to waiting; of a copy
    that is on the wire by then (`Flight`), nobody knows, and the row says so: in doubt.

    Single messages of one `thread` leave in the order in which they were queued, however often one is put off: a cancellation never overtakes
    the invitation that it is about. `lease_until` is also the lease's mark of ownership: whoever changes a claimed row names the value it was given.
    `reply` never holds the address. An erased person's copy of a mailing stays, without address and recipient.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CLAIMED = "claimed", _("Claimed")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        SUPPRESSED = "suppressed", _("Suppressed")
        IN_DOUBT = "in_doubt", _("In doubt")

    # What a copy can still become, and what it has become.
    OPEN = (State.WAITING, State.CLAIMED)
    SETTLED = (State.SENT, State.FAILED, State.SUPPRESSED, State.IN_DOUBT)

    mailing = models.ForeignKey(Mailing, models.CASCADE, null=True, blank=True, related_name="deliveries", db_index=False)
    variant = models.ForeignKey(Variant, models.CASCADE, null=True, blank=True, related_name="deliveries", db_index=False)
    stream = models.CharField(_("stream"), max_length=40)
    key = models.CharField(_("key"), max_length=160, null=True, blank=True, help_text=_("Names a single message, so that it is queued once."))
    thread = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)
    recipient_key = models.UUIDField(_("recipient"), null=True, blank=True)
    address = models.EmailField(_("address"), max_length=320, blank=True)
    # Written by the database: as the address is, also when that is erased.
    domain = models.GeneratedField(
        expression=Lower(Substr("address", StrIndex("address", models.Value("@")) + 1)),
        output_field=models.CharField(max_length=320, blank=True),
        db_persist=True,
    )
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    mime = models.BinaryField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    trying_since = models.DateTimeField(_("tried since"), null=True, blank=True)
    reply = models.CharField(_("server's reply"), max_length=500, blank=True)
    is_merged = models.BooleanField(
        _("came by a merge"), default=False, help_text=_("The recipient had a copy already, and a second contact with another was merged in.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    # Of a row in a worker's hands: see `mail.flights`.
    flight: Flight | None = None

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=models.Q(key__isnull=False), name="one_delivery_per_key"),
            # Leads to the copies of a recipient too. Single messages have no mailing, and what came by a merge is unlike all others.
            models.UniqueConstraint(
                "recipient_key",
                "mailing",
                models.Case(models.When(is_merged=True, then="id"), default=0),
                name="one_delivery_per_recipient_and_mailing",
            ),
            models.CheckConstraint(
                condition=models.Q(variant__isnull=False, mime__isnull=True) | models.Q(variant__isnull=True, mime__isnull=False),
                name="a_delivery_has_a_variant_or_its_own_message",
            ),
        ]
        indexes: ClassVar = [
            # A copy's state changes twice on its way, and each time every index of the row is written.
            models.Index(fields=["mailing", "due_at"], condition=models.Q(state="waiting"), name="deliveries_to_claim"),
            # Single messages go before mailings; without this, finding that none waits would read a whole mailing.
            models.Index(fields=["due_at"], condition=models.Q(state="waiting", mailing__isnull=True), name="single_messages_to_claim"),
            models.Index(fields=["mailing", "state"], name="deliveries_of_a_mailing"),
            models.Index(fields=["thread"], condition=~models.Q(thread=""), name="deliveries_of_a_thread"),
        ]

    def __str__(self) -> str:
        # Without the address: this is what an audit log keeps.
        return f"#{self.pk}: {self.get_state_display()}"


class Flight(models.Model):
    """Numbers of copies that a worker has on the wire: from before their first byte leaves until it is written down what became of them."""

    copies = models.JSONField()
    lease_until = models.DateTimeField()

    class Meta:
        verbose_name = _("copies on the wire")
        verbose_name_plural = _("copies on the wire")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Link(models.Model):
    """A link of a mailing. `item_key` is the `translation_key` of the page that it leads to, if it is one of ours."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="links")
    url = models.URLField(_("address"), max_length=2000)
    item_key = models.UUIDField(_("item"), null=True, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints: ClassVar = [models.UniqueConstraint(fields=["mailing", "url"], name="one_link_per_mailing_and_address")]

    def __str__(self) -> str:
        return self.url


class Click(models.Model):
    """A link followed from a copy; the first by a person counts, `rule` says why one was taken for a machine's."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="clicks")
    link = models.ForeignKey(Link, models.CASCADE, related_name="clicks")
    at = models.DateTimeField(_("at"), default=timezone.now)
    is_human = models.BooleanField(_("by a person"))
    rule = models.CharField(_("rule that decided"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("click")
        verbose_name_plural = _("clicks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "link"], condition=models.Q(is_human=True), name="one_human_click_per_delivery_and_link"),
        ]

    def __str__(self) -> str:
        return f"{self.link}: {self.at}"
