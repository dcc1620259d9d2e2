"""What changes days that `themes.history` has settled: a touch of last month, an act that begins to serve a goal, a person who is erased. Their goals
are counted from the sources until the next night settles them again; it would find out by itself (`contacts.measures.marks`), but only then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.signals import m2m_changed, pre_delete
from django.utils import timezone

from base.bounds import everywhere
from contacts.measures import midnight
from contacts.models import Bridge, Network, Outreach, Tally, Touch
from themes.history import forget
from themes.models import Goal

if TYPE_CHECKING:
    from collections.abc import Collection


def goals_of(outreaches: Any) -> list[int]:
    """Their own, and those of themes that they are shared with."""
    with everywhere():
        return list(
            Goal.objects.filter(Q(outreaches__in=outreaches) | Q(bridges__outreach__in=outreaches)).order_by().values_list("pk", flat=True).distinct()
        )


def forget_acts(outreaches: Any) -> None:
    if goals := goals_of(outreaches):
        forget(goals)


def forget_people(numbers: Collection[int]) -> None:
    """All that they were reached by: they are erased, or become one."""
    with everywhere():
        forget_acts(Touch.objects.filter(person__in=numbers).order_by().values("outreach"))


def is_settled(act: int) -> bool:
    """Whether something happened with the act before today."""
    today = timezone.localdate()
    with everywhere():
        return Touch.objects.filter(outreach=act, at__lt=midnight(today)).exists() or Tally.objects.filter(outreach=act, day__lt=today).exists()


def serve_others(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_how: Any) -> None:
    """Goals that an act begins or ceases to serve. Most acts are new, and have nothing to be counted yet."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    acts = [instance.pk] if not reverse else [*(pk_set or instance.outreaches.values_list("pk", flat=True))]
    if any(is_settled(act) for act in acts):
        forget((pk_set or goals_of(acts)) if not reverse else [instance.pk])


def change_bridge(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_how: Any) -> None:
    if (
        action in ("post_add", "post_remove")
        and not reverse
        and instance.accepted_at
        and timezone.localdate(instance.accepted_at) < timezone.localdate()
    ):
        forget(pk_set or ())


def take_away(instance: Outreach, **_how: Any) -> None:
    if is_settled(instance.pk):
        forget_acts([instance.pk])


def change_audience(instance: Any, reverse: bool, pk_set: set[int] | None, action: str, **_how: Any) -> None:
    """A goal means other regions, target groups or networks than it did."""
    if action.startswith("post_"):
        forget([instance.pk] if isinstance(instance, Goal) else pk_set or ())


def connect() -> None:
    m2m_changed.connect(serve_others, Outreach.goals.through, dispatch_uid="contacts.late.goals")
    m2m_changed.connect(change_bridge, Bridge.goals.through, dispatch_uid="contacts.late.bridges")
    pre_delete.connect(take_away, Outreach, dispatch_uid="contacts.late.outreach")
    for through in (Goal.audiences.through, Goal.regions.through, Network.goals.through):
        m2m_changed.connect(change_audience, through, dispatch_uid=f"contacts.late.{through.__name__}")
