"""What a registration holds on a person. The needs also go by the clock: `events.retention`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from base import personal
from base.personal import Holding, void
from contacts.models import Person
from events import answers, inviting, seats, waiting
from events.models import Answer, Guest, Invitation, Note, OwnCalendar, Registration
from events.models.registrations import TAKING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from base.personal import Edited, Subject

State = Registration.State
FIELDS = (
    "event__uid", "event__starts_at", "state", "mode", "size", "organisation", "needs", "language", "asked_at", "held_until", "link_sent_at",
    "confirmed_at", "ended_at", "reply", "replied_at",
)  # fmt: skip
# Of two registrations for one event the one further to the right stays.
STRENGTH = [
    State.EXPIRED, State.CANCELLED, State.REJECTED, State.APPLIED, State.WAITING, State.HELD, State.OFFERED, State.CONFIRMED, State.ATTENDED,
]  # fmt: skip


def register_holdings() -> None:
    personal.register(Holding(Registration, registrations_of, FIELDS, merge_registrations, erase_registrations, part=take_seats_again))
    personal.register(
        Holding(OwnCalendar, own_calendars_of, ("language", "made_at"), merge_own_calendars, lambda who: void(own_calendars_of(who).delete()))
    )
    guest = ("registration__event__uid", "registration__event__starts_at", "first_name", "last_name", "email", "needs")
    answer = ("registration__event__uid", "registration__event__starts_at", "asked", "value", "version", "at")
    personal.register(Holding(Answer, answers_of, answer, lambda *_: None, lambda _who: None))
    note = ("registration__event__uid", "text", "at")
    personal.register(Holding(Note, notes_of, note, lambda *_: None, lambda _who: None))
    invitation = ("meeting_key", "sent_at", "answer", "message", "answered_at")
    personal.register(Holding(Invitation, invitations_of, invitation, merge_invitations, lambda who: void(invitations_of(who).delete())))
    # They go along with the registration when two people become one.
    personal.register(Holding(Guest, guests_of, guest, lambda *_: None, erase_guest))


def answers_of(who: Subject) -> QuerySet[Answer]:
    """They move and go with the registration."""
    return Answer.objects.filter(registration__person_id=who.person_id)


def notes_of(who: Subject) -> QuerySet[Note]:
    return Note.objects.filter(registration__person_id=who.person_id)


def invitations_of(who: Subject) -> QuerySet[Invitation]:
    return Invitation.objects.filter(person_id=who.person_id)


def merge_invitations(winner: Subject, loser: Subject) -> None:
    """To one meeting, one: what the winner answered stays."""
    invitations_of(loser).filter(meeting_key__in=invitations_of(winner).values("meeting_key")).delete()
    invitations_of(loser).update(person_id=winner.person_id)


def own_calendars_of(who: Subject) -> QuerySet[OwnCalendar]:
    return OwnCalendar.objects.filter(person_id=who.person_id)


def merge_own_calendars(winner: Subject, loser: Subject) -> None:
    """One address for one person: the winner's own stays, and it shows what the loser had."""
    if own_calendars_of(winner).exists():
        own_calendars_of(loser).delete()
    own_calendars_of(loser).update(person_id=winner.person_id)


def registrations_of(who: Subject) -> QuerySet[Registration]:
    return Registration.objects.filter(person_id=who.person_id)


def guests_of(who: Subject) -> QuerySet[Guest]:
    """The person as somebody's guest, by the address, and the guests whom the person named."""
    as_guest = Q(pk__in=[])
    for address in who.emails:
        as_guest |= Q(email__iexact=address)
    theme = Person.objects.filter(pk=who.person_id).values("theme")
    return Guest.objects.filter(as_guest & Q(registration__event__theme__in=theme) | Q(registration__person=who.person_id))


def erase_guest(who: Subject) -> None:
    """Whose guest it was keeps the seat, without a name. Guests whom the person named go with the registration."""
    Guest.objects.filter(pk__in=guests_of(who).exclude(registration__person_id=who.person_id).values("pk")).update(
        first_name="", last_name="", email="", needs=""
    )


@transaction.atomic
def merge_registrations(winner: Subject, loser: Subject) -> None:
    """One person has one registration: of two for one event the stronger stays, then the larger, and the other's seats are freed."""
    kept = {registration.event_id: registration for registration in registrations_of(winner).select_related("event")}
    for registration in registrations_of(loser).select_related("event"):
        if other := kept.get(registration.event_id):
            weaker, stronger = sorted((other, registration), key=lambda row: (STRENGTH.index(State(row.state)), row.size))
            if weaker.needs and not stronger.needs:
                Registration.objects.filter(pk=stronger.pk).update(needs=weaker.needs)
            answers.move(weaker, stronger)
            weaker.notes.update(registration=stronger)
            _remove(weaker, frees=weaker.state in TAKING)
            registration = stronger
        Registration.objects.filter(pk=registration.pk).update(person_id=winner.person_id)


def take_seats_again(_winner: Subject, _loser: Subject, again: set[Any], _edited: Edited) -> None:
    """Of registrations that are there again. Where others have the seats by now, nobody loses one: the event has so many more."""
    for registration in Registration.objects.filter(pk__in=again, state__in=TAKING).select_related("event"):
        event, places = registration.event, registration.places
        if not seats.take(event, places, from_line=True):
            for pool in event.pools.filter(key__in=places):
                seats.set_capacity(event, pool.key, max(pool.capacity, pool.taken + places[pool.key]))
            seats.take(event, places, from_line=True)


@transaction.atomic
def erase_registrations(who: Subject) -> None:
    """Frees the seats of events to come; a past event keeps its count of seats."""
    now = timezone.now()
    for registration in registrations_of(who).select_related("event"):
        _remove(registration, frees=registration.state in TAKING and registration.event.ends_at > now)


def _remove(registration: Registration, *, frees: bool) -> None:
    inviting.remove_touches(registration)
    seats.lock(registration.event)
    if frees:
        seats.free(registration.event, registration.places)
    registration.delete()
    waiting.offer_seats(registration.event)
