"""An event's facts: one row a date for its pages in all languages."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from events.models.renewed import Renewed
from events.models.rules import RegistrationRules
from themes.models import Region, Scope, TargetGroup, Theme

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from events.models.pools import Pool


class Mode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("Hybrid")


# What one can take part in: a hybrid event is held in both.
WAYS = (Mode.IN_PERSON, Mode.ONLINE)


class EventQuerySet(BoundQuerySet["Event"]):
    def upcoming(self) -> Self:
        return self.filter(ends_at__gte=timezone.now())

    def public(self) -> Self:
        return self.filter(scope=Scope.EXTERNAL)

    def next_dates(self, now: datetime) -> Self:
        """Of these, the next date of each event that is to come; one that was cancelled only where no other comes."""
        coming = Event.objects.filter(pk__in=self.values("pk"), item_key=models.OuterRef("item_key"), ends_at__gte=now)
        return self.filter(pk=models.Subquery(coming.order_by("is_cancelled", "starts_at", "pk").values("pk")[:1]))

    def with_further(self, now: datetime) -> Self:
        """`further`: how many other dates of the same event are to come."""
        others = Event.objects.filter(item_key=models.OuterRef("item_key"), ends_at__gte=now, is_cancelled=False).exclude(pk=models.OuterRef("pk"))
        number = others.order_by().values("item_key").annotate(number=models.Count("pk")).values("number")
        return self.annotate(further=Coalesce(models.Subquery(number), 0))

    def with_seats(self) -> Self:
        """For lists that say how many seats are left: one query more, however many rows."""
        return self.prefetch_related("pools")


class Event(RegistrationRules, Renewed, Bounded):
    """The facts of one date of an event, as published.

    `item_key` is the `translation_key` of its pages, `date_key` tells the dates of one page apart; the first date's is the `item_key`. Each date
    has its own seats (`Pool`), `uid` and `sequence`, which is iTIP's: it rises when time or place change (RFC 5546), never for a typo. `place`
    is the source page's and only tells that it changed: readers see the place of the page in their language. `region` is of a date of a tour; where
    it is empty, the page's own regions hold.
    """

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="events", verbose_name=_("national theme"))
    item_key = models.UUIDField(db_index=True, editable=False)
    date_key = models.UUIDField(editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.EXTERNAL)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Helsinki")
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices)
    place = models.CharField(_("place"), max_length=250, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region"))
    online_link = models.URLField(_("link to the meeting"), blank=True)
    access_codes = models.JSONField(_("access codes"), default=list, blank=True)
    priority_groups = models.ManyToManyField(TargetGroup, blank=True, related_name="+", verbose_name=_("first on the waiting list"))
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    # When it was to begin before it was moved last; None where it never was.
    previous_starts_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What went out by the clock already, each with the time that it was about (`events.reminders`).
    reminded = models.JSONField(default=list, blank=True, editable=False)

    objects: ClassVar = BoundManager.from_queryset(EventQuerySet)()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="an_event_ends_after_it_starts"),
            models.UniqueConstraint(fields=["item_key", "date_key"], name="one_event_per_page_and_date"),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def ways(self) -> tuple[Mode, ...]:
        """In person, online, or both."""
        return WAYS if self.mode == Mode.HYBRID else (Mode(self.mode),)

    @property
    def seats(self) -> list[Pool]:
        """Of each way to take part, in person first. From what `with_seats()` brought, if it did."""
        pools = {pool.key: pool for pool in self.pools.all()}
        return [pools[way] for way in WAYS if way in pools]

    @property
    def capacity(self) -> int:
        return sum(pool.capacity for pool in self.seats)

    @property
    def taken(self) -> int:
        return sum(pool.taken for pool in self.seats)

    @property
    def seats_left(self) -> int:
        return sum(pool.left for pool in self.seats)

    @property
    def full_options(self) -> set[tuple[str, str]]:
        """(question, option) of the answers that nobody can choose any more."""
        keys = [pool.key.split(":") for pool in self.pools.all() if pool.key.startswith("option:") and pool.left < 1]
        return {(question, option) for _kind, question, option in keys}

    @property
    def is_full(self) -> bool:
        """Whether somebody who comes now waits, whatever the way: because all is taken, or because others wait already."""
        return not any(pool.left and not pool.is_queued for pool in self.seats)

    def has_room(self, places: Mapping[str, int]) -> bool:
        """Whether who comes now with these, as `Registration.places` has them, would take them at once."""
        left = {pool.key: pool.left for pool in self.pools.all() if not pool.is_queued}
        return all(left.get(key, 0) >= number for key, number in places.items())

    @property
    def takes_registrations(self) -> bool:
        """By the times between which registration is open; an event that is over or cancelled takes none anyway."""
        opens, closes, now = self.registration_opens_at, self.registration_closes_at, timezone.now()
        return not (opens and now < opens) and not (closes and now >= closes)

    def opens_by(self, code: str) -> bool:
        """Whether it needs no code, or this is one of its codes, used up or not."""
        return not self.access_codes or code.strip().upper() in self.access_codes

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()
