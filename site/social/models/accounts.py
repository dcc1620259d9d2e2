"""An organisation's accounts on social networks: how they are, what they may spend, and secrets that nobody is shown again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.languages import Localised
from social import networks
from social.networks.wire import Kind
from social.sealing import seal, unseal
from themes.models import Theme

if TYPE_CHECKING:
    from datetime import datetime

    from social.networks.wire import Credentials, Network

# What an account may ask of its network: so many points, within so long. A post costs as much as is said by `COSTS`.
# docs.x.com (rate limits), docs.joinmastodon.org (rate limits), docs.bsky.app (rate limits), learn.microsoft.com/linkedin (rate limits).
BUDGETS = {
    "x": (100, timedelta(minutes=15)),
    "mastodon": (250, timedelta(minutes=5)),
    "bluesky": (5_000, timedelta(hours=1)),
    "linkedin": (150, timedelta(days=1)),
}
COSTS = {"x": 1, "mastodon": 1, "bluesky": 3, "linkedin": 1}
# Questions about figures leave so much to posts.
KEPT_FOR_POSTS = 0.5
HASHTAG = re.compile(r"#\w*[^\W\d_]\w*")


class Said(models.TextChoices):
    """Why nothing came of it, in words that say what to do."""

    TOKEN = Kind.TOKEN.value, _("The network refuses the account's credentials: give new ones.")
    LIMIT = Kind.LIMIT.value, _("The network's limit is used up: it goes on by itself.")
    MEND = Kind.MEND.value, _("The network refuses the text or the picture: change it and send it again.")
    GONE = Kind.GONE.value, _("The network says that the account or what is answered to is not there.")
    LATER = Kind.LATER.value, _("The network cannot be reached: it is tried again by itself.")
    UNKNOWN = Kind.UNKNOWN.value, _("The network has not said whether it took the post.")
    LOST = "lost", _("The network took the post and does not show it.")
    LATE = "late", _("It could not be sent within two days of its time.")
    LOCKED = "locked", _("The credentials cannot be read: the key of the installation was changed. Give them again.")


class AccountQuerySet(BoundQuerySet["Account"]):
    def working(self, now: datetime) -> Self:
        """By which a post can leave now."""
        return self.filter(Q(held_until=None) | Q(held_until__lte=now), is_active=True, needs_credentials=False)


class Account(Bounded):
    """The handle is an organisation's, and no personal data."""

    class Of(models.TextChoices):
        X = "x", "X"
        MASTODON = "mastodon", "Mastodon"
        BLUESKY = "bluesky", "Bluesky"
        LINKEDIN = "linkedin", "LinkedIn"

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("national theme"))
    network = models.CharField(pgettext_lazy("social media", "network"), max_length=10, choices=Of.choices)
    name = models.CharField(_("name"), max_length=100, help_text=_("As we call it, such as the organisation's name."))
    server = models.URLField(_("server"), blank=True, help_text=_("Of Mastodon and Bluesky, such as https://mastodon.social."))
    sealed = models.TextField(editable=False, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    needs_credentials = models.BooleanField(default=False, editable=False)
    handle = models.CharField(_("handle"), max_length=200, blank=True, editable=False)
    remote_id = models.CharField(max_length=200, blank=True, editable=False)
    limits = models.JSONField(default=dict, editable=False)
    ok_at = models.DateTimeField(_("last answered well"), null=True, editable=False)
    problem = models.CharField(_("last problem"), max_length=10, choices=Said.choices, blank=True, editable=False)
    problem_at = models.DateTimeField(_("time of the last problem"), null=True, editable=False)
    token_ends = models.DateTimeField(_("credentials end"), null=True, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    window_began = models.DateTimeField(null=True, editable=False)
    spent = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar = BoundManager.from_queryset(AccountQuerySet)()

    class Meta:
        verbose_name = _("social media account")
        verbose_name_plural = _("social media accounts")
        ordering: ClassVar = ["network", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "network", "server", "name"], name="one_account_per_theme_network_server_and_name"),
        ]

    def __str__(self) -> str:
        return f"{self.get_network_display()}: {self.name}"

    def clean(self) -> None:
        needs_server = self.network in (self.Of.MASTODON, self.Of.BLUESKY)
        if not needs_server:
            self.server = ""
        elif not self.server and self.network == self.Of.BLUESKY:
            self.server = "https://bsky.social"
        self.server = self.server.rstrip("/")
        if needs_server and not re.fullmatch(r"https://[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}", self.server):
            raise ValidationError({"server": _("Write the server's address, such as https://mastodon.social, without anything after it.")})

    # ---- speaking
    def speak(self) -> Network:
        """Whoever asks for it closes it. Raises `sealing.Locked`."""
        secrets = unseal(self.sealed) | ({"user_id": self.remote_id} if self.remote_id else {})
        return networks.network(self.network, secrets, self.server, self._keep)

    def _keep(self, secrets: Credentials) -> None:
        self.take_credentials({name: value for name, value in secrets.items() if name != "user_id"})
        ends = {"token_ends": secrets["token_ends"]} if secrets.get("token_ends") else {}
        Account.objects.filter(pk=self.pk).update(sealed=self.sealed, **ends)

    def take_credentials(self, secrets: Credentials) -> None:
        self.sealed = seal(secrets)

    def spend(self, *, posts: int = 0, questions: int = 0) -> bool:
        """Whether the budget has so much left, which is then spent. Several workers may ask at once; on either database one UPDATE decides."""
        budget, span = BUDGETS[self.network]
        price = posts * COSTS[self.network] + questions
        most = budget if posts else int(budget * KEPT_FOR_POSTS)
        now = timezone.now()
        own = Account.objects.filter(pk=self.pk)
        own.filter(Q(window_began=None) | Q(window_began__lte=now - span)).update(window_began=now, spent=0)
        return bool(own.filter(spent__lte=most - price).update(spent=F("spent") + price))

    def budget_returns(self) -> datetime:
        began = Account.objects.values_list("window_began", flat=True).get(pk=self.pk)
        return (began or timezone.now()) + BUDGETS[self.network][1]

    def note_good(self, **facts: Any) -> None:
        # Read by every post: a row is not written for each.
        if facts or self.problem or self.ok_at is None or self.ok_at < timezone.now() - timedelta(minutes=1):
            self.ok_at, self.problem = timezone.now(), ""
            Account.objects.filter(pk=self.pk).update(ok_at=self.ok_at, problem="", held_until=None, needs_credentials=False, **facts)

    def note_problem(self, problem: str, *, held_until: datetime | None = None) -> None:
        is_stop = problem in (Said.TOKEN, Said.LOCKED)
        self.problem, self.needs_credentials = problem, self.needs_credentials or is_stop
        held = {"held_until": held_until} if held_until else {}
        stop = {"needs_credentials": True} if is_stop else {}
        Account.objects.filter(pk=self.pk).update(problem=problem, problem_at=timezone.now(), **held, **stop)


