"""The measures that touches and tallies give, each in a fixed number of queries for all goals asked about.

A goal without an outreach of the kinds that could give a measure has no data; one whose outreach reached nobody has 0.
An act of another theme that is shared with the goal's own counts for it too, from the day it was accepted until the bridge ended (`contacts.shared`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django.db.models import Count, Min, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Outreach, Tally, Touch
from contacts.shared import spans
from themes.measures import Measure, register

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import date
    from typing import Any

    from django.utils.functional import _StrPromise

    from contacts.shared import Span
    from themes.measures import Daily

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


def _by_goal(goal_ids: Collection[int], rows: Iterable[tuple[int, date, int]], spans: Iterable[Span], sources: Collection[Outreach.Kind]) -> Daily:
    links = Outreach.goals.through.objects.filter(goal_id__in=goal_ids)
    observed = set(links.filter(outreach__done_at__isnull=False, outreach__kind__in=sources).values_list("goal_id", flat=True))
    observed |= {span.goal for span in spans if span.kind in sources}
    daily: dict[int, dict[date, int]] = {goal: {} for goal in observed}
    for goal, day, number in rows:
        days = daily.setdefault(goal, {})
        days[day] = days.get(day, 0) + number
    return daily


def _touches(goal_ids: Collection[int], kinds: Collection[Touch.Kind]) -> QuerySet[Touch, Any]:
    return Touch.objects.filter(**{f"{GOAL}__in": goal_ids}, kind__in=kinds).order_by()


def _shared(spans: Iterable[Span], rows: QuerySet[Any], value: str) -> Iterator[tuple[int, date, Any]]:
    """(goal, day, value) of the rows that were counted while a bridge stood. `rows` have a `day`; `value` is the name of what is wanted of each."""
    by_act: dict[int, list[Span]] = defaultdict(list)
    for span in spans:
        by_act[span.outreach].append(span)
    for act, day, found in rows.filter(outreach__in=by_act).order_by().values_list("outreach", "day", value) if by_act else ():
        for goal in {span.goal for span in by_act[act] if span.holds(day)}:
            yield goal, day, found


def occurrences(*kinds: Touch.Kind, sources: Collection[Outreach.Kind]) -> Callable[[Collection[int]], Daily]:
    """How many times it happened. One cause counts once a goal, also where it touched two outreaches of that goal."""

    def daily(goal_ids: Collection[int]) -> Daily:
        shared = spans(goal_ids)
        rows = _touches(goal_ids, kinds).annotate(day=TruncDate("at")).values_list(GOAL, "day").annotate(number=Count("cause", distinct=True))
        causes = set(_shared(shared, Touch.objects.filter(kind__in=kinds).annotate(day=TruncDate("at")), "cause"))
        return _by_goal(goal_ids, [*rows, *((goal, day, 1) for goal, day, _cause in causes)], shared, sources)

    return daily


def people(*kinds: Touch.Kind, sources: Collection[Outreach.Kind]) -> Callable[[Collection[int]], Daily]:
    """How many different contacts, each on the day of their first touch."""

    def daily(goal_ids: Collection[int]) -> Daily:
        shared = spans(goal_ids)
        own = _touches(goal_ids, kinds).values_list(GOAL, "person").annotate(first=TruncDate(Min("at")))
        firsts: dict[tuple[int, int], date] = {(goal, person): day for goal, person, day in own}
        for goal, day, person in _shared(shared, Touch.objects.filter(kind__in=kinds).annotate(day=TruncDate("at")), "person"):
            firsts[goal, person] = min(day, firsts.get((goal, person), day))
        counts = Counter((goal, day) for (goal, _person), day in firsts.items())
        return _by_goal(goal_ids, ((goal, day, number) for (goal, day), number in counts.items()), shared, sources)

    return daily


def tallied(kind: Tally.Kind, *, sources: Collection[Outreach.Kind]) -> Callable[[Collection[int]], Daily]:
    def daily(goal_ids: Collection[int]) -> Daily:
        shared, counted = spans(goal_ids), Tally.objects.filter(kind=kind)
        rows = counted.filter(**{f"{GOAL}__in": goal_ids}).order_by().values_list(GOAL, "day").annotate(number=Sum("count"))
        return _by_goal(goal_ids, [*rows, *_shared(shared, counted, "count")], shared, sources)

    return daily


def added(*parts: Callable[[Collection[int]], Daily]) -> Callable[[Collection[int]], Daily]:
    """The known and the counted together: who came with a name, and how many without."""

    def daily(goal_ids: Collection[int]) -> Daily:
        found: dict[int, dict[date, int]] = {}
        for part in parts:
            for goal, days in part(goal_ids).items():
                sums = found.setdefault(goal, {})
                for day, number in days.items():
                    sums[day] = sums.get(day, 0) + number
        return found

    return daily


def register_all() -> None:
    def add(key: str, label: _StrPromise, unit: _StrPromise, level: str, daily: Callable[[Collection[int]], Daily]) -> None:
        register(Measure(key, label, unit, level, daily))

    add("contacts_reached", _("Contacts reached"), pgettext_lazy("unit", "contacts"), "outtake", people(*Touch.Kind, sources=tuple(Outreach.Kind)))
    add(
        "meetings",
        _("Contacts met or called"),
        pgettext_lazy("unit", "contacts"),
        "outtake",
        people(Touch.Kind.MET, Touch.Kind.CALLED, sources=MEETINGS),
    )
    add(
        "mail_deliveries",
        _("Newsletter copies delivered"),
        pgettext_lazy("unit", "copies"),
        "output",
        occurrences(Touch.Kind.DELIVERED, sources=ISSUES),
    )
    add("mail_clicks", _("Clicks from newsletters"), pgettext_lazy("unit", "clicks"), "outtake", occurrences(Touch.Kind.CLICKED, sources=ISSUES))
    add("new_subscribers", _("New subscribers"), pgettext_lazy("unit", "subscribers"), "outcome", people(Touch.Kind.SUBSCRIBED, sources=ISSUES))
    add(
        "registrations",
        _("Event registrations"),
        pgettext_lazy("unit", "registrations"),
        "outtake",
        occurrences(Touch.Kind.REGISTERED, sources=EVENTS),
    )
    came = added(occurrences(Touch.Kind.ATTENDED, sources=EVENTS), tallied(Tally.Kind.ATTENDED, sources=EVENTS))
    add("attendance", _("Attendance at events"), pgettext_lazy("unit", "attendances"), "outcome", came)
    add("page_views", _("Page views"), pgettext_lazy("unit", "views"), "output", tallied(Tally.Kind.VIEW, sources=PAGES))
    add("downloads", _("Downloads"), pgettext_lazy("unit", "downloads"), "outtake", tallied(Tally.Kind.DOWNLOAD, sources=PAGES))
