"""Merging two people or two organisations, and undoing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base import personal
from base.bounds import everywhere
from contacts import people, search
from contacts.merging import journal
from contacts.merging.organisations import merge_organisations, rows_of_organisations
from contacts.models import ContactPoint, HeldFor, Merge, Organisation, Person, Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from base.models import User
    from base.personal import Subject

PERSON_FIELDS = (
    "first_name", "last_name", "email", "language", "languages", "city", "region", "target_group", "external_id", "obtained_at",
)  # fmt: skip
ORGANISATION_FIELDS = (
    "name_fi", "name_sv", "name_en", "business_id", "parent", "sector", "size", "region", "target_group", "address", "city", "email", "phone",
    "website",
)  # fmt: skip


def fields_of(model: type[Any]) -> tuple[str, ...]:
    return PERSON_FIELDS if model is Person else ORGANISATION_FIELDS


def merge(*, winner: Any, loser: Any, take: Collection[str] = (), by: User | None) -> Merge:
    """`loser` becomes `winner`, in one transaction. `take` names the fields that are the loser's; of the others, those that are empty are too.

    Raises ValidationError where one of the two is no longer there: somebody has merged or deleted it meanwhile.
    """
    model = type(winner)
    with transaction.atomic(), everywhere():
        winner, loser = _locked(model, winner.pk, loser.pk)
        if winner.theme_id != loser.theme_id:
            raise ValidationError(_("The two are of different themes."))
        values = _values(winner, loser, take)
        row = Merge(theme_id=winner.theme_id, gone=str(loser)[:255], gone_number=loser.pk, by=by, **{model._meta.model_name: winner})
        if model is Person:
            _merge_people(row, winner, loser, values)
        else:
            _merge_organisations(row, winner, loser, values)
        log(row.theme, "contacts.merged", user=by, data={"of": model._meta.model_name, "merge": row.pk})
    return row


def _locked(model: type[Any], *numbers: int) -> list[Any]:
    """Both, for nobody else to merge. The one who comes second finds one of the two gone."""
    found = {row.pk: row for row in model.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")}
    if len(set(numbers)) < 2:
        raise ValidationError(_("Choose two different contacts."))
    if len(found) < 2:
        raise ValidationError(_("One of the two is not in the register any more: somebody has merged or deleted it. Look at the list again."))
    return [found[number] for number in numbers]


def _values(winner: Any, loser: Any, take: Collection[str]) -> dict[str, Any]:
    if unknown := set(take) - set(fields_of(type(winner))):
        raise ValueError(f"no fields of a merge: {sorted(unknown)}")
    values = {}
    for name in fields_of(type(winner)):
        attribute = winner._meta.get_field(name).attname
        own, other = getattr(winner, attribute), getattr(loser, attribute)
        if own != other and (name in take or not own):
            values[attribute] = other
    return values


# ---- people
def _merge_people(row: Merge, winner: Person, loser: Person, values: dict[str, Any]) -> None:
    kept, gone = people.subject(winner), people.subject(loser)
    before = _rows_of_people(kept, gone)
    row.gone_key = loser.key
    # A link of either that was made void opens the other's data neither.
    values["links_from"] = max(filter(None, (winner.links_from, loser.links_from)), default=None)
    addresses = {address.lower(): address for address in (winner.email, loser.email) if address}
    people.merge_people(winner=winner, loser=loser)
    Person.objects.filter(pk=winner.pk).update(**values)
    winner.refresh_from_db()
    addresses.pop(winner.email.lower(), None)
    for address in addresses.values():
        held = ContactPoint.objects.filter(person=winner, medium=ContactPoint.Medium.EMAIL, value__iexact=address)
        if not held.exists():
            ContactPoint.objects.create(person=winner, medium=ContactPoint.Medium.EMAIL, kind=ContactPoint.Kind.OTHER, value=address)
    search.index_people([winner.pk])
    after = _rows_of_people(people.subject(winner), gone, besides=before)
    row.steps = journal.steps_between(before, after, {holding.model._meta.label: holding.watched for holding in personal.holdings()})
    row.save()


def _rows_of_people(kept: Subject, gone: Subject, besides: journal.Rows | None = None) -> journal.Rows:
    """What is held on either. After a merge also what was held before it, wherever it is now."""
    querysets = [holding.find(who) for holding in personal.holdings() for who in (kept, gone)]
    return journal.rows_of([*querysets, *_still(besides or {})])


def _still(rows: journal.Rows) -> list[Any]:
    numbers: dict[str, list[Any]] = {}
    for label, number in rows:
        numbers.setdefault(label, []).append(number)
    return [apps.get_model(label)._base_manager.filter(pk__in=found) for label, found in numbers.items()]


# ---- organisations
def _merge_organisations(row: Merge, winner: Organisation, loser: Organisation, values: dict[str, Any]) -> None:
    before = rows_of_organisations(winner, loser)
    merge_organisations(winner, loser)
    for name, value in values.items():
        setattr(winner, name, value)
    if winner.parent_id in (winner.pk, loser.pk):
        winner.parent_id = None
    winner.save()
    _index_people_of(winner)
    after = journal.rows_of(_still(before))
    row.steps = journal.steps_between(before, after)
    row.save()


def _index_people_of(*bodies: Organisation) -> None:
    """They are found by where they work."""
    search.index_people(set(Role.objects.filter(organisation__in=bodies).values_list("person", flat=True)))


# ---- undoing
def undo(merge: Merge, *, by: User | None) -> journal.Undone:
    """The one who was merged is there again, with what was theirs. What was changed since the merge stays as it is now.

    Raises ValidationError where it is undone already, or a later merge of the same contact stands: that one has to be undone first.
    """
    with transaction.atomic(), everywhere():
        merge = _locked_merge(merge)
        if merge.undone_at:
            raise ValidationError(_("This merge is undone already."))
        if Merge.objects.standing().of(merge.kept).filter(pk__gt=merge.pk).exists():
            raise ValidationError(_("This contact was merged again later: undo the later merge first."))
        _give_way(merge)
        stays = {holding.model._meta.label: holding.stays for holding in personal.holdings()}
        found = journal.undo(merge.steps, stays=stays)
        if merge.person_id:
            _part(merge, found)
            _keep_void(merge)
        else:
            kept: Any = Organisation.objects.get(pk=merge.kept.pk)
            kept.find_by_words()
            Organisation.objects.filter(pk=kept.pk).update(sought=kept.sought)
            _index_people_of(*Organisation.objects.filter(pk__in=(kept.pk, merge.gone_number)))
        merge.steps, merge.gone_key, merge.undone_at, merge.undone_by = [], None, timezone.now(), by
        merge.save(update_fields=["steps", "gone_key", "undone_at", "undone_by"])
        log(merge.theme, "contacts.merge_undone", user=by, data={"of": merge.kept._meta.model_name, "merge": merge.pk})
    return found


def _keep_void(merge: Merge) -> None:
    """Links that were made void while the two were one are void of both."""
    kept: Any = Person.objects.get(pk=merge.kept.pk)
    if kept.links_from and kept.links_from >= merge.at:
        Person.objects.filter(pk=merge.gone_number).update(links_from=kept.links_from)


def _locked_merge(merge: Merge) -> Merge:
    """With the contact who was kept, first, as a merge locks contacts first. Where that one is merged or erased meanwhile, so is it told."""
    before = Merge.objects.filter(pk=merge.pk).first()
    if before is not None:
        list(type(before.kept).objects.select_for_update(of=("self",)).filter(pk=before.kept.pk))
    found: Merge | None = Merge.objects.select_for_update(of=("self",)).filter(pk=merge.pk).first()
    if before is None or found is None:
        raise ValidationError(_("This merge is not there any more: the contact was erased."))
    if found.kept != before.kept:
        raise ValidationError(_("This contact was merged again later: undo the later merge first."))
    return found


def _give_way(merge: Merge) -> None:
    """What somebody else has meanwhile does not come back: a number stays with its new bearer, an address that another has is not
    the mailed one of two."""
    model = type(merge.kept)
    steps = [step for step in merge.steps if step["model"] == model._meta.label]
    others = model._default_manager.filter(theme=merge.theme_id).exclude(pk=merge.kept.pk)
    own = next((step for step in steps if step["pk"] == merge.kept.pk), None)
    for name in ("email", "external_id") if model is Person else ("business_id",):
        now = getattr(merge.kept, name)
        if own and own["was"].get(name) and others.filter(**{f"{name}__iexact": own["was"][name]}).exists():
            del own["was"][name], own["became"][name]
        # The one who stayed keeps it, unless it came by the merge.
        goes = own is not None and name in own["was"] and own["became"][name] == now
        for step in steps:
            was = step["was"] if step["became"] is None else {}
            is_kept = bool(was.get(name)) and not goes and now.lower() == was[name].lower()
            if is_kept or (was.get(name) and others.filter(**{f"{name}__iexact": was[name]}).exists()):
                if name == "email" and not (was["first_name"] or was["last_name"]):
                    was["last_name"] = was["email"]
                was[name] = ""


def _part(merge: Merge, found: journal.Undone) -> None:
    loser = Person.objects.filter(pk=merge.gone_number).first()
    kept = Person.objects.get(pk=merge.kept.pk)
    if loser is not None:
        if not loser.held_for.exists():
            # Merged before purposes were rows.
            HeldFor.objects.bulk_create(HeldFor(person=loser, purpose=row.purpose, source=row.source, since=row.since) for row in kept.held_for.all())
        for holding in personal.holdings():
            if holding.part:
                label = holding.model._meta.label
                holding.part(people.subject(kept), people.subject(loser), found.again.get(label, set()), found.edited.get(label, {}))
    search.index_people([person.pk for person in (kept, loser) if person])
