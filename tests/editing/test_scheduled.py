"""Pages go out, and go, at their times: what happens to them meanwhile. A worker that is killed: test_killed_worker.py."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.models import Schedule
from wagtail.models import Page, PageLogEntry, Revision

from base import scheduled
from base.roles import Role
from mail.models import Delivery
from pages.models import StoryPage
from tests import factories
from tests.gate.test_ways_in import BAD
from tests.mail.test_kill import database_url

ROOT = Path(__file__).resolve().parents[2]
SOON = timedelta(hours=1)


@pytest.fixture
def planned(section):
    """A story that goes out in an hour."""
    return plan(factories.make_story_draft(section), timezone.now().replace(microsecond=0) + SOON)


def plan(page, at, *, user=None, expires=None):
    page.go_live_at, page.expire_at = at, expires
    page.save_revision(user=user).publish(user=user, skip_permission_checks=True)
    return page


def fall_due(page):
    """As if the hour had gone by: the time of the revision, which holds the page's own too."""
    past = timezone.now() - timedelta(seconds=1)
    revision = Revision.objects.exclude(approved_go_live_at=None).get(object_id=str(page.pk))
    revision.approved_go_live_at, revision.content["go_live_at"] = past, past.isoformat()
    revision.save()


def is_live(page):
    return Page.objects.get(pk=page.pk).live


def test_each_time_wakes_the_worker_once(planned):
    row = Schedule.objects.get(func=scheduled.PUBLISH_DUE)
    assert (row.schedule_type, row.repeats) == (Schedule.ONCE, -1)
    assert row.next_run == planned.go_live_at
    Revision.objects.get(pk=Page.objects.get(pk=planned.pk).scheduled_revision.pk).save()
    assert Schedule.objects.filter(func=scheduled.PUBLISH_DUE).count() == 1


def test_it_goes_out_when_due_and_not_before(planned):
    assert scheduled.publish_due() == (0, 0)
    fall_due(planned)
    assert scheduled.publish_due() == (1, 0)
    assert is_live(planned)
    assert scheduled.publish_due() == (0, 0)


def test_it_goes_when_its_time_is_over(section):
    story = factories.make_story(section)
    plan(story, None, expires=timezone.now().replace(microsecond=0) + SOON)
    assert Schedule.objects.filter(func=scheduled.PUBLISH_DUE, next_run=story.expire_at).exists()
    Page.objects.filter(pk=story.pk).update(expire_at=timezone.now() - timedelta(seconds=1))
    assert scheduled.publish_due() == (0, 1)
    gone = Page.objects.get(pk=story.pk)
    assert (gone.live, gone.expired) == (False, True)


def test_moved_while_scheduled_it_goes_out_where_it_is(planned, section):
    other = factories.make_section(section.get_parent().specific, title="Muut")
    Page.objects.get(pk=planned.pk).move(Page.objects.get(pk=other.pk), "last-child")
    fall_due(planned)
    assert scheduled.publish_due() == (1, 0)
    assert Page.objects.get(pk=planned.pk).get_parent().pk == other.pk


def test_unpublished_while_scheduled_it_stays_down(section):
    story = factories.make_story(section)
    plan(story, timezone.now() + SOON)
    Page.objects.get(pk=story.pk).unpublish()
    assert not Revision.objects.exclude(approved_go_live_at=None).exists()
    assert scheduled.publish_due() == (0, 0)
    assert not is_live(story)


def test_deleted_while_scheduled_it_leaves_nothing_behind(planned):
    Page.objects.get(pk=planned.pk).delete()
    assert scheduled.publish_due() == (0, 0)
    assert not Revision.objects.exclude(approved_go_live_at=None).exists()


def test_what_the_checks_refuse_ends_as_a_draft_and_whoever_planned_it_is_told(cast, section):
    viola = cast.user(Role.COMMUNICATIONS)
    target = factories.make_story(section)
    link = f'<p>Lue <a linktype="page" id="{target.pk}">aamuvuoron kokemuksista</a>.</p>'
    story = factories.make_story_draft(section, title="Suunniteltu", body=[("paragraph", link)])
    plan(story, timezone.now() + SOON, user=viola)
    Page.objects.get(pk=target.pk).unpublish()
    fall_due(story)
    assert scheduled.publish_due() == (0, 0)
    assert not is_live(story)
    mail = Delivery.objects.get(address=viola.email)
    assert mail.subject == "Ei julkaistu: Suunniteltu"
    assert StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object().title == "Suunniteltu"
    assert scheduled.publish_due() == (0, 0)
    assert Delivery.objects.filter(address=viola.email).count() == 1


def test_a_slug_that_was_taken_meanwhile_is_told_and_keeps_no_other_waiting(cast, section, planned):
    viola = cast.user(Role.COMMUNICATIONS)
    story = factories.make_story(section, title="Myöhässä")
    story.slug = "haluttu"
    plan(story, timezone.now() + SOON, user=viola)
    factories.make_story(section, slug="haluttu")
    fall_due(story)
    fall_due(planned)
    assert scheduled.publish_due() == (1, 0)
    assert Page.objects.get(pk=story.pk).slug != "haluttu"
    assert PageLogEntry.objects.filter(page=story.pk, action="kantama.gate.refuse").exists()
    assert Delivery.objects.get(address=viola.email).subject == "Ei julkaistu: Myöhässä"


def test_a_page_that_breaks_keeps_no_other_waiting(section, planned, monkeypatch):
    broken = plan(factories.make_story_draft(section, title="Rikki"), timezone.now() + SOON)
    fall_due(broken)
    fall_due(planned)
    publish = StoryPage.publish

    def fails(self, *args, **kwargs):
        if self.pk == broken.pk:
            raise RuntimeError("out of order")
        return publish(self, *args, **kwargs)

    monkeypatch.setattr(StoryPage, "publish", fails)
    assert scheduled.publish_due() == (1, 0)
    monkeypatch.undo()
    assert scheduled.publish_due() == (1, 0)


def test_wagtails_own_command_does_the_same(planned, section):
    bad = factories.make_story_draft(section, body=[("paragraph", BAD)])
    revision = bad.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.save()
    fall_due(planned)
    call_command("publish_scheduled")
    assert (is_live(bad), is_live(planned)) == (False, True)


def start_worker(folder):
    extra = {"DATABASE_URL": database_url(), "KANTAMA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.dev", "LOG_LEVEL": "WARNING"}
    environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"} | extra
    return subprocess.Popen([sys.executable, ROOT / "manage.py", "qcluster"], cwd=ROOT, env=environment, start_new_session=True)


def stop(worker, how):
    os.killpg(worker.pid, how)
    worker.wait(timeout=30)


def wait_until(answer, until):
    while timezone.now() < until:
        if answer():
            return timezone.now()
        time.sleep(0.25)
    raise AssertionError("it did not happen in time")
