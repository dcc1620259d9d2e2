"""An event's facts and its seats: one row for its pages in all languages."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from themes.models import Scope, Theme


class Mode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("Hybrid")


class EventQuerySet(BoundQuerySet["Event"]):
    def upcoming(self) -> Self:
        return self.filter(ends_at__gte=timezone.now())

    def public(self) -> Self:
        return self.filter(scope=Scope.EXTERNAL)


class Event(Bounded):
    """The facts of an event as published. `item_key` is the `translation_key` of its pages.

    `taken` counts the seats that holds and confirmed registrations take; it changes in one conditional UPDATE only
    (`events.seats`). `sequence` is iTIP's: it rises when time or place change (RFC 5546), never for a typo. `place` is the
    source page's and only tells that it changed: readers see the place of the page in their language.
    """

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="events", verbose_name=_("national theme"))
    item_key = models.UUIDField(unique=True, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.EXTERNAL)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Helsinki")
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices)
    place = models.CharField(_("place"), max_length=250, blank=True)
    online_link = models.URLField(_("link to the meeting"), blank=True)
    capacity = models.PositiveIntegerField(_("capacity"))
    taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects: ClassVar = BoundManager.from_queryset(EventQuerySet)()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="an_event_ends_after_it_starts"),
            models.CheckConstraint(condition=models.Q(taken__lte=models.F("capacity")), name="an_event_is_never_overbooked"),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def seats_left(self) -> int:
        return self.capacity - self.taken

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()
