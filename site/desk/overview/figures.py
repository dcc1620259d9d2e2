"""What the desk says. The number of queries grows with nothing: goals, measures, outreach or touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.bounds import everywhere
from contacts.coverage.audience import DEPTHS, Depth
from contacts.models import Outreach, Touch
from desk.bars import Bar, bar
from desk.forecast import Course, course, forecast
from desk.progress import results_and
from themes.history import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desk.forecast import Forecast
    from desk.overview.filters import Narrowed
    from desk.progress import GoalResult
    from themes.models import Goal

BEST, DUE, UNREACHED = 8, 20, 10
SOON = timedelta(days=7)
SIZE, REACHED = "audience_size", "audience_reached"
ACTED = [kind for kind, depth in DEPTHS.items() if depth > Depth.SENT]
# The worst first.
ORDER = [Course.OFF, Course.MISSED, Course.UNSURE, Course.NO_DATA, Course.EARLY, Course.ON, Course.REACHED]


@dataclass(frozen=True)
class Standing:
    """A result of a goal: how it stands, where it goes, and what the period added (None where it cannot be added up)."""

    result: GoalResult
    course: Course
    forecast: Forecast | None
    added: int | None

    @cached_property
    def bar(self) -> Bar:
        return bar(self.result, self.forecast)

    @property
    def goal(self) -> Goal:
        return self.result.goal

    @property
    def added_words(self) -> str:
        if self.added is None or self.result.measure is None:
            return ""
        return _("In the period: %(number)s %(unit)s.") % {"number": number_format(self.added, force_grouping=True), "unit": self.result.measure.unit}


@dataclass(frozen=True)
class Read:
    """What was read together: how results stand, those that need care first; and by goal, contacts in the audience and those of them reached."""

    standings: list[Standing]
    sizes: Mapping[int, int]
    reached: Mapping[int, int]


def read(goals: Sequence[Goal], narrowed: Narrowed, today: date) -> Read:
    since = min(narrowed.first, today - reading.WINDOW)
    rows, daily = results_and(goals, today, SIZE, REACHED, since=since)
    standings = sorted((_standing(result, narrowed, today) for result in rows), key=lambda one: ORDER.index(one.course))
    sizes = {goal: max(days.items())[1] for goal, days in daily[SIZE].items() if days}
    return Read(standings, sizes, {goal: sum(days.values()) for goal, days in daily[REACHED].items()})


def _standing(result: GoalResult, narrowed: Narrowed, today: date) -> Standing:
    told = forecast(result, today)
    return Standing(result, course(result, told, today), told, _added(result, narrowed))


def _added(result: GoalResult, narrowed: Narrowed) -> int | None:
    if result.days is None or result.measure is None or not result.measure.how.adds_up:
        return None
    return sum(value for day, value in result.days.items() if narrowed.first <= day <= narrowed.last)


def counted(found: Collection[Standing]) -> list[tuple[str, int]]:
    """How many results there are of each course."""
    return [(str(one.label), number) for one in ORDER if (number := sum(row.course is one for row in found))]


@dataclass(frozen=True)
class Unreached:
    goal: Goal
    audience: int
    missing: int
    sentence: str
    url: str


def unreached(goals: Sequence[Goal], found: Read) -> list[Unreached]:
    """The goals whose audience has most contacts that nobody has reached; as of last night where nights have settled it."""
    rows = [_unreached(goal, size, max(size - found.reached.get(goal.pk, 0), 0)) for goal in goals if (size := found.sizes.get(goal.pk, 0))]
    return sorted((row for row in rows if row.missing), key=lambda row: -row.missing)[:UNREACHED]


def _unreached(goal: Goal, size: int, missing: int) -> Unreached:
    words = {"missing": number_format(missing, force_grouping=True), "size": number_format(size, force_grouping=True)}
    told = ngettext("%(missing)s of %(size)s contact has not been reached.", "%(missing)s of %(size)s contacts have not been reached.", size) % words
    return Unreached(goal, size, missing, told, reverse("contacts_coverage", args=[goal.pk]))


@dataclass(frozen=True)
class Due:
    day: date
    is_late: bool
    title: str
    url: str
    kind: str


def due(found: Collection[Standing], goals: Collection[Goal], narrowed: Narrowed, today: date, *, linked: bool) -> list[Due]:
    """Outreach that is planned for the week or was for a day before, and expected results that are due within it."""
    acts = Outreach.objects.filter(done_at=None, planned_on__lte=today + SOON, goals__in=[goal.pk for goal in goals]).distinct()
    if narrowed.channel:
        acts = acts.filter(channel=int(narrowed.channel))
    rows = [_due_act(act, today, linked=linked) for act in acts.order_by("planned_on", "pk")[:DUE]]
    ends = [one for one in found if today <= one.result.expected.due <= today + SOON and one.course is not Course.REACHED]
    rows += [_due_result(one.result) for one in ends]
    return sorted(rows, key=lambda row: row.day)[:DUE]


def _due_act(act: Outreach, today: date, *, linked: bool) -> Due:
    day = act.planned_on or today
    return Due(day, day < today, act.title, reverse("desk:outreach", args=[act.pk]) if linked else "", act.get_kind_display())


def _due_result(result: GoalResult) -> Due:
    title = f"{result.goal.name}: {_measure(result)}"
    return Due(result.expected.due, False, title, reverse("desk:goal", args=[result.goal.pk]), _("Expected result"))


def _measure(result: GoalResult) -> str:
    return capfirst(str(result.measure.label)) if result.measure else result.expected.measure


@dataclass(frozen=True)
class Effort:
    """A goal's contacts of the audience beside the hours and euros that the plan gives it. None where the plan gives none."""

    goal: Goal
    reached: int
    per_ten_hours: Decimal | None
    euros_each: Decimal | None


