"""The measures of the register itself: contacts reached, met and brought together, organisations in networks, service needs passed on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Min
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.coverage.counting import everybody
from contacts.measures import ALL, MEETINGS, as_day, by_goal, different, marks, observed, people, seen, standing
from contacts.models import Membership, NeedTurn, Outreach, Role, ServiceNeed, Touch
from contacts.ties import CROWD
from themes.measures import How, Measure, register
from themes.models import Goal

if TYPE_CHECKING:
    from collections.abc import Collection

    from themes.measures import Daily

# A goal without target groups and networks means everybody; so does one without regions. `placed` has each contact once, `member` those of networks.
MEANT = """
(goal NOT IN (SELECT goal_id FROM themes_goal_regions) OR (goal, place) IN (SELECT goal_id, region_id FROM themes_goal_regions))
AND ((goal NOT IN (SELECT goal_id FROM themes_goal_audiences) AND goal NOT IN (SELECT goal_id FROM contacts_network_goals))
OR (goal, grp) IN (SELECT goal_id, targetgroup_id FROM themes_goal_audiences) OR (goal, person) IN (SELECT goal, someone FROM member))
"""
OF_AUDIENCE = """
WITH {seen}, {everybody}, member (goal, someone) AS ({member})
SELECT goal, day, COUNT(*) FROM firsts JOIN everybody ON everybody.id = person
JOIN themes_goal ON themes_goal.id = goal AND themes_goal.theme_id = theme
WHERE {meant} GROUP BY goal, day
"""
AUDIENCES = """
WITH {everybody}, member (goal, someone) AS ({member}), everyone (goal, person, place, grp) AS (
SELECT themes_goal.id, everybody.id, place, grp FROM themes_goal JOIN everybody ON theme = theme_id WHERE themes_goal.id IN ({goals}))
SELECT goal, COUNT(*) FROM everyone WHERE {meant} GROUP BY goal
"""
# Two who take part in the same small act for the first time. `sat` has each contact of an act once.
FIRST_TOGETHER = """
WITH sat (act, person, day) AS ({sat}), small (act) AS (SELECT act FROM sat GROUP BY act HAVING COUNT(*) BETWEEN 2 AND %s),
pairs (one, other, act, day) AS (SELECT a.person, b.person, a.act, CASE WHEN a.day > b.day THEN a.day ELSE b.day END
FROM sat a JOIN small ON small.act = a.act JOIN sat b ON b.act = a.act AND b.person > a.person),
met (one, other, day) AS (SELECT one, other, MIN(day) FROM pairs GROUP BY one, other),
won (goal, one, other, day) AS (SELECT DISTINCT serves.goal_id, met.one, met.other, met.day FROM met
JOIN pairs ON pairs.one = met.one AND pairs.other = met.other AND pairs.day = met.day
JOIN contacts_outreach_goals serves ON serves.outreach_id = pairs.act)
SELECT goal, day, COUNT(*) FROM won GROUP BY goal, day
"""


def audience_reached(goal_ids: Collection[int], since: date | None = None) -> Daily:
    """One question for all goals, as `contacts.coverage` has it for one."""
    firsts, values = seen(goal_ids, tuple(Touch.Kind), since)
    (people_sql, more), (members, values_of_members) = _people(goal_ids), members_of_networks(goal_ids)
    ask = OF_AUDIENCE.format(seen=firsts, everybody=people_sql, member=members, meant=MEANT)
    with connection.cursor() as cursor:
        cursor.execute(ask, [*values, *more, *values_of_members])
        found = [(goal, as_day(day), number) for goal, day, number in cursor.fetchall()]
    rows = [row for row in found if row[0] in set(goal_ids) and (since is None or row[1] >= since)]
    return by_goal(observed(goal_ids, ALL), rows)


def audience_size(goal_ids: Collection[int], since: date | None = None) -> Daily:
    """As it stands now; the register keeps no other days, so each night adds its own."""
    (people_sql, values), (members, more) = _people(goal_ids), members_of_networks(goal_ids)
    numbers = list(goal_ids)
    if not numbers:
        return {}
    ask = AUDIENCES.format(everybody=people_sql, member=members, goals=", ".join(["%s"] * len(numbers)), meant=MEANT)
    with connection.cursor() as cursor:
        cursor.execute(ask, [*values, *more, *numbers])
        sizes = dict(cursor.fetchall())
    yesterday = timezone.localdate() - timedelta(days=1)
    return {goal: {yesterday: sizes.get(goal, 0)} if since is None or yesterday >= since else {} for goal in numbers}


def _people(goal_ids: Collection[int]) -> tuple[str, tuple[Any, ...]]:
    return everybody(Goal.objects.filter(pk__in=list(goal_ids)).values("theme"))


def members_of_networks(goal_ids: Collection[int]) -> tuple[str, tuple[Any, ...]]:
    """(goal, person) of the goals' networks: by name, or by an organisation that names nobody."""
    today = Membership.objects.current().filter(network__goals__in=list(goal_ids)).order_by()
    own, theirs = today.exclude(person=None).values_list("network__goals", "person"), today.filter(person=None)
    seats = Role.objects.current().filter(organisation__memberships__in=theirs).order_by()
    (one, values), (other, more) = (
        rows.query.sql_with_params() for rows in (own, seats.values_list("organisation__memberships__network__goals", "person"))
    )
    return f"{one} UNION {other}", (*values, *more)


