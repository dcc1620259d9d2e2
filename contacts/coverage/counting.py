"""The numbers of a goal's coverage. One question of people, whatever the size of the register."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from base.bounds import everywhere
from contacts.coverage.audience import Depth, Meant, depths_for, members_of
from contacts.models import Membership, Network, Person, Role
from themes.models import Region, TargetGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from themes.models import Goal

# Each once, with the region and target group of their own or of the first organisation that has one.
EVERYBODY = """seat (person, post, region, target_group) AS ({seats}),
first_seat (person, of_region, of_group) AS (
SELECT person, MIN(CASE WHEN region IS NOT NULL THEN post END), MIN(CASE WHEN target_group IS NOT NULL THEN post END) FROM seat GROUP BY person),
own (id, theme, region, target_group) AS ({people}),
everybody (id, theme, place, grp) AS (
SELECT id, theme, COALESCE(own.region, here.region), COALESCE(own.target_group, there.target_group)
FROM own LEFT JOIN first_seat ON first_seat.person = id
LEFT JOIN seat here ON here.post = of_region LEFT JOIN seat there ON there.post = of_group)"""
# Each of the audience, and how deep they were reached.
PLACED = """
WITH {everybody}, deep (person, depth) AS ({deep}),
placed (id, place, grp, depth) AS (
SELECT id, place, grp, COALESCE(depth, 0) FROM everybody LEFT JOIN deep ON deep.person = id WHERE {wanted})
"""
CELLS = "SELECT 0, place, grp, depth, COUNT(*) FROM placed GROUP BY place, grp, depth"
NETWORKS = """
, member (network, someone) AS ({members}) {cells}
UNION ALL SELECT 1, network, NULL, depth, COUNT(*) FROM member JOIN placed ON someone = id GROUP BY network, depth
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

    def add(self, region: Region | None, group: TargetGroup | None, depth: int, number: int) -> None:
        counts = (self.total, _count(self.by_region, region), _count(self.by_group, group), _count(self.cells, (region, group)))
        for count in counts:
            count.add(depth, number)


def cover(goal: Goal, *, networks: bool = True) -> Coverage:
    with everywhere():
        regions: dict[int | None, Region] = {region.pk: region for region in Region.objects.all()}
        groups: dict[int | None, TargetGroup] = {group.pk: group for group in TargetGroup.objects.filter(theme=goal.theme_id).order_by("pk")}
        found = Coverage()
        by_number: dict[int | None, Count] = defaultdict(Count)
        for of_network, place, group, depth, number in _numbers(goal, networks=networks):
            if of_network:
                by_number[place].add(depth, number)
                continue
            found.add(regions.get(place), groups.get(group), depth, number)
        if by_number:
            rows = Network.objects.filter(theme=goal.theme_id).order_by("name_fi", "pk")
            found.by_network = {network: by_number[network.pk] for network in rows if network.pk in by_number}
        return found


def _count(counts: dict[Any, Count], key: Any) -> Count:
    return counts.setdefault(key, Count())


def total_of(goal: Goal) -> Count:
    return cover(goal, networks=False).total


def _numbers(goal: Goal, *, networks: bool) -> list[tuple[int, int | None, int | None, int, int]]:
    """One question: where everybody is and how deep they were reached is found out once. In a row stands whether it is of a network, the number of
    that or of the region, the target group, the depth, and how many people."""
    parts = {
        "everybody": everybody([goal.theme_id]),
        "deep": _sql(depths_for(goal).values_list("person", "depth")),
        "wanted": _wanted(goal),
    }
    if networks:
        parts |= {"members": _members(goal), "cells": (CELLS, ())}
    # The ORM's own SQL, with its values beside it, both in the order of the question.
    question = (PLACED + (NETWORKS if networks else CELLS)).format(**{name: sql for name, (sql, _own) in parts.items()})
    with connection.cursor() as cursor:
        cursor.execute(question, [value for _sql, own in parts.values() for value in own])
        rows: list[tuple[int, int | None, int | None, int, int]] = cursor.fetchall()
    return rows


def everybody(themes: Any) -> tuple[str, tuple[Any, ...]]:
    """Expressions for a WITH, and their values: `everybody` of the themes, which may be a question for them."""
    people = Person.objects.filter(theme__in=themes).order_by()
    lacking = people.filter(Q(region=None) | Q(target_group=None))
    seats = Role.objects.current().filter(person__in=lacking).order_by()
    found, values = _sql(seats.values_list("person", "pk", "organisation__region", "organisation__target_group"))
    own, more = _sql(people.values_list("pk", "theme", "region", "target_group"))
    return EVERYBODY.format(seats=found, people=own), (*values, *more)


def _sql(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    sql, values = rows.query.sql_with_params()
    return sql, tuple(values)


def _wanted(goal: Goal) -> tuple[str, tuple[Any, ...]]:
    """Who is meant, as `audience.meant` has it."""
    meant = Meant.by(goal)
    asked, values = [], []
    if meant.regions:
        asked.append(_among("place", meant.regions))
        values += meant.regions
    either = []
    if meant.groups:
        either.append(_among("grp", meant.groups))
        values += meant.groups
    if meant.networks:
        sql, own = _sql(Person.objects.filter(members_of(meant.networks)).order_by().values_list("pk"))
        either.append(f"id IN ({sql})")
        values += own
    if either:
        asked.append(f"({' OR '.join(either)})")
    return " AND ".join(asked) or "1 = 1", tuple(values)


def _among(name: str, values: Sequence[Any]) -> str:
    return f"{name} IN ({', '.join(['%s'] * len(values))})"


def _members(goal: Goal) -> tuple[str, tuple[Any, ...]]:
    """Who is in which network of the theme today: by name, or by an organisation that names nobody."""
    today = Membership.objects.current().filter(network__theme=goal.theme_id).order_by()
    own, values = _sql(today.exclude(person=None).values_list("network", "person"))
    seats = Role.objects.current().filter(organisation__memberships__in=today.filter(person=None)).order_by()
    theirs, more = _sql(seats.values_list("organisation__memberships__network", "person"))
    return f"{own} UNION {theirs}", (*values, *more)
