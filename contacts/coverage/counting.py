"""The numbers of a goal's coverage. Three queries, whatever the size of the register."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from base.bounds import everywhere
from contacts.coverage.audience import Depth, audience, depths_for
from contacts.models import Membership, Network, Role
from themes.models import Region, TargetGroup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from themes.models import Goal

CELLS = """
WITH audience (id, place, grp) AS ({audience}), deep (person, depth) AS ({deep})
SELECT place, grp, COALESCE(depth, 0), COUNT(*) FROM audience LEFT JOIN deep ON person = id GROUP BY 1, 2, 3
"""
NETWORKS = """
WITH audience (id, place, grp) AS ({audience}), deep (person, depth) AS ({deep}), member (network, someone) AS ({members})
SELECT network, COALESCE(depth, 0), COUNT(*) FROM member JOIN audience ON someone = id LEFT JOIN deep ON person = id GROUP BY 1, 2
"""


@dataclass
class Count:
    """How many of the audience, by how deep they were reached."""

    by_depth: dict[Depth, int] = field(default_factory=lambda: dict.fromkeys(Depth, 0))

    def add(self, depth: int, number: int) -> None:
        self.by_depth[Depth(depth)] += number

    @property
    def all(self) -> int:
        return sum(self.by_depth.values())

    @property
    def missing(self) -> int:
        return self.by_depth[Depth.NOT]

    @property
    def reached(self) -> int:
        return self.all - self.missing

    @property
    def percent(self) -> int | None:
        """Whole, and 100 or 0 only where it is so. None where nobody is meant."""
        if not self.all:
            return None
        rounded = round(100 * self.reached / self.all)
        return min(max(rounded, 1 if self.reached else 0), 100 if not self.missing else 99)


@dataclass
class Coverage:
    """`by_region`, `by_group` and `by_network` by the row, None for those who are in none. Who is in two networks counts in both."""

    total: Count = field(default_factory=Count)
    by_region: dict[Region | None, Count] = field(default_factory=dict)
    by_group: dict[TargetGroup | None, Count] = field(default_factory=dict)
    by_network: dict[Network | None, Count] = field(default_factory=dict)
    cells: dict[tuple[Region | None, TargetGroup | None], Count] = field(default_factory=dict)


def cover(goal: Goal, *, networks: bool = True) -> Coverage:
    with everywhere():
        regions: dict[int | None, Region] = {region.pk: region for region in Region.objects.all()}
        groups: dict[int | None, TargetGroup] = {group.pk: group for group in TargetGroup.objects.filter(theme=goal.theme_id).order_by("pk")}
        found = Coverage()
        for place, group, depth, number in _cells(goal):
            region, target = regions.get(place), groups.get(group)
            counts = (
                found.total, _count(found.by_region, region), _count(found.by_group, target), _count(found.cells, (region, target)),
            )  # fmt: skip
            for count in counts:
                count.add(depth, number)
        if networks:
            rows = {network.pk: network for network in Network.objects.filter(theme=goal.theme_id).order_by("name_fi", "pk")}
            by_number: dict[int, Count] = defaultdict(Count)
            for network, depth, number in _in_networks(goal):
                by_number[network].add(depth, number)
            found.by_network = {row: by_number[pk] for pk, row in rows.items() if pk in by_number}
        return found


def _count(counts: dict[Any, Count], key: Any) -> Count:
    return counts.setdefault(key, Count())


def total_of(goal: Goal) -> Count:
    """Two queries."""
    return cover(goal, networks=False).total


def _cells(goal: Goal) -> Iterable[tuple[int | None, int | None, int, int]]:
    people, values = audience(goal).order_by().values_list("pk", "place", "group").query.sql_with_params()
    deep, deep_values = depths_for(goal).values_list("person", "depth").query.sql_with_params()
    with connection.cursor() as cursor:
        # The ORM's own SQL, with its values beside it.
        cursor.execute(CELLS.format(audience=people, deep=deep), [*values, *deep_values])
        rows: list[tuple[int | None, int | None, int, int]] = cursor.fetchall()
    return rows


def _in_networks(goal: Goal) -> Iterable[tuple[int, int, int]]:
    people, values = audience(goal).order_by().values_list("pk", "place", "group").query.sql_with_params()
    deep, deep_values = depths_for(goal).values_list("person", "depth").query.sql_with_params()
    today = Membership.objects.current().filter(network__theme=goal.theme_id).order_by()
    own, own_values = today.exclude(person=None).values_list("network", "person").query.sql_with_params()
    seats = Role.objects.current().filter(organisation__memberships__in=today.filter(person=None)).order_by()
    theirs, their_values = seats.values_list("organisation__memberships__network", "person").query.sql_with_params()
    members = f"{own} UNION {theirs}"
    with connection.cursor() as cursor:
        cursor.execute(NETWORKS.format(audience=people, deep=deep, members=members), [*values, *deep_values, *own_values, *their_values])
        rows: list[tuple[int, int, int]] = cursor.fetchall()
    return rows
