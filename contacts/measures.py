"""What measures of touches and tallies are made of; each asks a fixed number of questions for all goals. `contacts.own_measures` and the packages
above register theirs with it.

A goal without an outreach of the kinds that could give a measure has no data; one whose outreach reached nobody has 0.
An act of another theme that is shared with the goal's own counts for it too, from the day it was accepted until the bridge ended (`contacts.shared`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Max, Min, QuerySet, Sum, Value
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone

from contacts.models import Outreach, Tally, Touch
from contacts.shared import spans
from themes.measures import once

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from contacts.shared import Span
    from themes.measures import Daily, Read

GOAL = "outreach__goals"
MEETINGS = (Outreach.Kind.MEETING, Outreach.Kind.CALL)
PAGES = (
    Outreach.Kind.STORY,
    Outreach.Kind.RESULT,
    Outreach.Kind.PRACTICE,
    Outreach.Kind.PUBLICATION,
    Outreach.Kind.FUNDING_CALL,
    Outreach.Kind.EVENT,
    Outreach.Kind.ISSUE,
)
ISSUES = (Outreach.Kind.ISSUE,)
EVENTS = (Outreach.Kind.EVENT,)
ALL = tuple(Outreach.Kind)

# Each contact with the day on which they were first reached for a goal; `seen` are the touches of acts of its own, and of those shared with it.
FIRSTS = "seen (goal, person, day) AS ({seen}), firsts (goal, person, day) AS (SELECT goal, person, MIN(day) FROM seen GROUP BY goal, person)"
# Few have been touched since: their earlier touches are read once for each of them, not once for each goal.
NEW = """seen (goal, person, day) AS ({seen}), newest (goal, person, day) AS (SELECT goal, person, MIN(day) FROM seen GROUP BY goal, person),
known (goal, person) AS (SELECT DISTINCT newest.goal, newest.person FROM (SELECT DISTINCT person FROM newest) touched
JOIN contacts_touch earlier ON earlier.person_id = touched.person AND earlier.kind IN ({kinds}) AND earlier.at < %s
JOIN contacts_outreach_goals serves ON serves.outreach_id = earlier.outreach_id
JOIN newest ON newest.person = earlier.person_id AND newest.goal = serves.goal_id),
firsts (goal, person, day) AS (SELECT newest.goal, newest.person, newest.day FROM newest
LEFT JOIN known ON known.goal = newest.goal AND known.person = newest.person WHERE known.person IS NULL)"""
SHARED = """ UNION ALL SELECT span.goal, touched.person, touched.day FROM ({touched}) touched JOIN span ON span.act = touched.act
AND touched.day >= span.began AND (span.over IS NULL OR touched.day <= span.over)"""


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def as_day(value: Any) -> date:
    """Of a day that SQL of our own has asked for."""
    return value if isinstance(value, date) else date.fromisoformat(value)


# ---- what is asked once for all measures
shared_acts = once(spans)


@once
def _done(goal_ids: Collection[int]) -> set[tuple[int, str]]:
    """(goal, kind) of what was done for it."""
    links = Outreach.goals.through.objects.filter(goal_id__in=goal_ids, outreach__done_at__isnull=False)
    return set(links.values_list("goal_id", "outreach__kind").distinct())


@once
def _counted(goal_ids: Collection[int], since: date | None) -> dict[tuple[str, str], list[tuple[int, date, int]]]:
    """By table and kind, (goal, day, number): of touches how many causes, of tallies their sum. One question."""
    tallies = Tally.objects.filter(**{f"{GOAL}__in": goal_ids}, **({"day__gte": since} if since else {})).order_by()
    caused = _touches(goal_ids, since).annotate(table=Value("touch"), on=TruncDate("at")).values_list("table", "kind", GOAL, "on")
    summed = tallies.annotate(table=Value("tally")).values_list("table", "kind", GOAL, "day")
    rows = caused.annotate(number=Count("cause", distinct=True)).union(summed.annotate(number=Sum("count")), all=True)
    found: dict[tuple[str, str], list[tuple[int, date, int]]] = defaultdict(list)
    for table, kind, goal, day, number in rows:
        found[table, kind].append((goal, day, number))
    return found


def _touches(goal_ids: Collection[int], since: date | None = None) -> QuerySet[Touch, Any]:
    """With `since`, by the index of kinds and moments: hence all kinds are named."""
    rows = Touch.objects.filter(**{f"{GOAL}__in": goal_ids}).order_by()
    return rows.filter(at__gte=midnight(since), kind__in=Touch.Kind.values) if since else rows


def observed(goal_ids: Collection[int], sources: Collection[Outreach.Kind]) -> set[int]:
    """Goals for which something was done that could have given the figure."""
    found = {goal for goal, kind in _done(goal_ids) if kind in sources}
    return found | {span.goal for span in shared_acts(goal_ids) if span.kind in sources}


def by_goal(goals: Iterable[int], rows: Iterable[tuple[int, date, int]]) -> Daily:
    daily: dict[int, dict[date, int]] = {goal: {} for goal in goals}
    for goal, day, number in rows:
        days = daily.setdefault(goal, {})
        days[day] = days.get(day, 0) + number
    return daily


def _shared(spans: Iterable[Span], rows: QuerySet[Any], value: str) -> Iterator[tuple[int, date, Any]]:
    """(goal, day, value) of the rows that were counted while a bridge stood. `rows` have a `day`; `value` is the name of what is wanted of each."""
    by_act: dict[int, list[Span]] = defaultdict(list)
    for span in spans:
        by_act[span.outreach].append(span)
    for act, day, found in rows.filter(outreach__in=by_act).order_by().values_list("outreach", "day", value) if by_act else ():
        for goal in {span.goal for span in by_act[act] if span.holds(day)}:
            yield goal, day, found


# ---- measures
def occurrences(*kinds: Touch.Kind, sources: Collection[Outreach.Kind]) -> Read:
    """How many times it happened. One cause counts once a goal, also where it touched two outreaches of that goal."""

    def daily(goal_ids: Collection[int], since: date | None = None) -> Daily:
        own = [row for kind in kinds for row in _counted(goal_ids, since).get(("touch", kind.value), ())]
        rows = Touch.objects.filter(kind__in=kinds, **({"at__gte": midnight(since)} if since else {})).annotate(day=TruncDate("at"))
        causes = set(_shared(shared_acts(goal_ids), rows, "cause"))
        return by_goal(observed(goal_ids, sources), [*own, *((goal, day, 1) for goal, day, _cause in causes)])

    return daily


def people(*kinds: Touch.Kind, sources: Collection[Outreach.Kind]) -> Read:
    """How many different contacts, each on the day of their first touch."""

    def daily(goal_ids: Collection[int], since: date | None = None) -> Daily:
        return by_goal(observed(goal_ids, sources), count_firsts(goal_ids, kinds, since))

    return daily


def different(*kinds: Touch.Kind) -> Callable[[Collection[int], date, date], Mapping[int, int]]:
    """How many different contacts were reached in a period, its first and last day among them; never a sum of days."""

    def unique(goal_ids: Collection[int], first: date, last: date) -> Mapping[int, int]:
        ctes, values = seen(goal_ids, kinds, None)
        bounds = [day if connection.vendor == "postgresql" else day.isoformat() for day in (first, last)]
        ask = f"WITH {ctes} SELECT goal, COUNT(DISTINCT person) FROM seen WHERE day BETWEEN %s AND %s GROUP BY goal"  # noqa: S608 — the ORM's own SQL
        with connection.cursor() as cursor:
            cursor.execute(ask, [*values, *bounds])
            return dict(cursor.fetchall())

    return unique


def tallied(kind: Tally.Kind, *, sources: Collection[Outreach.Kind]) -> Read:
    def daily(goal_ids: Collection[int], since: date | None = None) -> Daily:
        own = _counted(goal_ids, since).get(("tally", kind.value), ())
        counted = Tally.objects.filter(kind=kind, **({"day__gte": since} if since else {}))
        return by_goal(observed(goal_ids, sources), [*own, *_shared(shared_acts(goal_ids), counted, "count")])

    return daily


def added(*parts: Read) -> Read:
    """The known and the counted together: who came with a name, and how many without."""

    def daily(goal_ids: Collection[int], since: date | None = None) -> Daily:
        found: dict[int, dict[date, int]] = {}
        for part in parts:
            for goal, days in part(goal_ids, since).items():
                sums = found.setdefault(goal, {})
                for day, number in days.items():
                    sums[day] = sums.get(day, 0) + number
        return found

    return daily


# ---- in the database: contacts are counted where they are
def seen(goal_ids: Collection[int], kinds: Collection[Touch.Kind], since: date | None) -> tuple[str, list[Any]]:
    """Expressions for a WITH: `seen` and `firsts`, and their values. With `since`, of those alone who were touched since."""
    touched, found = Touch.objects.filter(kind__in=kinds).order_by(), shared_acts(goal_ids)
    if since and not found:
        return _new_since(kinds, goal_ids, since)
    if since:
        touched = touched.filter(person__in=touched.filter(at__gte=midnight(since)).values("person"))
    own = touched.filter(**{f"{GOAL}__in": goal_ids}).annotate(day=TruncDate("at")).values_list(GOAL, "person", "day")
    sql, values = own.query.sql_with_params()
    if not found:
        return FIRSTS.format(seen=sql), list(values)
    bridged = touched.filter(outreach__in={span.outreach for span in found}).annotate(day=TruncDate("at"))
    theirs, more = bridged.values_list("outreach", "person", "day").query.sql_with_params()
    table, rows = _span_rows(found)
    expressions = FIRSTS.format(seen=sql + SHARED.format(touched="SELECT act, person, day FROM theirs"))
    return f"span (act, goal, began, over) AS ({table}), theirs (act, person, day) AS ({theirs}), {expressions}", [*rows, *more, *values]


def _new_since(kinds: Collection[Touch.Kind], goal_ids: Collection[int], since: date) -> tuple[str, list[Any]]:
    """Few have been touched since, and it is soon asked of each whether they had been before. Where no act is shared, that is all."""
    now = _touches(goal_ids, since).filter(kind__in=kinds).annotate(day=TruncDate("at")).values_list(GOAL, "person", "day")
    sql, values = now.query.sql_with_params()
    begin = connection.ops.adapt_datetimefield_value(midnight(since))
    names = [kind.value for kind in kinds]
    return NEW.format(seen=sql, kinds=", ".join(["%s"] * len(names))), [*values, *names, begin]


def _span_rows(found: Iterable[Span]) -> tuple[str, list[Any]]:
    """As VALUES. SQLite has days as text."""
    is_embedded = connection.vendor == "sqlite"
    day = "%s" if is_embedded else "CAST(%s AS date)"
    rows = [(span.outreach, span.goal, span.first, span.last) for span in found]
    texts = [value.isoformat() if is_embedded and isinstance(value, date) else value for row in rows for value in row]
    return "VALUES " + ", ".join([f"(CAST(%s AS bigint), CAST(%s AS bigint), {day}, {day})"] * len(rows)), texts


@once
def count_firsts(goal_ids: Collection[int], kinds: Collection[Touch.Kind], since: date | None) -> list[tuple[int, date, int]]:
    """(goal, day, how many were first reached then). One question."""
    ctes, values = seen(goal_ids, kinds, since)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {ctes} SELECT goal, day, COUNT(*) FROM firsts GROUP BY goal, day", values)  # noqa: S608 — the ORM's own SQL
        rows = [(goal, as_day(day), number) for goal, day, number in cursor.fetchall()]
    return [row for row in rows if since is None or row[1] >= since]


# ---- whether it is as it was
@once
def marks(goal_ids: Collection[int]) -> Mapping[int, Mapping[date, str]]:
    """Of each goal and month, how its touches and tallies look: how many, which, of whom. Two questions, and one for bridges."""
    found: dict[int, dict[date, str]] = {goal: {} for goal in goal_ids}
    touches = _touches(goal_ids).annotate(month=TruncMonth("at")).values_list(GOAL, "month")
    for goal, month, *parts in touches.annotate(n=Count("pk"), keys=Sum("pk"), who=Sum("person"), first=Min("at"), last=Max("at")):
        found[goal][timezone.localdate(month)] = ":".join(map(str, parts))
    tallies = Tally.objects.filter(**{f"{GOAL}__in": goal_ids}).order_by().annotate(month=TruncMonth("day")).values_list(GOAL, "month")
    for goal, month, *parts in tallies.annotate(n=Count("pk"), keys=Sum("pk"), counted=Sum("count"), first=Min("day"), last=Max("day")):
        found[goal][month] = f"{found[goal].get(month, '')}/{':'.join(map(str, parts))}"
    for span in shared_acts(goal_ids):
        # Whatever happens in a bridge, its goals are computed from the day it began.
        month = span.first.replace(day=1)
        found[span.goal][month] = f"{found[span.goal].get(month, '')}|{timezone.now().isoformat()}"
    return found


def standing(rows: Iterable[tuple[int, Any, date, date | None]]) -> dict[int, dict[date, int]]:
    """Of (goal, who, first day, first day without): how many different ones stood at the end of each day on which that changed."""
    turns: dict[int, dict[date, list[tuple[Any, int]]]] = defaultdict(lambda: defaultdict(list))
    for goal, who, first, over in rows:
        if over is None or over > first:
            turns[goal][first].append((who, 1))
            if over:
                turns[goal][over].append((who, -1))
    found: dict[int, dict[date, int]] = {}
    for goal, days in turns.items():
        times: dict[Any, int] = defaultdict(int)
        found[goal], number = {}, 0
        for day in sorted(days):
            before = number
            for who, turn in days[day]:
                was = times[who]
                times[who] += turn
                number += (times[who] > 0) - (was > 0)
            if number != before:
                found[goal][day] = number
    return found
