"""What the register holds on a person: how it is exported, merged and erased."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from wagtail.models import ModelLogEntry

from base import personal
from base.personal import Holding, Subject, void
from contacts import late
from contacts.importing import waiting
from contacts.models import (
    AddressChange,
    Consent,
    ContactImport,
    ContactPoint,
    Filled,
    HeldFor,
    Keep,
    LetterCopy,
    Membership,
    Merge,
    NetworkPosition,
    Note,
    Notice,
    Pair,
    Person,
    PracticeContact,
    ProjectParty,
    Role,
    ServiceNeed,
    Tie,
    Touch,
    WorkArea,
)
from contacts.privacy import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from base.personal import Edited

    Find = Callable[[Subject], QuerySet[Any]]
    Merging = Callable[[Subject, Subject], None]


def register_holdings() -> None:
    fields = (
        "first_name", "last_name", "email", "language", "languages", "city", "region__code", "target_group__key", "obtained_at",
        "from_others", "external_id", "brought_by__file_name",
    )  # fmt: skip
    personal.register(Holding(Person, lambda who: Person.objects.filter(pk=who.person_id), fields, lambda *_: None, lambda _: None))
    _register(HeldFor, ("purpose__name_fi", "purpose__legal_basis", "source", "since", "ends_on", "brought_by__file_name"), ("purpose_id",))
    asked = _of(AddressChange)
    personal.register(Holding(AddressChange, asked, ("email", "asked_at"), lambda _winner, loser: _forget_asked(loser), _forget_asked))
    _register(Keep, ("reason", "until", "at"))
    # Once the further addresses are gone, nothing is found by them: they go last. Ties and tags would stand twice.
    _register(ProjectParty, ("project__name_fi", "part", "listed_on"), ("project_id", "part"), erase=_unname(ProjectParty))
    _register(WorkArea, ("organisation__name_fi", "sub_theme__name_fi", "service", "meter", "starts", "ends"), erase=_unname(WorkArea))
    _register(ServiceNeed, ("need", "details", "organisation__name_fi", "heard_on"), erase=_forget_who_needed)
    _register(Role, ("organisation__name_fi", "title", "starts", "ends"))
    _register(Membership, ("network__name_fi", "organisation__name_fi", "part", "starts", "ends"))
    _register(Note, ("text", "at"))
    notices = _of(Notice)
    personal.register(Holding(Notice, notices, ("how", "text", "language", "at"), _merge_notices, _gone(notices)))
    _register(Person.tags.through, ("tag__name",), ("tag_id",))
    personal.register(Holding(Tie, _ties, ("kind", "strength", "evidence", "starts", "ends"), _merge_ties, lambda who: void(_ties(who).delete())))
    consent = ("purpose", "text", "text_version", "language", "given_how", "given_at", "withdrawn_how", "withdrawn_at")
    personal.register(Holding(Consent, _of(Consent), consent, _merge_consents, _gone(_of(Consent))))
    position = ("since", "until", "degree", "betweenness", "constraint", "core", "community")
    counted = _of(NetworkPosition)
    # Of two who become one, the next night counts a position anew.
    personal.register(Holding(NetworkPosition, counted, position, lambda _winner, loser: void(counted(loser).delete()), _gone(counted)))
    ending = ("withdrawn_at", "withdrawn_how")
    personal.register(Holding(Consent, _of(Consent), consent, _merge_consents, _gone(_of(Consent)), watched=ending, part=_part_consents))
    touch = ("outreach__title", "kind", "language", "cause", "at")
    personal.register(Holding(Touch, _of(Touch), touch, _merge_touches, _forget_touches))
    _register(LetterCopy, ("letter__words", "letter__at"), ("letter_id",))
    _register(PracticeContact, ("practice__name_fi",), ("practice_id",))
    log = ("action", "timestamp", "label")
    personal.register(Holding(ModelLogEntry, _log_entries, log, lambda _winner, loser: void(_log_entries(loser).delete()), _forget_in_log))
    _register(Filled, ("field", "value"), ("brought_by_id", "field"))
    personal.register(Holding(Pair, _pairs, ("score", "decision", "found_at"), _merge_pairs, lambda who: void(_pairs(who).delete())))
    personal.register(Holding(Merge, _of(Merge), ("gone", "at", "undone_at", "steps"), _merging(Merge, ()), _forget_merges))
    imports = ("file_name", "began_at", "source")
    personal.register(Holding(ContactImport, waiting.holding, imports, lambda *_: None, waiting.forget))
    _register(ContactPoint, ("medium", "kind", "value", "starts", "ends"), ("medium", "value"))


def _of(model: Any) -> Find:
    return lambda who: model._default_manager.filter(person_id=who.person_id)


def _gone(find: Find) -> Callable[[Subject], None]:
    return lambda who: void(find(who).delete())


def _unname(model: Any) -> Callable[[Subject], None]:
    """The row stays without the person: an operation on the list, work that an organisation does."""
    return lambda who: void(_of(model)(who).update(person=None))


def _register(model: Any, fields: tuple[str, ...], same: tuple[str, ...] = (), *, erase: Callable[[Subject], None] | None = None) -> None:
    """Rows with a `person`. Of two people who become one, rows that are alike in `same` become one, the winner's."""
    personal.register(Holding(model, _of(model), fields, _merging(model, same), erase or _gone(_of(model))))


