"""Two who approve the same plan at once, each on a connection of their own."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from base.models import User
from tests import factories
from themes.models import Plan, PlanVersion
from themes.plans import snapshot
from themes.plans.actions import NotApproved, approve_plan, mark


def at_once(*works):
    """Each in a thread. What they raise is raised here."""
    start, raised = threading.Barrier(len(works)), []

    def run(work):
        try:
            start.wait()
            work()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not raised, raised


@pytest.fixture
def plan(transactional_db):
    factories.make_root()
    return factories.make_goal(factories.make_theme()).plan


def approving(plan, told):
    """As a request does: what was looked at, then approving it."""
    user, seen = User.objects.create(username=f"user-{len(told)}-{User.objects.count()}"), mark(snapshot.of_plan(plan))

    def approve():
        try:
            told.append(approve_plan(plan=Plan.objects.get(pk=plan.pk), note="", by=user, seen=seen).number)
        except NotApproved as refusal:
            told.append(refusal.reasons)

    return approve


def test_of_two_who_approve_at_once_one_is_told_that_nothing_has_changed(plan):
    told = []
    at_once(approving(plan, told), approving(plan, told))
    numbers = [row for row in told if isinstance(row, int)]
    refusals = [row for row in told if not isinstance(row, int)]
    assert numbers == [1]
    assert len(refusals) == 1
    assert refusals[0][0].reason
    assert list(PlanVersion.objects.values_list("number", flat=True)) == [1]


def test_a_change_that_comes_at_once_is_frozen_whole_or_not_at_all(plan):
    told = []

    def change():
        plan.goals.update(name_fi="Toinen ehti ensin")

    at_once(approving(plan, told), change)
    version = PlanVersion.objects.first()
    if version is None:
        # The change came first, and what was looked at is no more what stands there.
        assert len(told[0]) == 1
    else:
        assert version.frozen["goals"][0]["name"]["fi"] != "Toinen ehti ensin"
    assert plan.goals.get().name_fi == "Toinen ehti ensin"
