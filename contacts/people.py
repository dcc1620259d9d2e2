"""What can be done to a person: found, made, exported, merged, erased. The registry of personal data carries the last three everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from wagtail.models import ModelLogEntry

from base import personal
from base.personal import Holding, Subject
from contacts.models import Consent, Person, PracticeContact, ProjectParty, Role, Touch

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from themes.models import Theme


def subject(person: Person) -> Subject:
    return Subject(person.pk, person.key, (person.email.lower(),))


def person_at(*, theme: Theme, email: str, source: str, purpose: str, legal_basis: Person.LegalBasis, **details: Any) -> Person:
    """The person with this address, made if there is none. Details never overwrite what is known already."""
    known = Person.objects.filter(theme=theme).with_address(email).first()
    if known is None:
        try:
            with transaction.atomic():
                return Person.objects.create(theme=theme, email=email, source=source, purpose=purpose, legal_basis=legal_basis, **details)
        except IntegrityError:
            # Two forms at once: the other's row is there now.
            known = Person.objects.filter(theme=theme).with_address(email).get()
    missing = {name: value for name, value in details.items() if value and not getattr(known, name)}
    for name, value in missing.items():
        setattr(known, name, value)
    if missing:
        known.save(update_fields=list(missing))
    return known


def export_person(person: Person) -> dict[str, list[dict[str, Any]]]:
    """All that is held on the person: a list of rows by the model's label."""
    who = subject(person)
    found = {holding.model._meta.label: list(holding.find(who).values(*holding.fields)) for holding in personal.holdings()}
    return {label: rows for label, rows in found.items() if rows}


@transaction.atomic
def merge_people(*, winner: Person, loser: Person) -> Person:
    """Moves everything of the loser to the winner, then removes the loser. Opt-outs are never weakened."""
    kept, gone = subject(winner), subject(loser)
    for holding in personal.holdings():
        if holding.model is not Person:
            holding.merge(kept, gone)
    loser.delete()
    return winner


@transaction.atomic
def erase_person(person: Person) -> None:
    """Erases the person everywhere. Only a keyed hash on the suppression list may remain."""
    who = subject(person)
    for holding in personal.holdings():
        if holding.model is not Person:
            holding.erase(who)
    person.delete()


def _log_entries(who: Subject) -> QuerySet[Any]:
    entries: QuerySet[Any] = ModelLogEntry.objects.get_for_model(Person).filter(object_id=str(who.person_id))
    return entries


def _merge_touches(winner: Subject, loser: Subject) -> None:
    for touch in Touch.objects.filter(person_id=loser.person_id):
        same = Touch.objects.filter(person_id=winner.person_id, outreach_id=touch.outreach_id, kind=touch.kind, cause=touch.cause)
        if not same.exists():
            Touch.objects.filter(pk=touch.pk).update(person_id=winner.person_id)


def _merge_consents(winner: Subject, loser: Subject) -> None:
    """A purpose that either of the two has withdrawn stays withdrawn; two consents in force become the older one."""
    of_both = Consent.objects.filter(person_id__in=(winner.person_id, loser.person_id))
    for consent in Consent.objects.filter(person_id=loser.person_id).order_by("given_at"):
        others = of_both.filter(purpose=consent.purpose).exclude(pk=consent.pk)
        withdrawn = others.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at").first()
        in_force = others.filter(withdrawn_at__isnull=True).first()
        if consent.withdrawn_at and in_force:
            in_force.withdrawn_at, in_force.withdrawn_how = consent.withdrawn_at, consent.withdrawn_how
            in_force.save(update_fields=["withdrawn_at", "withdrawn_how"])
        elif not consent.withdrawn_at and (withdrawn or in_force):
            consent.withdrawn_at = withdrawn.withdrawn_at if withdrawn else consent.given_at
            consent.withdrawn_how = withdrawn.withdrawn_how if withdrawn else "merged into an earlier consent"
        consent.person_id = winner.person_id
        consent.save(update_fields=["person_id", "withdrawn_at", "withdrawn_how"])


def _merge_practices(winner: Subject, loser: Subject) -> None:
    already = PracticeContact.objects.filter(person_id=winner.person_id).values("practice")
    PracticeContact.objects.filter(~Q(practice__in=already), person_id=loser.person_id).update(person_id=winner.person_id)


def _merge_parties(winner: Subject, loser: Subject) -> None:
    for party in ProjectParty.objects.filter(person_id=loser.person_id):
        if not ProjectParty.objects.filter(person_id=winner.person_id, project_id=party.project_id, part=party.part).exists():
            ProjectParty.objects.filter(pk=party.pk).update(person_id=winner.person_id)
    ProjectParty.objects.filter(person_id=loser.person_id).delete()


def register_holdings() -> None:
    def of(model: Any) -> Any:
        return lambda who: model.objects.filter(person_id=who.person_id)

    def gone(model: Any) -> Any:
        return lambda who: personal.void(model.objects.filter(person_id=who.person_id).delete())

    fields = ("first_name", "last_name", "email", "language", "region__code", "target_group__key", "source", "purpose", "legal_basis", "obtained_at")
    personal.register(Holding(Person, lambda who: Person.objects.filter(pk=who.person_id), fields, lambda *_: None, lambda _: None))
    personal.register_rows_of_person(Role, fields=("organisation__name_fi", "title", "starts", "ends"))
    consent = ("purpose", "text", "text_version", "language", "given_how", "given_at", "withdrawn_how", "withdrawn_at")
    personal.register(Holding(Consent, of(Consent), consent, _merge_consents, gone(Consent)))
    touch = ("outreach__title", "kind", "language", "cause", "at")
    personal.register(Holding(Touch, of(Touch), touch, _merge_touches, gone(Touch)))
    personal.register(Holding(PracticeContact, of(PracticeContact), ("practice__name_fi",), _merge_practices, gone(PracticeContact)))
    party = ("project__name_fi", "part", "listed_on")
    # The operation stays on the list; who it was does not.
    unnamed = Holding(ProjectParty, of(ProjectParty), party, _merge_parties, lambda who: personal.void(of(ProjectParty)(who).update(person=None)))
    personal.register(unnamed)
    log = ("action", "timestamp", "label")
    personal.register(
        Holding(
            ModelLogEntry,
            _log_entries,
            log,
            lambda _winner, loser: personal.void(_log_entries(loser).delete()),
            lambda who: personal.void(_log_entries(who).delete()),
        )
    )