class Hashtags(Bounded):
    """What a theme's posts are found by: written under what is made from a page."""

    theme = models.OneToOneField(Theme, models.CASCADE, related_name="+", verbose_name=_("national theme"))
    words_fi = models.CharField(_("in Finnish"), max_length=200, blank=True, help_text=_("With their #, such as #työelämä #osaaminen."))
    words_sv = models.CharField(_("in Swedish"), max_length=200, blank=True)
    words_en = models.CharField(_("in English"), max_length=200, blank=True)
    words = Localised()

    class Meta:
        verbose_name = _("hashtags")
        verbose_name_plural = _("hashtags")

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        for name in ("words_fi", "words_sv", "words_en"):
            if any(not HASHTAG.fullmatch(word) for word in getattr(self, name).split()):
                raise ValidationError({name: _("Write each word with a # before it, without a hyphen or another sign in it.")})


class Followers(Bounded):
    """Of an account, as they stood on a day."""

    theme_path = "account__theme"

    account = models.ForeignKey(Account, models.CASCADE, related_name="followers", verbose_name=_("social media account"))
    day = models.DateField(_("day"))
    number = models.PositiveIntegerField(_("followers"))

    class Meta:
        verbose_name = _("followers")
        verbose_name_plural = _("followers")
        ordering: ClassVar = ["-day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "day"], name="one_number_of_followers_per_account_and_day")]

    def __str__(self) -> str:
        return f"{self.account} {self.day}: {self.number}"
