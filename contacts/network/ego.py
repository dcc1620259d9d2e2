"""One contact and whom it is tied to: as a table, and as places on a map. Without igraph: a web process makes it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from contacts.models import NetworkPosition, Organisation, Person, Tie
from contacts.network.graph import Contact

if TYPE_CHECKING:
    from collections.abc import Iterable

# More cannot be told apart on a map, nor read in a table: the strongest are shown, and how many more there are is said.
MOST = 60
# Of the map: how far from the middle the strongest and the weakest tie are.
NEAREST, FARTHEST = 0.45, 1.0


@dataclass
class Neighbour:
    """`among` are the others around the same contact that this one is tied to too."""

    contact: Person | Organisation
    strength: float = 0.0
    kinds: list[str] = field(default_factory=list)
    position: NetworkPosition | None = None
    among: set[Contact] = field(default_factory=set)

    @property
    def percent(self) -> int:
        return round(self.strength * 100)


@dataclass(frozen=True)
class Ego:
    contact: Person | Organisation
    position: NetworkPosition | None
    neighbours: dict[Contact, Neighbour]
    more: int


def key_of(contact: Person | Organisation) -> Contact:
    return Contact(isinstance(contact, Organisation), contact.pk)


def ego_of(contact: Person | Organisation) -> Ego:
    """Three queries, however many ties there are."""
    found = _neighbours(contact)
    order = sorted(found.items(), key=lambda item: (-item[1].strength, item[0]))
    shown = dict(order[:MOST])
    _find_ties_among(shown)
    positions = _positions([key_of(contact), *shown])
    for key, neighbour in shown.items():
        neighbour.position = positions.get(key)
    return Ego(contact, positions.get(key_of(contact)), shown, len(found) - len(shown))


def _neighbours(contact: Person | Organisation) -> dict[Contact, Neighbour]:
    ties = Tie.objects.of_person(contact) if isinstance(contact, Person) else Tie.objects.of_organisation(contact)
    related = ("person", "organisation", "other_person", "other_organisation")
    found: dict[Contact, Neighbour] = {}
    for tie in ties.current(timezone.localdate()).select_related(*related).order_by("pk"):
        other = tie.other if tie.one == contact else tie.one
        neighbour = found.setdefault(key_of(other), Neighbour(other))
        # As `graph.joined`: that at least one of the ties holds.
        neighbour.strength = 1.0 - (1.0 - neighbour.strength) * (1.0 - tie.strength)
        if (kind := tie.get_kind_display()) not in neighbour.kinds:
            neighbour.kinds.append(kind)
    return found


def _of_ends(keys: Iterable[Contact], person: str, organisation: str) -> Q:
    chosen = list(keys)
    people, organisations = ([key.pk for key in chosen if key.is_organisation is kind] for kind in (False, True))
    return Q(**{f"{person}__in": people}) | Q(**{f"{organisation}__in": organisations})


def _find_ties_among(shown: dict[Contact, Neighbour]) -> None:
    both = _of_ends(shown, "person", "organisation") & _of_ends(shown, "other_person", "other_organisation")
    ends = ("person", "organisation", "other_person", "other_organisation")
    for row in Tie.objects.filter(both).current(timezone.localdate()).values_list(*ends):
        one, other = (Contact(person is None, person or organisation) for person, organisation in (row[:2], row[2:]))
        shown[one].among.add(other)
        shown[other].among.add(one)


def _positions(keys: list[Contact]) -> dict[Contact, NetworkPosition]:
    rows = NetworkPosition.objects.current().filter(_of_ends(keys, "person", "organisation"))
    return {Contact(row.person_id is None, row.person_id or row.organisation_id or 0): row for row in rows}


def map_of(ego: Ego, urls: dict[Contact, str]) -> dict[str, Any]:
    """Nodes and edges with their places, for the script. Communities stand side by side on a circle, and the stronger a tie, the nearer."""
    order = sorted(ego.neighbours.items(), key=lambda item: (_community(item[1].position), -item[1].strength, item[0]))
    nodes = [{"id": key_of(ego.contact).id, "label": str(ego.contact), "x": 0.0, "y": 0.0, "size": 12, "tone": tone(ego.position), "url": ""}]
    for number, (key, neighbour) in enumerate(order):
        turn = 2 * math.pi * number / len(order) - math.pi / 2
        far = FARTHEST - (FARTHEST - NEAREST) * neighbour.strength
        place = {"x": round(far * math.cos(turn), 4), "y": round(-far * math.sin(turn), 4)}
        told = {"id": key.id, "label": str(neighbour.contact), "size": _size(neighbour.position), "tone": tone(neighbour.position), "url": urls[key]}
        nodes.append(told | place)
    edges = [{"from": nodes[0]["id"], "to": key.id, "strength": round(neighbour.strength, 3)} for key, neighbour in order]
    among = {tuple(sorted((key, other))) for key, neighbour in order for other in neighbour.among}
    edges += [{"from": one.id, "to": other.id, "strength": 0} for one, other in sorted(among)]
    return {"nodes": nodes, "edges": edges}


def _community(position: NetworkPosition | None) -> int:
    return position.community if position else -1


def tone(position: NetworkPosition | None) -> int:
    """Of the eight of the data palette, from 1. Whoever has no position yet is 0: in the colour of lines."""
    return position.community % 8 + 1 if position else 0


def _size(position: NetworkPosition | None) -> float:
    """Whoever connects is larger: betweenness is seldom above a tenth."""
    return round(5 + 7 * min(1.0, math.sqrt(position.betweenness * 10)), 2) if position else 5
