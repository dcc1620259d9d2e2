"""Reports of tests, begun and approved by the product's own actions."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from contacts import outreach
from contacts.models import Outreach
from desk.reports import composing
from desk.reports.actions import approve_report
from desk.reports.beginning import begin_report
from desk.reports.periods import Period
from tests import factories
from themes.models import ExpectedResult


def last_days(days=60):
    today = timezone.localdate()
    return Period(today - timedelta(days=days), today)


def make_goal(theme, **values):
    """Two expected results: three contacts were met in the period and one before it; nothing is known of its newsletter."""
    goal = factories.make_goal(theme, measure="meetings", **values)
    due = timezone.localdate() + timedelta(days=100)
    ExpectedResult.objects.create(goal=goal, measure="mail_clicks", low=5, target=10, high=20, due=due)
    meet(goal, 1, days=90)
    meet(goal, 2, days=40)
    meet(goal, 1, days=5)
    return goal


def meet(goal, number, days, title="Tapaaminen", people=()):
    people = people or [factories.make_person(goal.theme) for _one in range(number)]
    at = timezone.now() - timedelta(days=days)
    facts = {"kind": Outreach.Kind.MEETING, "title": f"{title} {days}", "goals": [goal], "people": people}
    return outreach.log_meeting(theme=goal.theme, at=at, **facts)


def begin(theme, goals, **values):
    facts = {"kind": "steering-group", "period": last_days(), "languages": ["fi"], "responsible": None, "by": None}
    return begin_report(theme=theme, goals=goals, **(facts | values))


def approve(report, by, note=""):
    return approve_report(report=report, note=note, by=by, seen=composing.mark(report))
