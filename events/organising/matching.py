"""Whose registration it is that a meeting tool saw: by address, then by the exact name. What is not certain is shown, and never applied."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from events.models import Registration
from events.organising.meetings import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Event
    from events.organising.meetings import Present

State = Registration.State
MATCHABLE = {State.CONFIRMED, State.ATTENDED}


@dataclass
class Match:
    """`registration` and the time of all who are of it: a group's members may each have joined."""

    registration: Registration
    seen: list[Present] = field(default_factory=list)
    by_name: bool = False

    @property
    def minutes(self) -> int | None:
        """The longest of the group; one person's joins are summed already."""
        return None if all(one.seconds is None for one in self.seen) else max(one.minutes for one in self.seen)


@dataclass
class Matching:
    """`ambiguous`: several registrations have that name. `without_seat`: registered, but not confirmed. `unknown`: nobody of this event."""

    matched: list[Match] = field(default_factory=list)
    too_short: list[Match] = field(default_factory=list)
    ambiguous: list[tuple[Present, list[Registration]]] = field(default_factory=list)
    without_seat: list[tuple[Present, Registration]] = field(default_factory=list)
    unknown: list[Present] = field(default_factory=list)


def match(event: Event, people: Iterable[Present], *, least_minutes: int = 0) -> Matching:
    """Two queries, however many there are."""
    rows = list(Registration.objects.filter(event=event).select_related("person", "event").prefetch_related("guests"))
    by_email, by_name = _addresses(rows), _names(rows)
    found, matches = Matching(), dict[int, Match]()
    later: list[Present] = []
    for one in people:
        known = {row.pk: row for address in one.emails for row in by_email.get(address, ())}
        if len(known) == 1:
            _put(found, matches, one, next(iter(known.values())), by_name=False)
        elif known:
            found.ambiguous.append((one, list(known.values())))
        else:
            later.append(one)
    # An address is surer than a name: whoever was found by one is no longer meant by a name, but by their own second join.
    for one in later:
        _by_name(found, matches, one, by_name.get(plain_name(one.name), []))
    for matched in matches.values():
        is_long_enough = matched.minutes is None or matched.minutes >= least_minutes
        (found.matched if is_long_enough else found.too_short).append(matched)
    return found


def _by_name(found: Matching, matches: dict[int, Match], one: Present, rows: list[Registration]) -> None:
    seated = [row for row in rows if row.state in MATCHABLE] or rows
    if not seated:
        found.unknown.append(one)
    elif len(seated) > 1:
        found.ambiguous.append((one, seated))
    else:
        _put(found, matches, one, seated[0], by_name=True)


def _put(found: Matching, matches: dict[int, Match], one: Present, row: Registration, *, by_name: bool) -> None:
    if row.state not in MATCHABLE:
        found.without_seat.append((one, row))
        return
    known = matches.setdefault(row.pk, Match(row, by_name=by_name))
    known.seen.append(one)
    known.by_name = known.by_name and by_name


def _addresses(rows: Iterable[Registration]) -> dict[str, list[Registration]]:
    found: dict[str, list[Registration]] = defaultdict(list)
    for row in rows:
        for address in {row.person.email, *(guest.email for guest in row.guests.all())} - {""}:
            found[address.casefold()].append(row)
    return found


def _names(rows: Iterable[Registration]) -> dict[str, list[Registration]]:
    found: dict[str, list[Registration]] = defaultdict(list)
    for row in rows:
        for name in {plain_name(str(person)) for person in (row.person, *row.guests.all())} - {""}:
            found[name].append(row)
    return found
