"""Who registered, and whom they bring along."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.bounds import Bounded, BoundManager, BoundQuerySet, everywhere
from base.languages import LanguageField
from contacts.models import Person
from events.models.facts import WAYS, Event, Mode
from events.models.renewed import Renewed


class RegistrationQuerySet(BoundQuerySet["Registration"]):
    def taking_a_seat(self) -> Self:
        return self.filter(state__in=TAKING)

    def in_line(self) -> Self:
        """Who waits and has confirmed the address, in the order in which seats are offered: priority groups first, then by the time of asking."""
        first = models.Exists(
            Event.priority_groups.through.objects.filter(event=models.OuterRef("event"), targetgroup=models.OuterRef("person__target_group"))
        )
        waiting = self.filter(state=Registration.State.WAITING, verified_at__isnull=False)
        return waiting.annotate(comes_first=first).order_by("-comes_first", "waiting_since", "pk")


class Registration(Renewed, Bounded):
    """Seats asked for: held for half an hour, confirmed from the mail, or let go. `sequence` is that of the last invitation sent.

    Who waits, or applies where the organiser approves, takes no seats; an offer from the waiting list does, until `held_until`. `verified_at` says
    that the link in a mail was followed: before that nobody stands in line, and no organiser is asked. `link_sent_at` is when that link was mailed
    last, or will be (`events.rush`). `passed` counts who was offered seats from behind.

    It takes `size` places, for the person and who comes along (`guests`), in the pool of its `mode` and in each of `further_pools`.
    """

    theme_path = "event__theme"

    class State(models.TextChoices):
        HELD = "held", _("Waits for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        EXPIRED = "expired", _("Not confirmed in time")
        CANCELLED = "cancelled", pgettext_lazy("registration", "Cancelled")
        ATTENDED = "attended", _("Attended")
        WAITING = "waiting", _("On the waiting list")
        OFFERED = "offered", _("Offered a seat")
        APPLIED = "applied", _("Applied")
        REJECTED = "rejected", _("Not accepted")

    class Reply(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
        TENTATIVE = "tentative", pgettext_lazy("invitation", "Tentative")
        DECLINED = "declined", pgettext_lazy("invitation", "Declined")

    event = models.ForeignKey(Event, models.PROTECT, related_name="registrations", verbose_name=_("event"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="registrations", verbose_name=_("person"))
    language = LanguageField(_("language"))
    mode = models.CharField(_("way to take part"), max_length=10, choices=[(way.value, way.label) for way in WAYS], default=Mode.IN_PERSON)
    size = models.PositiveSmallIntegerField(_("number of people"), default=1)
    further_pools = models.JSONField(default=list, blank=True, editable=False)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    needs = models.TextField(_("diet and accessibility"), blank=True, max_length=1000)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    held_until = models.DateTimeField(_("held until"))
    asked_at = models.DateTimeField(_("asked for"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    verified_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    link_sent_at = models.DateTimeField(_("link sent"), null=True, blank=True, editable=False)
    waiting_since = models.DateTimeField(_("waits since"), null=True, blank=True)
    passed = models.PositiveSmallIntegerField(default=0, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    minutes_present = models.PositiveIntegerField(_("minutes present"), null=True, blank=True, editable=False)
    # From the person's calendar, to the last invitation. Of two answers the one that was made later counts.
    reply = models.CharField(_("answer from the calendar"), max_length=10, choices=Reply.choices, blank=True, editable=False)
    replied_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)

    objects: ClassVar = BoundManager.from_queryset(RegistrationQuerySet)()
    # It uses neither event nor person: it belongs to both.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "person"], name="one_registration_per_event_and_person"),
            models.CheckConstraint(condition=models.Q(size__gte=1), name="a_registration_is_of_somebody"),
            models.CheckConstraint(condition=models.Q(mode__in=[way.value for way in WAYS]), name="a_registration_has_one_way_to_take_part"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["event", "link_sent_at"], condition=models.Q(verified_at__isnull=True), name="links_not_followed"),
        ]

    # What a newcomer would have come to: the answer to a form says that, so that it tells nobody who is known.
    asked_as = ""

    def __str__(self) -> str:
        return f"{self.person}: {self.event}"

    @property
    def is_settled(self) -> bool:
        """Whether only its own link, or the organiser, changes it: its address is confirmed, and it has not ended."""
        return self.state in STANDING or (self.state in PENDING and self.verified_at is not None)

    def row(self) -> models.QuerySet[Registration]:
        """For its conditional UPDATEs. By no theme's bound, whose join would make a subquery of the condition: of two at once both would win."""
        with everywhere():
            rows: models.QuerySet[Registration] = Registration.objects.filter(pk=self.pk)
        return rows

    @property
    def places(self) -> dict[str, int]:
        """How many it takes of which pool, as `events.seats` wants them."""
        return dict.fromkeys([self.mode, *self.further_pools], self.size)


State = Registration.State
# Who takes seats: an offer is a hold.
TAKING = (State.HELD, State.OFFERED, State.CONFIRMED, State.ATTENDED)
# What asks for an answer of who registered.
PENDING = (State.HELD, State.OFFERED, State.WAITING, State.APPLIED)
# What no form can change.
STANDING = (State.CONFIRMED, State.ATTENDED, State.OFFERED, State.REJECTED)


class Guest(Bounded):
    """Somebody of a group beside the person who registered it. Without an address no mail goes to them."""

    theme_path = "registration__event__theme"

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="guests", verbose_name=_("registration"))
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    needs = models.TextField(_("diet and accessibility"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering: ClassVar = ["registration", "pk"]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
