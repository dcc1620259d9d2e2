"""A post as it is written: one act, with a variant for each account and language, which a second person approves."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from base.bounds import Bounded
from base.languages import LanguageField
from base.models import SiteImage
from social import counting
from social.models.accounts import Account
from themes.models import Goal, TargetGroup, Theme

if TYPE_CHECKING:
    from social.counting import Rules


class Post(Bounded, ClusterableModel):
    """`item_key` is the translation key of the page that it was made from; `key` is the post's own, by which its outreach is known."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("national theme"))
    title = models.CharField(_("title"), max_length=200, help_text=_("For the staff: what the post is about."))
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    item_key = models.UUIDField(null=True, editable=False)
    goals = ParentalManyToManyField(Goal, related_name="+", verbose_name=_("goals"))
    audiences = ParentalManyToManyField(TargetGroup, blank=True, related_name="+", verbose_name=_("audiences"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("written by")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked for"), null=True, editable=False)
    content = models.CharField(max_length=64, blank=True, editable=False, help_text=_("A hash of what was asked for."))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    queued_at = models.DateTimeField(null=True, editable=False)
    queued_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering: ClassVar = ["-made_at", "-pk"]
        permissions: ClassVar = [("approve_post", "Can approve post")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")), name="nobody_approves_the_post_they_asked_for"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def mark(self) -> str:
        """Another one as soon as anything of it is changed."""
        names = ("account_id", "language", "text", "link", "image_id", "alt", "due_at")
        rows = sorted(tuple(str(getattr(variant, name)) for name in names) for variant in self.variants.all())
        return sha256(repr(rows).encode()).hexdigest()

    @property
    def is_asked(self) -> bool:
        return bool(self.asked_at and self.content == self.mark())


class Variant(Bounded):
    theme_path = "post__theme"

    post = ParentalKey(Post, on_delete=models.CASCADE, related_name="variants", verbose_name=_("post"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="variants", verbose_name=_("social media account"))
    language = LanguageField(_("language"))
    text = models.TextField(_("text"), max_length=10_000)
    link = models.URLField(
        _("link"), blank=True, max_length=500, help_text=_("Stands behind the text, shortened by us so that its clicks are counted.")
    )
    image = models.ForeignKey(SiteImage, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture"))
    alt = models.CharField(_("alternative text"), max_length=1000, blank=True, help_text=_("What the picture shows, for those who do not see it."))
    due_at = models.DateTimeField(_("time"), null=True, blank=True, help_text=_("Empty: as soon as it is approved."))

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "account", "language"], name="one_variant_per_post_account_and_language")]

    def __str__(self) -> str:
        return f"{self.account} ({self.language})"

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        if self.account_id and self.text:
            try:
                self.parts()
            except ValidationError as error:
                problems["text"] = error
        if self.image_id and not self.alt.strip():
            problems["alt"] = _("Say what the picture shows: it is read to those who do not see it.")
        if problems:
            raise ValidationError(problems)

    @property
    def rules(self) -> Rules:
        return counting.rules_of(self.account.network, self.account.limits)

    def parts(self) -> list[str]:
        """The texts that leave, each of which the network takes; several are a thread. Without the link, which stands behind the first."""
        return counting.parts(self.rules, self.text, has_link=bool(self.link))
