"""Lines become sums, in memory: what each adds to the totals of its minute, hour and day, once it is known whom the day has seen before."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from reach import lines
from reach.models import WORDS, Seen, Total
from reach.places import places
from reach.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reach.lines import Line
    from reach.places import Place

Grain, Scope, Facet = Total.Grain, Total.Scope, Total.Facet
INACTIVE = 30 * 60
# What was believed so many seconds before a burst was seen, and as many after, was the burst's.
REVOKES = 15
HASHES_ASKED = 400


class Cell(NamedTuple):
    theme: int
    grain: str
    starts: datetime
    scope: str
    key: str
    facet: str
    value: str


@dataclass(slots=True)
class Sum:
    views: int = 0
    readers: int = 0
    visits: int = 0
    reads: int = 0
    seconds: int = 0
    depth: int = 0


class Face(NamedTuple):
    """A reader where they were seen."""

    day: date
    reader: str
    theme: int
    scope: str
    key: str


@dataclass(slots=True)
class Met:
    """When they were first and last seen there that day, and how often: a row of `Seen`."""

    first: int
    last: int
    views: int = 0
    reads: int = 0


@dataclass
class Sums:
    totals: defaultdict[Cell, Sum] = field(default_factory=lambda: defaultdict(Sum))
    dropped: Counter[tuple[date, str]] = field(default_factory=Counter)
    # Views by page and day, for the tallies of outreach.
    viewed: Counter[tuple[int, date]] = field(default_factory=Counter)
    seen: dict[Face, Met] = field(default_factory=dict)
    changed: set[Face] = field(default_factory=set)


def sums_of(found: Iterable[Line], unread: int = 0) -> Sums:
    """`unread` lines could not be read. Asks for the pages, and for those of the day's readers who are in the lines."""
    told = sorted(found, key=lambda line: line.at)
    sums, known = Sums(), places()
    _remember(sums, told)
    revoked: defaultdict[str, list[int]] = defaultdict(list)
    for line in told:
        if line.kind == lines.REVOKED:
            revoked[line.reader].append(line.at)
    days: dict[int, date] = {}
    for line in told:
        hour = line.at // 3600
        day = days.get(hour) or days.setdefault(hour, timezone.localdate(datetime.fromtimestamp(line.at, UTC)))
        _add(sums, line, day, known.get(line.page), revoked.get(line.reader, ()))
    if unread:
        sums.dropped[timezone.localdate(), Verdict.MALFORMED.value] += unread
    return sums


def _remember(sums: Sums, told: list[Line]) -> None:
    """Who was seen before in the days of the lines."""
    if not told:
        return
    readers = sorted({line.reader for line in told if line.reader and line.kind != lines.REVOKED})
    first, last = (timezone.localdate(datetime.fromtimestamp(line.at, UTC)) for line in (told[0], told[-1]))
    for start in range(0, len(readers), HASHES_ASKED):
        for row in Seen.objects.filter(day__gte=first, day__lte=last, reader__in=readers[start : start + HASHES_ASKED]):
            sums.seen[Face(row.day, row.reader, row.theme, row.scope, row.key)] = Met(row.first, row.last, row.views, row.reads)


def _add(sums: Sums, line: Line, day: date, place: Place | None, revoked: Iterable[int]) -> None:
    if line.kind == lines.REVOKED:
        return
    verdict = line.verdict
    if verdict == Verdict.PERSON and any(abs(line.at - at) <= REVOKES for at in revoked):
        verdict = Verdict.BURST.value
    if verdict == Verdict.PERSON and place is None:
        verdict = Verdict.UNKNOWN_PAGE.value
    if verdict != Verdict.PERSON or place is None:
        sums.dropped[day, verdict] += line.kind in (lines.VIEW, lines.DROPPED)
        return
    {lines.VIEW: _view, lines.READ: _reading, lines.OUT: _words, lines.SOUGHT: _words}[line.kind](sums, line, day, place)


def _parts(line: Line, place: Place) -> tuple[tuple[str, str], ...]:
    return (
        (Scope.SITE.value, ""),
        (Scope.LANGUAGE.value, place.language),
        (Scope.SECTION.value, str(place.section)),
        (Scope.PAGE.value, str(line.page)),
    )


def _view(sums: Sums, line: Line, day: date, place: Place) -> None:
    midnight = day_starts(day)
    moments = ((Grain.MINUTE.value, line.at // 60 * 60), (Grain.HOUR.value, line.at // 3600 * 3600))
    starts = [(grain, datetime.fromtimestamp(at, UTC)) for grain, at in moments] + [(Grain.DAY.value, midnight)]
    facets = [(Facet.ALL.value, ""), (Facet.SOURCE.value, line.source)]
    if line.campaign:
        facets.append((Facet.CAMPAIGN.value, line.campaign))
    sums.viewed[line.page, day] += 1
    is_visit = False
    for scope, key in _parts(line, place):
        is_new, since = _see(sums, Face(day, line.reader, place.theme, scope, key), line.at)
        if scope == Scope.SITE:
            is_visit = is_new or since > INACTIVE
        for facet, value in facets:
            for grain, at in starts:
                sums.totals[Cell(place.theme, grain, at, scope, key, facet, value)].views += 1
            cell = sums.totals[Cell(place.theme, Grain.DAY.value, midnight, scope, key, facet, value)]
            cell.visits += is_visit and scope == Scope.SITE
            cell.readers += is_new and not facet


def _see(sums: Sums, face: Face, at: int) -> tuple[bool, int]:
    """(whether for the first time that day, seconds since the last)."""
    row = sums.seen.get(face)
    is_new, since = row is None, 0
    if row is None:
        row = sums.seen[face] = Met(at, at)
    else:
        since = at - row.last
    row.last = max(row.last, at)
    row.views += 1
    sums.changed.add(face)
    return is_new, since


def _reading(sums: Sums, line: Line, day: date, place: Place) -> None:
    """Believed of a page that the same reader has opened that day: once for each time, and not longer than since the first."""
    face = Face(day, line.reader, place.theme, Scope.PAGE.value, str(line.page))
    row = sums.seen.get(face)
    if row is None or row.reads >= row.views:
        sums.dropped[day, Verdict.UNSEEN.value] += 1
        return
    row.reads += 1
    sums.changed.add(face)
    seconds = max(0, min(line.seconds, line.at - row.first + 1))
    for scope, key in _parts(line, place):
        cell = sums.totals[Cell(place.theme, Grain.DAY.value, day_starts(day), scope, key, Facet.ALL.value, "")]
        cell.reads, cell.seconds, cell.depth = cell.reads + 1, cell.seconds + seconds, cell.depth + line.depth


def _words(sums: Sums, line: Line, day: date, place: Place) -> None:
    """Where a link led, or what was sought in vain: by how many different readers, so that what one alone has asked is never shown."""
    facet = Facet.OUT.value if line.kind == lines.OUT else Facet.SOUGHT.value
    words = line.words[:WORDS]
    is_new, _since = _see(sums, Face(day, line.reader, place.theme, facet, words), line.at)
    cell = sums.totals[Cell(place.theme, Grain.DAY.value, day_starts(day), Scope.SITE.value, "", facet, words)]
    cell.views, cell.readers = cell.views + 1, cell.readers + is_new


def day_starts(day: date) -> datetime:
    """Its midnight in Helsinki. Days are kept by it."""
    found = _midnights.get(day)
    if found is None:
        if len(_midnights) > A_YEAR:
            _midnights.clear()
        found = _midnights[day] = timezone.make_aware(datetime.combine(day, time.min))
    return found


A_YEAR = 400
_midnights: dict[date, datetime] = {}
