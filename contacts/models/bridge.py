"""The bridge between two themes: an act of one that another shows in a section of its own, and that serves goals of both."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from base.bounds import Bounded, BoundManager, BoundQuerySet
from contacts.models.outreach import Outreach
from themes.models import Goal, Theme


class BridgeQuerySet(BoundQuerySet["Bridge"]):
    def standing(self) -> Self:
        return self.filter(state=Bridge.State.ACCEPTED)

    def waiting(self) -> Self:
        return self.filter(state=Bridge.State.OFFERED)

    def open(self) -> Self:
        """Those that either side may still end."""
        return self.filter(state__in=Bridge.OPEN)


class Bridge(Bounded):
    """The page stays where it is, at its one address; this row lets another theme show it. Both see it; `contacts.bridges` alone writes it."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Waits for an answer")
        ACCEPTED = "accepted", _("Shared")
        DECLINED = "declined", _("Declined")
        ENDED = "ended", _("Ended")

    OPEN: ClassVar = (State.OFFERED, State.ACCEPTED)

    outreach = models.ForeignKey(Outreach, models.CASCADE, related_name="bridges", verbose_name=_("outreach"))
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="bridges", verbose_name=_("receiving theme"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OFFERED)
    # Of any language: the section's translations show the page too.
    section = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+", verbose_name=_("section"))
    goals = models.ManyToManyField(Goal, blank=True, related_name="bridges", verbose_name=_("goals"))
    message = models.TextField(_("message"), blank=True)
    answer = models.TextField(_("answer"), blank=True)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("offered by"))
    offered_at = models.DateTimeField(_("offered"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("answered by"))
    # What is counted between these two serves the goals.
    accepted_at = models.DateTimeField(_("shared since"), null=True)
    ended_at = models.DateTimeField(_("shared until"), null=True)

    objects: ClassVar = BoundManager.from_queryset(BridgeQuerySet)()

    class Meta:
        verbose_name = _("page shared between themes")
        verbose_name_plural = _("pages shared between themes")
        ordering: ClassVar = ["-offered_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outreach", "theme"], condition=Q(state__in=["offered", "accepted"]), name="one_open_bridge_per_outreach_and_theme"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False, ended_at__isnull=True), name="an_accepted_bridge_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outreach}: {self.theme}"

    @classmethod
    def rows_of(cls, theme: int) -> Q:
        return Q(theme=theme) | Q(outreach__theme=theme)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
