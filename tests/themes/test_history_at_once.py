"""A night that is killed in the middle, wherever that is: the next one comes to the same figures as if nothing had happened."""

from __future__ import annotations

import os
import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from contacts import outreach
from contacts.models import Outreach, Touch
from tests import factories
from themes.history.rolling import roll_up
from themes.models import DayValue, Series


def make_world():
    theme = factories.make_theme()
    goals = [factories.make_goal(theme) for _ in range(2)]
    for number in range(12):
        at = timezone.now() - timedelta(days=7 * number)
        people = [factories.make_person(theme)]
        act = outreach.log_meeting(theme=theme, kind=Outreach.Kind.MEETING, title="Tapaaminen", goals=goals[: 1 + number % 2], people=people, at=at)
        outreach.count(act, "view", cause="test", language="fi", number=number, day=at.date())
    return goals


def kept():
    days = set(DayValue.objects.values_list("series__goal", "series__measure", "day", "value", "of"))
    return days, set(Series.objects.values_list("goal", "measure", "is_observed", "is_stale", "through"))


def killed_at(statement):
    """A process that settles, and is killed before the statement of that number. Returns whether it came so far."""
    connection.close()
    if not (child := os.fork()):
        left = [statement]

        def count(execute, *args):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*args)

        with connection.execute_wrapper(count):
            roll_up()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.django_db(transaction=True)
def test_a_killed_night_is_made_good_by_the_next():
    make_world()
    # Beyond the first measures, within transactions and between them; then after days have changed.
    assert all(killed_at(statement) for statement in (5, 17, 24, 38, 61))
    half = kept()
    roll_up()
    whole = kept()
    assert len(half[0]) < len(whole[0])
    Touch.objects.filter(pk=Touch.objects.order_by("pk").last().pk)._raw_delete("default")
    assert killed_at(21)
    roll_up()
    changed = kept()
    assert changed[0] < whole[0]
    DayValue.objects.all().delete()
    Series.objects.all().delete()
    roll_up()
    assert kept() == changed
    assert not killed_at(10_000)
    assert kept() == changed