def _merging(model: Any, same: tuple[str, ...]) -> Merging:
    find = _of(model)

    def merge(winner: Subject, loser: Subject) -> None:
        if same:
            kept = set(find(winner).values_list(*same))
            doubled = [pk for pk, *values in find(loser).values_list("pk", *same) if tuple(values) in kept]
            find(loser).filter(pk__in=doubled).delete()
        find(loser).update(person_id=winner.person_id)

    return merge


def _merge_touches(winner: Subject, loser: Subject) -> None:
    _settle_anew(loser)
    _merging(Touch, ("outreach_id", "kind", "cause"))(winner, loser)


def _forget_touches(who: Subject) -> None:
    _settle_anew(who)
    _of(Touch)(who).delete()


def _settle_anew(who: Subject) -> None:
    """Figures of settled days have counted them."""
    if who.person_id:
        late.forget_people([who.person_id])


def _merge_notices(winner: Subject, loser: Subject) -> None:
    """One of the two was told: so both were."""
    told = _of(Notice)
    if told(winner).exists():
        told(loser).delete()
    told(loser).update(person_id=winner.person_id)


def _forget_asked(who: Subject) -> None:
    address.forget(AddressChange.objects.filter(person_id=who.person_id))


def _forget_who_needed(who: Subject) -> None:
    """The need stays; whose words they were does not, and the words go too: they may name the one who said them."""
    _of(ServiceNeed)(who).update(person=None, details="")


def _ties(who: Subject) -> QuerySet[Any]:
    return Tie.objects.filter(Q(person_id=who.person_id) | Q(other_person_id=who.person_id))


def _merge_ties(winner: Subject, loser: Subject) -> None:
    """None between the two, none twice; derived ones are counted anew by `contacts.ties`."""
    both = (winner.person_id, loser.person_id)
    Tie.objects.filter(person_id__in=both, other_person_id__in=both).delete()
    ends = ("person_id", "organisation_id", "kind", "other_person_id", "other_organisation_id")
    kept = set(_ties(winner).values_list(*ends))
    for tie in _ties(loser):
        tie.person_id = winner.person_id if tie.person_id == loser.person_id else tie.person_id
        tie.other_person_id = winner.person_id if tie.other_person_id == loser.person_id else tie.other_person_id
        place = tuple(getattr(tie, end) for end in ends)
        if place in kept:
            tie.delete()
        else:
            kept.add(place)
            tie.save(update_fields=["person", "other_person"])


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


def _part_consents(winner: Subject, loser: Subject, _again: set[Any], edited: Edited) -> None:
    """What was withdrawn since the merge is withdrawn for both: nobody knows who of the two did it."""
    both = Consent.objects.filter(person_id__in=(winner.person_id, loser.person_id))
    for consent in both.filter(pk__in=[pk for pk, columns in edited.items() if "withdrawn_at" in columns], withdrawn_at__isnull=False):
        in_force = both.filter(purpose=consent.purpose, withdrawn_at=None)
        in_force.update(withdrawn_at=consent.withdrawn_at, withdrawn_how=consent.withdrawn_how)


def _pairs(who: Subject) -> QuerySet[Any]:
    return Pair.objects.filter(Q(person_id=who.person_id) | Q(other_person_id=who.person_id))


def _merge_pairs(winner: Subject, loser: Subject) -> None:
    """Who is not the same as the loser is not the same as the winner."""
    for pair in _pairs(loser):
        other = pair.other_person_id if pair.person_id == loser.person_id else pair.person_id
        low, high = sorted((winner.person_id, other or 0))
        known = Pair.objects.filter(person_id=low, other_person_id=high).first()
        if other == winner.person_id:
            pair.delete()
        elif known is None:
            Pair.objects.filter(pk=pair.pk).update(person_id=low, other_person_id=high)
        else:
            if pair.decision == Pair.Decision.DIFFERENT and known.decision != pair.decision:
                Pair.objects.filter(pk=known.pk).update(decision=pair.decision, decided_by=pair.decided_by_id, decided_at=pair.decided_at)
            pair.delete()


def _forget_merges(who: Subject) -> None:
    """An erased person is not brought back by an undo, nor are rows of theirs that went along with somebody else's."""
    _of(Merge)(who).delete()
    marks = [json.dumps(text)[1:-1].lower() for text in (*who.emails, str(who.key))]
    for merge in Merge.objects.standing().filter(theme__people=who.person_id):
        kept = [step for step in merge.steps if not any(mark in json.dumps(step).lower() for mark in marks)]
        if len(kept) < len(merge.steps):
            Merge.objects.filter(pk=merge.pk).update(steps=kept)


def _forget_in_log(who: Subject) -> None:
    """Labels of other rows, such as a tie or a part in a project, may have the name."""
    _log_entries(who).delete()
    names = {str(person) for person in Person.objects.filter(pk=who.person_id)} - {""}
    for name in {*names, *who.emails}:
        ModelLogEntry.objects.filter(content_type__app_label="contacts", label__icontains=name).update(label="")


def _log_entries(who: Subject) -> QuerySet[Any]:
    entries: QuerySet[Any] = ModelLogEntry.objects.get_for_model(Person).filter(object_id=str(who.person_id))
    return entries
