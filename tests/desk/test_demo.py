"""The demo: made by actions, the same each time, and complete when the command ends. In a process and a database of its own.

It is the longest thing that the tests do, so that each kind of database makes it once: the embedded one whole, for the browser's tests too,
PostgreSQL without subscribers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.desk.test_serve import start_and_stop
from tests.kept import SUBSCRIBERS, TODAY, copy_demo

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = connection.vendor == "sqlite"
LOOK = """
from django.test import Client
from mail.models import Bounce, Click, Delivery
from newsletters.models import Subscription
assert not Delivery.objects.exclude(state__in=["sent", "failed", "suppressed"]).exists()
# Some mailboxes are full, and some are gone: what comes back is there to be looked at.
assert set(Bounce.objects.values_list("kind", flat=True)) == {"hard", "soft"}
assert Delivery.objects.exists()
assert Subscription.objects.filter(newsletter__key="tyoelama", state="confirmed").count() == {subscribers}
assert {click.rule for click in Click.objects.all()} == {"person", "crawler"}
for code in ("fi", "sv", "en"):
    page = Client().get(f"/{code}/", headers={"host": "localhost"})
    assert page.status_code == 200, code
    assert f'<html lang="{code}"' in page.content.decode(), code
    assert not page.cookies
from base.blocks import StoryBlocks
from pages.models import HomePage, LandingPage, ProjectPage, ResultPage, StoryPage
for code in ("fi", "sv", "en"):
    models = (HomePage, LandingPage, ProjectPage, ResultPage, StoryPage)
    pages = [page for model in models for page in model.objects.filter(locale__language_code=code)]
    assert {child.block_type for page in pages for child in page.body} == set(StoryBlocks().child_blocks), code
"""


def installation(folder, **more):
    settings = {"KANTAMA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.dev", "LOG_LEVEL": "WARNING"} | more
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}} | settings

    def manage(*words):
        run = subprocess.run([sys.executable, ROOT / "manage.py", *words], env=environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        return run.stdout

    return environment, manage


@pytest.fixture
def copied_database(transactional_db, django_db_blocker):
    """The address of a copy of this process's database, where other processes may commit what they like."""
    with django_db_blocker.unblock():
        connection.close()
        values = connection.settings_dict
        name = f"{values['NAME']}_demo"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{values["NAME"]}"')
            yield f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{name}"
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.skipif(EMBEDDED, reason="on PostgreSQL")
def test_the_demo_stands_without_subscribers(tmp_path, copied_database):
    _environment, manage = installation(tmp_path, DATABASE_URL=copied_database)
    manage("demo", "--subscribers", "0")
    assert json.loads(manage("issue_ledger", "--all", "--json")) == []


@pytest.mark.skipif(not EMBEDDED, reason="on the embedded database")
def test_the_demo_is_complete_and_idempotent(tmp_path):
    copy_demo(tmp_path)
    environment, manage = installation(tmp_path)
    goals = ("goals", "--json", "--today", TODAY)
    first = manage(*goals)
    rows = json.loads(first)
    assert {row["scope"] for row in rows} == {"internal", "external"}
    assert len({row["goal"] for row in rows}) >= 6
    assert all(row["actual"] for row in rows)
    issues = json.loads(manage("issue_ledger", "--all", "--json"))
    assert len(issues) == 9
    assert all(row["sent"] > 0 == row["waiting"] + row["in_doubt"] for row in issues)
    assert all(row["frozen"] == row["sent"] + row["failed"] + row["suppressed"] for row in issues)
    manage("shell", "-c", LOOK.replace("{subscribers}", str(SUBSCRIBERS)))
    manage("demo", "--logins", "--subscribers", str(SUBSCRIBERS))
    assert manage(*goals) == first
    start_and_stop(environment)
    assert manage(*goals) == first