def first_together(goal_ids: Collection[int], since: date | None = None) -> Daily:
    sat = Touch.objects.filter(kind__in=(Touch.Kind.ATTENDED, Touch.Kind.MET)).order_by().values_list("outreach", "person")
    sql, values = sat.annotate(day=TruncDate(Min("at"))).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(FIRST_TOGETHER.format(sat=sql), [*values, CROWD])
        found = [(goal, as_day(day), number) for goal, day, number in cursor.fetchall()]
    rows = [row for row in found if row[0] in set(goal_ids) and (since is None or row[1] >= since)]
    return by_goal(observed(goal_ids, (*MEETINGS, Outreach.Kind.EVENT)), rows)


def organisations(goal_ids: Collection[int], since: date | None = None) -> Daily:
    """Members of the goal's networks. One whose first day nobody wrote down is there from the beginning of the plan."""
    linked = Goal.objects.filter(pk__in=list(goal_ids), networks__isnull=False).distinct().values_list("pk", flat=True)
    rows = Membership.objects.filter(network__goals__in=list(goal_ids), organisation__isnull=False).order_by()
    spans = rows.values_list("network__goals", "organisation", "starts", "ends", "network__goals__plan__starts")
    found = standing((goal, body, first or began, last and last + timedelta(days=1)) for goal, body, first, last, began in spans)
    return {goal: _since(found.get(goal, {}), since) for goal in linked if goal in set(goal_ids)}


def needs_passed_on(goal_ids: Collection[int], since: date | None = None) -> Daily:
    """Of the goal's theme, and of its regions where it names some; a need of the whole country is one of every region."""
    goals = [(goal.pk, goal.theme_id, {region.pk for region in goal.regions.all()}) for goal in _goals(goal_ids)]
    heard = set(ServiceNeed.objects.order_by().values_list("theme", "region").distinct())
    passed = (
        NeedTurn.objects.filter(state=ServiceNeed.State.PASSED_ON).annotate(day=TruncDate("at")).values_list("need__theme", "need__region", "day")
    )
    turns = list(passed)

    def fits(theme: int, regions: set[int], of: int, region: int | None) -> bool:
        return of == theme and (not regions or region is None or region in regions)

    rows = [(goal, day, 1) for goal, theme, regions in goals for of, region, day in turns if fits(theme, regions, of, region)]
    known = [goal for goal, theme, regions in goals if any(fits(theme, regions, *place) for place in heard)]
    return by_goal(known, [row for row in rows if since is None or row[1] >= since])


def _goals(goal_ids: Collection[int]) -> Any:
    return Goal.objects.filter(pk__in=list(goal_ids)).prefetch_related("regions")


def _since(days: dict[date, int], since: date | None) -> dict[date, int]:
    return {day: value for day, value in days.items() if since is None or day >= since}


def register_all() -> None:
    touched = _("Touches of the outreach that serves the goal: deliveries, clicks, registrations, attendance, meetings and calls.")
    contacts = pgettext_lazy("unit", "contacts")
    met = (Touch.Kind.MET, Touch.Kind.CALLED)
    register(
        Measure(
            "contacts_reached", _("Contacts reached"), contacts, "outtake", people(*Touch.Kind, sources=ALL), How.PEOPLE, touched,
            marks, unique=different(*Touch.Kind),
        )
    )  # fmt: skip
    register(
        Measure(
            "audience_reached", _("Contacts reached of the audience"), contacts, "outtake", audience_reached, How.PEOPLE,
            _("Touches of the outreach that serves the goal, of contacts in its target groups, networks and regions as they stand now."),
            live=False,
        )
    )  # fmt: skip
    register(
        Measure(
            "audience_size", _("Contacts in the audience"), contacts, "output", audience_size, How.LAST,
            _("Contacts of the register in the goal's target groups, networks and regions, as they stood each night."),
            lambda _goals: {}, live=False,
        )
    )  # fmt: skip
    register(
        Measure(
            "meetings", _("Contacts met or called"), contacts, "outtake", people(*met, sources=MEETINGS), How.PEOPLE,
            _("Meetings and calls that the staff have written down."), marks, unique=different(*met),
        )
    )  # fmt: skip
    register(
        Measure(
            "new_ties", _("Contacts brought together for the first time"), pgettext_lazy("unit", "pairs"), "outcome", first_together, How.SUM,
            _("Pairs of contacts who took part for the first time in the same meeting or event, of at most 60 contacts, that serves the goal."),
            live=False,
        )
    )  # fmt: skip
    register(
        Measure(
            "network_organisations", _("Organisations in networks"), pgettext_lazy("unit", "organisations"), "outcome", organisations, How.LAST,
            _("Memberships of organisations in the networks of the goal; each organisation once."),
        )
    )  # fmt: skip
    register(
        Measure(
            "needs_passed_on", _("Service needs passed on"), pgettext_lazy("unit", "service needs"), "outcome", needs_passed_on, How.SUM,
            _("Service needs that were passed on to the national level, of the goal's regions where it names some."),
        )
    )  # fmt: skip
