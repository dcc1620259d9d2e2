"""Who is meant by a goal, and who of them was touched for it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db.models import Case, Exists, IntegerField, Max, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate
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


def first_seats(name: str) -> QuerySet[Any]:
    """Roles of today: of each person the first in an organisation that has a region or a target group, whichever is named."""
    known = {f"organisation__{name}__isnull": False}
    earlier = Role.objects.current().filter(**known, person=OuterRef("person"), pk__lt=OuterRef("pk"))
    found: QuerySet[Any] = Role.objects.current().filter(~Exists(earlier), **known).order_by()
    return found


def placed_in(name: str, values: Iterable[Any]) -> Q:
    """People with one of the regions or target groups of their own, or without any, and with an organisation of today that has one of them."""
    theirs = first_seats(name).filter(**{f"organisation__{name}__in": values})
    return Q(**{f"{name}__in": values}) | Q(**{name: None, "pk__in": theirs.values("person")})


def placed_nowhere(name: str) -> Q:
    return Q(~Exists(first_seats(name).filter(person=OuterRef("pk"))), **{name: None})


def members_of(networks: Iterable[Any]) -> Q:
    """People: members today themselves, or of an organisation that is a member without naming anybody."""
    today = Membership.objects.current().filter(network__in=networks)
    bodies = today.filter(person=None).values("organisation")
    own = today.exclude(person=None).values("person")
    return Q(pk__in=own) | Q(pk__in=Role.objects.current().filter(organisation__in=bodies).values("person"))


class Meant(NamedTuple):
    """What a goal names."""

    groups: list[int]
    regions: list[int]
    networks: list[int]

    @classmethod
    def by(cls, goal: Goal) -> Self:
        """Three queries."""
        with everywhere():
            return cls(*(list(rows.values_list("pk", flat=True)) for rows in (goal.audiences, goal.regions, goal.networks)))


def meant(goal: Goal) -> Q:
    """People of the goal's theme in its target groups, or in its networks; in its regions, where it names some. Without both all are meant."""
    groups, regions, networks = Meant.by(goal)
    with everywhere():
        here = placed_in("region", regions) if regions else Q()
        either = (placed_in("target_group", groups) if groups else Q()) | (members_of(networks) if networks else Q())
        return Q(theme=goal.theme_id) & here & either


def audience(goal: Goal) -> QuerySet[Any]:
    """Who is `meant`. Whoever may see the goal may count them."""
    with everywhere():
        found: QuerySet[Any] = Person.objects.filter(meant(goal))
        return found


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
