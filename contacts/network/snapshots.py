"""The network as it is today, written down: nightly, and by `manage.py network --keep`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from base.tasks import enqueue
from contacts import ties
from contacts.models import NetworkPosition, NetworkSnapshot
from contacts.network import graph
from contacts.network.graph import Contact
from contacts.network.metrics import measure
from themes.models import Theme

if TYPE_CHECKING:
    from datetime import date

    from contacts.network.graph import Graph
    from contacts.network.metrics import Metrics

BATCH = 2000
# What a metric may change before that is a new position: of its size, and beside nothing.
TOLERANCE, NOTHING = 0.01, 1e-6
WHOLE = ("degree", "core", "community")
FRACTIONS = ("betweenness", "betweenness_error", "constraint")


@dataclass(frozen=True)
class Kept:
    snapshot: NetworkSnapshot
    written: int


def renew() -> None:
    """Of every theme: the ties that follow from what is shared, then the snapshot. The worker runs it nightly."""
    ties.derive_all()
    for number in Theme.objects.values_list("pk", flat=True):
        enqueue("contacts.network.snapshots.take_of", number)


def take_of(theme_id: int) -> None:
    theme = Theme.objects.filter(pk=theme_id).first()
    if theme:
        take(theme)


def take(theme: Theme, today: date | None = None) -> Kept:
    """A second one of a day replaces the first. Measuring takes its time before anything is locked."""
    day = today or timezone.localdate()
    found = graph.read(theme, day)
    return keep(theme, found, measure(found), day)


@transaction.atomic
def keep(theme: Theme, found: Graph, metrics: Metrics, day: date) -> Kept:
    # Two at once would close each other's rows.
    Theme.objects.select_for_update().get(pk=theme.pk)
    standing = {_contact(row): row for row in NetworkPosition.objects.filter(theme=theme).current().iterator(chunk_size=BATCH)}
    named = graph.names_of(found.contacts)
    communities = renumbered(found.contacts, metrics.communities, {contact: row.community for contact, row in standing.items()})
    values = dict(zip(found.contacts, _values(metrics, communities), strict=True))
    # Whoever was deleted while we measured has no row to point at.
    written = _write(theme, day, standing, {contact: values[contact] for contact in found.contacts if contact in named})
    facts: dict[str, Any] = {
        "contacts": len(found.contacts), "ties": len(found.pairs), "parts": metrics.parts, "communities": len(set(communities)),
        "modularity": metrics.modularity, "sources": metrics.sources, "largest_error": max(metrics.errors, default=0.0),
    }  # fmt: skip
    snapshot, _is_new = NetworkSnapshot.objects.update_or_create(theme=theme, day=day, defaults=facts)
    return Kept(snapshot, written)


def _values(metrics: Metrics, communities: list[int]) -> list[dict[str, Any]]:
    columns = (metrics.degree, metrics.betweenness, metrics.errors, metrics.constraint, metrics.core, communities)
    return [dict(zip(NetworkPosition.METRICS, row, strict=True)) for row in zip(*columns, strict=True)]


def _contact(row: NetworkPosition) -> Contact:
    return Contact(row.person_id is None, row.person_id or row.organisation_id or 0)


def renumbered(contacts: list[Contact], communities: list[int], before: dict[Contact, int]) -> list[int]:
    """A community keeps the number that it had: of those that have most members in common, the larger first. A new one gets the next free number."""
    shared = Counter((new, before[contact]) for contact, new in zip(contacts, communities, strict=True) if contact in before)
    kept: dict[int, int] = {}
    for (new, old), _number in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if new not in kept and old not in kept.values():
            kept[new] = old
    free = max(before.values(), default=-1) + 1
    for new in sorted(set(communities) - set(kept)):
        kept[new], free = free, free + 1
    return [kept[new] for new in communities]


def _write(theme: Theme, day: date, standing: dict[Contact, NetworkPosition], values: dict[Contact, dict[str, Any]]) -> int:
    """Ends what is over, changes what began today already, adds what is new. Returns how many rows were changed or added."""
    changed = [contact for contact, told in values.items() if contact not in standing or _differs(standing[contact], told)]
    gone = [row for contact, row in standing.items() if contact not in values]
    over = [standing[contact] for contact in changed if contact in standing] + gone
    today = [row.pk for row in over if row.since >= day]
    _in_batches(today, lambda numbers: NetworkPosition.objects.filter(pk__in=numbers).delete())
    _in_batches([row.pk for row in over if row.since < day], lambda numbers: NetworkPosition.objects.filter(pk__in=numbers).update(until=day))
    NetworkPosition.objects.bulk_create([_row(theme, contact, day, values[contact]) for contact in changed], batch_size=BATCH)
    return len(changed) + len(gone)


def _row(theme: Theme, contact: Contact, day: date, values: dict[str, Any]) -> NetworkPosition:
    end = {"organisation_id" if contact.is_organisation else "person_id": contact.pk}
    return NetworkPosition(theme=theme, since=day, **end, **values)


def _differs(row: NetworkPosition, told: dict[str, Any]) -> bool:
    return any(getattr(row, name) != told[name] for name in WHOLE) or any(_moved(getattr(row, name), told[name]) for name in FRACTIONS)


def _moved(before: float | None, now: float | None) -> bool:
    if before is None or now is None:
        return before is not now
    return abs(now - before) > max(NOTHING, TOLERANCE * max(abs(before), abs(now)))


def _in_batches(numbers: list[int], act: Any) -> None:
    for start in range(0, len(numbers), BATCH):
        act(numbers[start : start + BATCH])
