"""How many there is room for: in the room, online, in a session, for an option of the form."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from events.models.facts import Event

# What the keys of some kinds of pool begin with.
SESSION, OPTION, CODE = "session:", "option:", "code:"


class Pool(Bounded):
    """Places of one kind at one date. `events.seats` alone changes `taken`, in conditional UPDATEs.

    `is_queued` while somebody waits for a place in it: then who comes stands in line, even if a place is free (`events.waiting`).

    `key` is a way to take part (`in_person`, `online`), `session:<uuid>`, `option:<question>:<choice>` or `code:<code>`.
    """

    theme_path = "event__theme"

    event = models.ForeignKey(Event, models.CASCADE, related_name="pools", verbose_name=_("event"))
    key = models.CharField(max_length=200, editable=False)
    capacity = models.PositiveIntegerField(_("capacity"))
    taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)

    is_queued = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("places")
        verbose_name_plural = _("places")
        ordering: ClassVar = ["event", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "key"], name="one_pool_per_event_and_key"),
            models.CheckConstraint(condition=models.Q(taken__lte=models.F("capacity")), name="a_pool_is_never_overbooked"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.taken} / {self.capacity}"

    @property
    def left(self) -> int:
        return self.capacity - self.taken
