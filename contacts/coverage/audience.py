"""Who is meant by a goal, and who of them was touched for it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Case, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from base.bounds import everywhere
from contacts.models import Membership, Outreach, Person, Role, Touch
from contacts.shared import spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from themes.models import Goal


class Depth(IntEnum):
    """How deep somebody was reached: the deepest of their touches counts."""

    NOT = 0
    SENT = 1
    ACTED = 2
    TOOK_PART = 3
    TALKED = 4

    @property
    def label(self) -> _StrPromise:
        return LABELS[self]


LABELS: dict[Depth, _StrPromise] = {
    Depth.NOT: _("Not reached"),
    Depth.SENT: _("Was sent something"),
    Depth.ACTED: _("Followed a link or subscribed"),
    Depth.TOOK_PART: _("Registered or took part"),
    Depth.TALKED: _("Met or called"),
}
DEPTHS: dict[Touch.Kind, Depth] = {
    Touch.Kind.DELIVERED: Depth.SENT,
    Touch.Kind.WRITTEN: Depth.SENT,
    Touch.Kind.CLICKED: Depth.ACTED,
    Touch.Kind.SUBSCRIBED: Depth.ACTED,
    Touch.Kind.REGISTERED: Depth.TOOK_PART,
    Touch.Kind.ATTENDED: Depth.TOOK_PART,
    Touch.Kind.MET: Depth.TALKED,
    Touch.Kind.CALLED: Depth.TALKED,
}


def placed(people: QuerySet[Person]) -> QuerySet[Any]:
    """With `place` and `group`: the region and target group of each, and where they have none, those of an organisation of today."""
    seats = Role.objects.current().filter(person=OuterRef("pk")).order_by("pk")

    def own_or(name: str) -> Coalesce:
        theirs = seats.filter(**{f"organisation__{name}__isnull": False}).values(f"organisation__{name}")[:1]
        return Coalesce(name, Subquery(theirs), output_field=BigIntegerField())

    return people.annotate(place=own_or("region"), group=own_or("target_group"))


def members_of(networks: Iterable[Any]) -> Q:
    """People: members today themselves, or of an organisation that is a member without naming anybody."""
    today = Membership.objects.current().filter(network__in=networks)
    bodies = today.filter(person=None).values("organisation")
    own = today.exclude(person=None).values("person")
    return Q(pk__in=own) | Q(pk__in=Role.objects.current().filter(organisation__in=bodies).values("person"))


def audience(goal: Goal) -> QuerySet[Any]:
    """People of the goal's theme in its target groups, or in its networks; in its regions, where it names some. Without both all are meant.

    They come as `placed`. Whoever may see the goal may count them.
    """
    with everywhere():
        groups, regions, networks = (list(rows.values_list("pk", flat=True)) for rows in (goal.audiences, goal.regions, goal.networks))
        found = placed(Person.objects.filter(theme=goal.theme_id))
        if regions:
            found = found.filter(place__in=regions)
        if groups and networks:
            return found.filter(Q(group__in=groups) | members_of(networks))
        if groups:
            return found.filter(group__in=groups)
        return found.filter(members_of(networks)) if networks else found


def touches_for(goal: Goal) -> QuerySet[Any]:
    """Of acts that serve the goal, and of other themes' acts while a bridge brought them to it."""
    with everywhere():
        wanted = Q(outreach__in=Outreach.goals.through.objects.filter(goal=goal.pk).values("outreach"))
        rows, found = Touch.objects.order_by(), spans([goal.pk])
        if not found:
            return rows.filter(wanted)
        for span in found:
            days = Q(day__gte=span.first) & (Q(day__lte=span.last) if span.last else Q())
            wanted |= Q(outreach=span.outreach) & days
        return rows.alias(day=TruncDate("at")).filter(wanted)


def depths_for(goal: Goal) -> QuerySet[Any]:
    """`person` and `depth`, for all who were touched."""
    whens = [When(kind=kind, then=Value(int(depth))) for kind, depth in DEPTHS.items()]
    with everywhere():
        rows: QuerySet[Any] = touches_for(goal).values("person").annotate(depth=Max(Case(*whens, default=Value(0), output_field=IntegerField())))
        return rows


def reached(goal: Goal) -> Q:
    """For people."""
    with everywhere():
        return Q(pk__in=touches_for(goal).values("person"))


def meant(goal: Goal) -> Q:
    """For people, of any queryset."""
    with everywhere():
        return Q(pk__in=audience(goal).values("pk"))
