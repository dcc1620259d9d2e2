"""Everything that points at an organisation points at another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from contacts.merging.journal import fields_to, rows_of
from contacts.models import NetworkPosition, Organisation, Tie

if TYPE_CHECKING:
    from contacts.merging.journal import Rows

ENDS = ("person_id", "organisation_id", "kind", "other_person_id", "other_organisation_id")


def rows_of_organisations(*both: Organisation) -> Rows:
    numbers = [body.pk for body in both]
    pointing = [field.model._base_manager.filter(**{f"{field.name}__in": numbers}) for field in fields_to(Organisation)]
    return rows_of([Organisation._base_manager.filter(pk__in=numbers), *pointing, _log(numbers)])


def _log(numbers: list[int]) -> Any:
    return ModelLogEntry.objects.get_for_model(Organisation).filter(object_id__in=[str(number) for number in numbers])


def merge_organisations(winner: Organisation, loser: Organisation) -> None:
    """Raises ValidationError where one is a unit of the other: there is nothing to merge, the unit has a parent."""
    if winner.pk in loser.with_units() or loser.pk in winner.with_units():
        raise ValidationError(_("One of the two is a unit of the other. Make it no unit first, in its form."))
    # Of two who become one, the next night counts a position anew.
    NetworkPosition.objects.filter(organisation=loser).delete()
    _move_ties(winner, loser)
    for field in fields_to(Organisation):
        if field.model is not Tie:
            _move(field, winner, loser)
    _log([loser.pk]).delete()
    Organisation.objects.filter(pk=loser.pk).delete()
    winner.refresh_from_db()


def _move(field: Any, winner: Organisation, loser: Organisation) -> None:
    """Of two rows that a constraint would have as one, the winner's stays."""
    rows: Any = models.QuerySet(field.model).filter(**{field.name: loser.pk})
    for same, where in _unique_with(field):
        theirs: Any = models.QuerySet(field.model).filter(where, **{field.name: winner.pk})
        kept = {tuple(values) for _pk, *values in theirs.values_list("pk", *same)}
        doubled = [pk for pk, *values in rows.filter(where).values_list("pk", *same) if tuple(values) in kept]
        models.QuerySet(field.model).filter(pk__in=doubled).delete()
    models.QuerySet.update(rows, **{field.name: winner.pk})


def _unique_with(field: Any) -> list[tuple[tuple[str, ...], models.Q]]:
    """The other fields of each rule by which there is one row per organisation and those, and of which rows it is a rule."""
    meta = field.model._meta
    constraints = [rule for rule in meta.constraints if isinstance(rule, models.UniqueConstraint)]
    rules = [(rule.fields, rule.condition or models.Q()) for rule in constraints] + [(rule, models.Q()) for rule in meta.unique_together]
    return [(tuple(name for name in fields if name != field.name), where) for fields, where in rules if field.name in fields]


def _move_ties(winner: Organisation, loser: Organisation) -> None:
    """None between the two, none twice."""
    both = (winner.pk, loser.pk)
    Tie.objects.filter(organisation_id__in=both, other_organisation_id__in=both).delete()
    kept = set(Tie.objects.of_organisation(winner).values_list(*ENDS))
    for tie in Tie.objects.of_organisation(loser):
        tie.organisation_id = winner.pk if tie.organisation_id == loser.pk else tie.organisation_id
        tie.other_organisation_id = winner.pk if tie.other_organisation_id == loser.pk else tie.other_organisation_id
        place = tuple(getattr(tie, end) for end in ENDS)
        if place in kept:
            tie.delete()
        else:
            kept.add(place)
            tie.save(update_fields=["organisation", "other_organisation"])
