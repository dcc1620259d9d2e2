"""The outbox of posts. `social.ledger` alone changes a row's state."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from social.models.accounts import Account, Said
from social.models.posts import Variant

TOKEN_BYTES = 8


def new_token() -> str:
    return token_urlsafe(TOKEN_BYTES)


class Delivery(Bounded):
    """One post that leaves for an account: the only one of a variant, or a part of its thread.

    `flown_at`: from then on the network may have made it. `is_unsure`: it may have, and has not said so. `key` is the same at each attempt.
    """

    theme_path = "variant__post__theme"

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CLAIMED = "claimed", _("On its way")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Refused")
        IN_DOUBT = "in_doubt", _("In doubt")
        DEAD = "dead", _("Given up")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (State.WAITING, State.CLAIMED)
    # A person decides.
    FOR_A_PERSON = (State.FAILED, State.IN_DOUBT, State.DEAD)

    variant = models.ForeignKey(Variant, models.PROTECT, related_name="deliveries", verbose_name=_("variant"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="deliveries", verbose_name=_("social media account"))
    part = models.PositiveSmallIntegerField(_("part"), default=1)
    text = models.TextField(_("text"))
    link = models.URLField(_("link"), blank=True, max_length=500)
    token = models.CharField(max_length=20, unique=True, default=new_token, editable=False)
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    key_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    problem = models.CharField(_("problem"), max_length=10, choices=Said.choices, blank=True)
    words = models.CharField(_("what the network said"), max_length=300, blank=True)
    planned_at = models.DateTimeField(_("time"))
    due_at = models.DateTimeField()
    holder = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    flown_at = models.DateTimeField(null=True, editable=False)
    is_unsure = models.BooleanField(default=False, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    looks = models.PositiveSmallIntegerField(default=0, editable=False)
    remote_id = models.CharField(max_length=200, blank=True, editable=False)
    url = models.URLField(_("address on the network"), blank=True, max_length=300)
    reply = models.JSONField(default=dict, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    confirmed_at = models.DateTimeField(_("seen on the network"), null=True, editable=False)

    class Meta:
        verbose_name = _("delivery of a post")
        verbose_name_plural = _("deliveries of posts")
        ordering: ClassVar = ["planned_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["variant", "part"], name="one_delivery_per_variant_and_part"),
            models.UniqueConstraint(
                fields=["account", "remote_id"], condition=~models.Q(remote_id=""), name="a_post_of_a_network_is_of_one_delivery"
            ),
            models.CheckConstraint(condition=~models.Q(state="claimed") | models.Q(lease_until__isnull=False), name="a_claimed_post_has_a_lease"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="posts_by_state_and_time")]

    def __str__(self) -> str:
        return f"{self.account} #{self.pk}"

    @property
    def short_link(self) -> str:
        from social.clicks import short_address

        return short_address(self.token) if self.link else ""

    @property
    def whole_text(self) -> str:
        """As it leaves."""
        return f"{self.text} {self.short_link}" if self.link else self.text


class Figure(Bounded):
    """A sum of the network as it last stood on a day."""

    theme_path = "delivery__variant__post__theme"

    class Kind(models.TextChoices):
        IMPRESSIONS = "impressions", _("Impressions")
        LIKES = "likes", _("Likes")
        REPOSTS = "reposts", _("Reposts")
        REPLIES = "replies", _("Replies")

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="figures", verbose_name=_("delivery of a post"))
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    day = models.DateField(_("day"))
    total = models.PositiveIntegerField(_("sum"))

    class Meta:
        verbose_name = _("figure of a post")
        verbose_name_plural = _("figures of posts")
        constraints: ClassVar = [models.UniqueConstraint(fields=["delivery", "kind", "day"], name="one_figure_per_post_kind_and_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}: {self.total}"


class Click(Bounded):
    """How often a post's link was followed on a day, by people and by machines with the rule that told them apart. Nothing of who it was."""

    theme_path = "delivery__variant__post__theme"

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="clicks", verbose_name=_("delivery of a post"))
    day = models.DateField(_("day"))
    rule = models.CharField(_("rule"), max_length=20)
    number = models.PositiveIntegerField(_("clicks"), default=0)

    class Meta:
        verbose_name = _("clicks of a post")
        verbose_name_plural = _("clicks of posts")
        constraints: ClassVar = [models.UniqueConstraint(fields=["delivery", "day", "rule"], name="one_number_of_clicks_per_post_day_and_rule")]

    def __str__(self) -> str:
        return f"{self.day} {self.rule}: {self.number}"
