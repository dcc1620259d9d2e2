"""Conditions in groups, joined by *all* or *any*, as one question of the database and as one sentence.

    {"join": "all", "groups": [{"join": "any", "not": false, "conditions": [{"kind": "region", "not": false, "values": ["6"]}]}]}

A condition whose kind, tag or goal is gone asks for nobody, turned round too, and so does a group that is turned round and holds one: neither
grows into everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from contacts.models import Organisation, Person
from contacts.models.segments import Segment
from contacts.segments.fields import KINDS

if TYPE_CHECKING:
    from django.db.models import QuerySet

ALL, ANY = "all", "any"
NOBODY = Q(pk__in=[])


def rows_of(segment: Segment) -> QuerySet[Any]:
    """Who is in it now. Lazy."""
    return matching(segment.of, segment.rules)


def matching(of: str, rules: dict[str, Any]) -> QuerySet[Any]:
    return _everybody(of).filter(_question(of, rules))


def numbers_of(segment: Segment) -> QuerySet[Any]:
    """For `pk__in`."""
    return rows_of(segment).order_by().values("pk")


def in_words(of: str, rules: dict[str, Any]) -> str:
    """People: region is Lapland and no touch in the last 90 days."""
    groups = [group for group in rules.get("groups", ()) if group.get("conditions")]
    told = [_group_in_words(of, group, is_alone=len(groups) == 1) for group in groups]
    if not told:
        return _("All people.") if of == Segment.Of.PEOPLE else _("All organisations.")
    frame = _("People: %(conditions)s.") if of == Segment.Of.PEOPLE else _("Organisations: %(conditions)s.")
    return frame % {"conditions": _joined(told, rules.get("join", ALL))}


def _everybody(of: str) -> QuerySet[Any]:
    return Person.objects.all() if of == Segment.Of.PEOPLE else Organisation.objects.all()


def _question(of: str, rules: dict[str, Any]) -> Q:
    asked = [_group(of, group) for group in rules.get("groups", ()) if group.get("conditions")]
    return _join(asked, rules.get("join", ALL))


def _group(of: str, group: dict[str, Any]) -> Q:
    if group.get("not") and any(_is_lost(of, condition) for condition in group["conditions"]):
        return NOBODY
    asked = _join([_condition(of, condition) for condition in group["conditions"]], group.get("join", ALL))
    return _none_of(of, asked) if group.get("not") else asked


def _is_lost(of: str, condition: dict[str, Any]) -> bool:
    kind = KINDS[of].get(condition["kind"])
    return kind is None or bool(kind.trouble(condition))


def _condition(of: str, condition: dict[str, Any]) -> Q:
    if _is_lost(of, condition):
        return NOBODY
    asked = KINDS[of][condition["kind"]].q(condition)
    return _none_of(of, asked) if condition.get("not") else asked


def _none_of(of: str, asked: Q) -> Q:
    """By whether there is such a row: NOT IN would lose whoever has no value, and PostgreSQL would read its list for each row."""
    return Q(~Exists(_everybody(of).filter(asked, pk=OuterRef("pk")).order_by()))


def _join(asked: list[Q], join: str) -> Q:
    whole = Q()
    for one in asked:
        whole = whole | one if join == ANY else whole & one
    return whole


def _group_in_words(of: str, group: dict[str, Any], *, is_alone: bool) -> str:
    told = [_condition_in_words(of, condition) for condition in group["conditions"]]
    words = _joined(told, group.get("join", ALL))
    if group.get("not"):
        return _("none of this: (%(conditions)s)") % {"conditions": words}
    return words if is_alone or len(told) == 1 else f"({words})"


def _condition_in_words(of: str, condition: dict[str, Any]) -> str:
    kind = KINDS[of].get(condition["kind"])
    return kind.words(condition, negated=bool(condition.get("not"))) if kind else _("(removed)")


def _joined(told: list[str], join: str) -> str:
    return (_(" or ") if join == ANY else _(" and ")).join(told)
