"""A worker that is killed, and another that publishes in its place. With transactions: its module has no shared rows."""

from __future__ import annotations

import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from desk.schedules import register_schedules
from tests import factories
from tests.editing.test_scheduled import is_live, plan, start_worker, stop, wait_until


@pytest.mark.django_db(transaction=True)
def test_within_60_seconds_by_a_real_worker_after_another_was_killed(tmp_path):
    section = factories.make_section(factories.make_home(factories.make_theme()))
    register_schedules()
    coming, going = factories.make_story_draft(section), factories.make_story(section)
    worker = start_worker(tmp_path)
    try:
        due = timezone.now() + timedelta(seconds=8)
        plan(coming, due)
        plan(going, None, expires=due)
        time.sleep(5)
        stop(worker, signal.SIGKILL)
        worker = start_worker(tmp_path)
        out = wait_until(lambda: is_live(coming), due + timedelta(seconds=60))
        down = wait_until(lambda: not is_live(going), due + timedelta(seconds=60))
    finally:
        stop(worker, signal.SIGKILL)
    print(f"\npublished {(out - due).total_seconds():.1f} s after its time, taken down {(down - due).total_seconds():.1f} s after")