def efforts(goals: Sequence[Goal], found: Read) -> list[Effort]:
    """Most contacts for the hours first. Goals without hours and cost are left out, and so are those that nothing was done for."""
    spent = [goal for goal in goals if (goal.budget_hours or goal.budget_eur) and goal.pk in found.reached]
    rows = [_effort(goal, found.reached[goal.pk]) for goal in spent]
    return sorted(rows, key=lambda row: -(row.per_ten_hours or 0))[:BEST]


def _effort(goal: Goal, reached: int) -> Effort:
    each = round(10 * reached / goal.budget_hours, 1) if goal.budget_hours else None
    return Effort(goal, reached, each, round(goal.budget_eur / reached, 2) if goal.budget_eur and reached else None)


@dataclass(frozen=True)
class Best:
    """An act of the period: different contacts that it reached, and those of them who did something."""

    act: int
    title: str
    kind: str
    day: str
    people: int
    acted: int
    url: str


def best(goals: Collection[Goal], narrowed: Narrowed, *, linked: bool) -> list[Best]:
    """Acts of the period by how many contacts did something: followed a link, subscribed, registered, came, talked. Two questions."""
    acts = Outreach.objects.filter(narrowed.acts(), goals__in=[goal.pk for goal in goals]).order_by()
    with everywhere():
        touches = Touch.objects.filter(outreach__in=acts.values("pk")).order_by()
        if narrowed.language:
            touches = touches.filter(language=narrowed.language)
        people, did = Count("person", distinct=True), Count("person", distinct=True, filter=Q(kind__in=ACTED))
        # By the act alone: by its title as well, the database would sort all touches by it.
        rows = list(touches.values_list("outreach").annotate(acted=did, people=people).order_by("-acted", "-people", "outreach")[:BEST])
        known = Outreach.objects.in_bulk([act for act, _acted, _people in rows])
    return [_best(known[act], acted, people, linked=linked) for act, acted, people in rows]


def _best(act: Outreach, acted: int, people: int, *, linked: bool) -> Best:
    day = date_format(timezone.localdate(act.done_at), "SHORT_DATE_FORMAT")
    url = reverse("desk:outreach", args=[act.pk]) if linked else ""
    return Best(act.pk, act.title, act.get_kind_display(), day, people, acted, url)
