"""The ledger: acts of communication, and what came of them. Only `contacts.outreach` writes touches and tallies."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.languages import LanguageField
from contacts.models.people import Person
from themes.models import Channel, Goal, Message, Region, Scope, TargetGroup, Theme

if TYPE_CHECKING:
    from datetime import date


class OutreachQuerySet(BoundQuerySet["Outreach"]):
    def unplanned(self) -> Self:
        """Work that serves no goal of the plan."""
        return self.filter(goals=None)

    def logged(self) -> Self:
        """Meetings and calls that were written down by hand."""
        return self.filter(item_key=None, kind__in=(Outreach.Kind.MEETING, Outreach.Kind.CALL)).exclude(done_at=None)

    def to_be_held(self) -> Self:
        """Meetings and calls that are planned, and of which nothing is written down yet."""
        return self.filter(item_key=None, done_at=None, kind__in=(Outreach.Kind.MEETING, Outreach.Kind.CALL))

    def in_state(self, state: str, today: date) -> Self:
        """By `Outreach.State`."""
        if state == Outreach.State.DONE:
            return self.exclude(done_at=None)
        ahead = self.filter(done_at=None)
        if state == Outreach.State.IDEA:
            return ahead.filter(planned_on=None)
        return ahead.filter(planned_on__lt=today) if state == Outreach.State.LATE else ahead.filter(planned_on__gte=today)


class Outreach(Bounded):
    """One act of communication that serves goals of the plan.

    A page and its translations are one act: `item_key` is their `translation_key`. A meeting has none.
    """

    class Kind(models.TextChoices):
        STORY = "story", _("Story")
        RESULT = "result", _("Result")
        PRACTICE = "practice", _("Good practice")
        PUBLICATION = "publication", _("Publication")
        ISSUE = "issue", _("Newsletter issue")
        FUNDING_CALL = "funding_call", _("Call for projects")
        EVENT = "event", _("Event")
        POST = "post", _("Social media post")
        LETTER = "letter", _("Message to contacts")
        MEETING = "meeting", _("Meeting")
        CALL = "call", _("Call")

    class State(models.TextChoices):
        """Never stored: it follows from the days."""

        IDEA = "idea", _("Without a day")
        PLANNED = "planned", _("Planned")
        LATE = "late", _("Late")
        DONE = "done", _("Done")

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="outreaches", verbose_name=_("national theme"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    item_key = models.UUIDField(_("item"), null=True, blank=True, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=255)
    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.EXTERNAL)
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, blank=True, related_name="outreaches", verbose_name=_("channel"))
    goals = models.ManyToManyField(Goal, blank=True, related_name="outreaches", verbose_name=_("goals"))
    audiences = models.ManyToManyField(TargetGroup, blank=True, related_name="outreaches", verbose_name=_("audiences"))
    regions = models.ManyToManyField(Region, blank=True, related_name="outreaches", verbose_name=_("regions"))
    core_messages = models.ManyToManyField(Message, blank=True, related_name="outreaches", verbose_name=_("core messages"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="outreaches", verbose_name=_("responsible")
    )
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects: ClassVar = BoundManager.from_queryset(OutreachQuerySet)()

    class Meta:
        verbose_name = _("outreach")
        verbose_name_plural = _("outreaches")
        ordering: ClassVar = ["-done_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.done_at and self.done_at > timezone.now():
            raise ValidationError({"done_at": _("What is done is in the past. A day to come goes into “planned for”.")})
        if self.channel and self.theme_id and self.channel.theme_id != self.theme_id:
            raise ValidationError({"channel": _("Choose a channel of the same theme.")})

    def state(self, today: date) -> State:
        if self.done_at:
            return self.State.DONE
        if not self.planned_on:
            return self.State.IDEA
        return self.State.LATE if self.planned_on < today else self.State.PLANNED


class Touch(Bounded):
    """An outreach reached a known contact. `cause` names what proves it, such as `mail.delivery:17`."""

    # A contact is named to its own theme alone, also where the act serves another's goals.
    theme_path = "person__theme"

    class Kind(models.TextChoices):
        DELIVERED = "delivered", _("Delivered")
        WRITTEN = "written", _("Written to")
        CLICKED = "clicked", _("Clicked")
        SUBSCRIBED = "subscribed", _("Subscribed")
        REGISTERED = "registered", _("Registered")
        ATTENDED = "attended", _("Attended")
        MET = "met", _("Met")
        CALLED = "called", _("Called")

    # Both are found by the wider indexes below: there are millions of rows, each written into every index.
    outreach = models.ForeignKey(Outreach, models.CASCADE, related_name="touches", db_index=False, verbose_name=_("outreach"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="touches", db_index=False, verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    language = LanguageField(_("language"))
    cause = models.CharField(_("cause"), max_length=120)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outreach", "person", "kind", "cause"], name="one_touch_per_outreach_person_kind_and_cause"),
            models.CheckConstraint(condition=~models.Q(cause=""), name="a_touch_names_its_cause"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["outreach", "kind", "at"], name="touches_of_an_outreach_by_kind"),
            models.Index(fields=["person", "-at", "-id"], name="touches_of_a_person"),
            models.Index(fields=["kind", "at", "person"], name="touches_of_a_kind_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"


class Tally(Bounded):
    """How often an outreach reached somebody unknown, by day of Europe/Helsinki."""

    theme_path = "outreach__theme"

    class Kind(models.TextChoices):
        VIEW = "view", _("Page view")
        DOWNLOAD = "download", _("Download")
        ATTENDED = "attended", _("Attended without a name")
        IMPRESSION = "impression", _("Shown on social media")
        ENGAGEMENT = "engagement", _("Reacted to on social media")
        CLICK = "click", _("Followed from social media")

    outreach = models.ForeignKey(Outreach, models.CASCADE, related_name="tallies", verbose_name=_("outreach"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    day = models.DateField(_("day"))
    language = LanguageField(_("language"))
    cause = models.CharField(_("cause"), max_length=120)
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outreach", "kind", "day", "language", "cause"], name="one_tally_per_outreach_kind_day_language_and_cause"
            ),
            models.CheckConstraint(condition=~models.Q(cause=""), name="a_tally_names_its_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}: {self.count}"
