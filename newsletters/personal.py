"""What newsletters hold on a person. Registered before contacts', so that subscriptions go before the consents that they protect."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from base import personal
from base.personal import Holding, Subject
from contacts.models import Consent
from newsletters.importing import actions
from newsletters.models import SubscriberImport, Subscription

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from base.personal import Edited

FIELDS = (
    "newsletter__name_fi", "language", "state", "paused_until", "brought_by__file_name", "asked_at", "confirmed_at", "ended_at",
    "ended_by__variant__subject",
)  # fmt: skip
# What a subscription says it is about: (its field, the topic's field in an export).
TOPICS = (("sub_themes", "subtheme__name_fi"), ("regions", "region__name_fi"))
State = Subscription.State


def of_subject(who: Subject) -> QuerySet[Subscription]:
    return Subscription.objects.filter(person_id=who.person_id).select_related("newsletter__theme")


def merge(winner: Subject, loser: Subject) -> None:
    """Where both subscribed, one row stays: an ended one wins, so that nobody who left is written to again."""
    for row in of_subject(loser):
        own = of_subject(winner).filter(newsletter=row.newsletter).first()
        if own is None:
            Subscription.objects.filter(pk=row.pk).update(person_id=winner.person_id)
            continue
        _narrow(own, row)
        row.delete()
        if State.ENDED in {own.state, row.state}:
            _end(own, row, winner, loser)
        elif own.state in {State.PENDING, State.COMING} and row.state == State.CONFIRMED:
            own.state, own.consent, own.confirmed_at, own.language = row.state, row.consent, row.confirmed_at, row.language
            own.save(update_fields=["state", "consent", "confirmed_at", "language"])


def _narrow(own: Subscription, row: Subscription) -> None:
    """The longer pause stays, and where only one of the two chose topics, the choice."""
    own.paused_until = max((until for until in (own.paused_until, row.paused_until) if until), default=None)
    own.save(update_fields=["paused_until"])
    for name, _field in TOPICS:
        if not getattr(own, name).exists():
            getattr(own, name).set(getattr(row, name).all())


def _end(own: Subscription, row: Subscription, winner: Subject, loser: Subject) -> None:
    """A consent of either still in force is withdrawn too: contacts would keep one that stood beside no withdrawn one."""
    own.ended_at, own.ended_by = max(((it.ended_at, it.ended_by) for it in (own, row) if it.ended_at), key=lambda ending: ending[0])
    own.state = State.ENDED
    own.save(update_fields=["state", "ended_at", "ended_by"])
    both = Consent.objects.filter(person_id__in=(winner.person_id, loser.person_id), purpose=own.newsletter.purpose, withdrawn_at=None)
    both.update(withdrawn_at=own.ended_at, withdrawn_how="merged with a contact that had left")


def part(winner: Subject, loser: Subject, _again: set[Any], edited: Edited) -> None:
    """Who left or paused while the two were one has done so for both. Who asked anew is the one who was kept, as the consent is theirs."""
    for row in of_subject(loser).filter(pk__in=[pk for pk, was in edited.items() if "asked_at" in was]).exclude(state=State.ENDED):
        _give_back(row, edited[row.pk], winner)
        edited = {pk: was for pk, was in edited.items() if pk != row.pk}
    both = Subscription.objects.filter(person_id__in=(winner.person_id, loser.person_id)).select_related("newsletter")
    for row in both.filter(pk__in=edited):
        others = both.filter(newsletter=row.newsletter).exclude(pk=row.pk)
        if row.state == State.ENDED and "state" in edited[row.pk]:
            others.exclude(state=State.ENDED).update(state=State.ENDED, ended_at=row.ended_at, ended_by=row.ended_by)
            people = (winner.person_id, loser.person_id)
            consents = Consent.objects.filter(person_id__in=people, purpose=row.newsletter.purpose, withdrawn_at=None)
            consents.update(withdrawn_at=row.ended_at, withdrawn_how="left while merged with another contact")
        if row.paused_until and "paused_until" in edited[row.pk]:
            others.filter(Q(paused_until=None) | Q(paused_until__lt=row.paused_until)).update(paused_until=row.paused_until)


def _give_back(row: Subscription, was: dict[str, Any], winner: Subject) -> None:
    """What was asked for since the merge becomes a subscription of the winner's; the loser's is as it was before."""
    topics = {name: list(getattr(row, name).all()) for name, _field in TOPICS}
    if not of_subject(winner).filter(newsletter=row.newsletter).exists():
        anew = copy(row)
        anew.pk, anew.person_id, anew._state.adding = None, winner.person_id, True
        anew.save()
        for name, chosen in topics.items():
            getattr(anew, name).set(chosen)
    fields: dict[str, Any] = {field.attname: field for field in Subscription._meta.concrete_fields}
    Subscription.objects.filter(pk=row.pk).update(**{name: fields[name].to_python(value) for name, value in was.items()})


def _topics_of(choices: Any) -> Any:
    return lambda who: choices.objects.filter(subscription__person_id=who.person_id)


def imports_of(who: Subject) -> QuerySet[SubscriberImport]:
    """Those that keep a line with one of the addresses: lines that did not come."""
    wanted = Q(pk__in=[])
    for email in who.emails:
        wanted |= Q(left_out__icontains=email)
    return SubscriberImport.objects.filter(wanted)


def forget_lines(who: Subject) -> None:
    """The person's lines go, and files that wait to be brought: what is in them is not known yet. What is on its way is taken back."""
    for row in imports_of(who):
        kept = [line for line in row.left_out.split("\n") if not any(email in line.casefold() for email in who.emails)]
        SubscriberImport.objects.filter(pk=row.pk).update(left_out="\n".join(kept))
    waiting = SubscriberImport.objects.filter(newsletter__theme__people=who.person_id, brought_at=None)
    for row in waiting.filter(cancelled_at=None).exclude(asked_at=None):
        actions.cancel(row, by=None)
    waiting.filter(asked_at=None).update(content=None, looked=None)


def register() -> None:
    personal.register(Holding(SubscriberImport, imports_of, ("file_name", "at"), lambda *_: None, forget_lines))
    # Topics are moved and go with the subscription that they are of.
    for name, field in TOPICS:
        choices = getattr(Subscription, name).through
        fields = ("subscription__newsletter__name_fi", field)
        personal.register(Holding(choices, _topics_of(choices), fields, lambda *_: None, lambda _: None))
    watched = ("state", "consent_id", "asked_at", "confirmed_at", "ended_at", "ended_by_id", "paused_until")
    personal.register(
        Holding(Subscription, of_subject, FIELDS, merge, lambda who: personal.void(of_subject(who).delete()), watched=watched, part=part)
    )
