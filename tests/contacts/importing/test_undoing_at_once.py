"""A worker that takes an import back is killed where it stands, and two take it back at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection

from contacts.importing import undoing
from contacts.models import ContactImport, Organisation, Person
from tests import factories
from tests.contacts.importing.test_bringing import bring
from tests.editing.test_scheduled import ROOT, database_url

PATIENCE = 60
WORKER = """
import sys
import django
django.setup()
from contacts.importing import undoing
undoing.BATCH = 1
undoing.go_on(int(sys.argv[1]))
"""


@pytest.fixture
def bringing(transactional_db, monkeypatch):
    monkeypatch.setattr(undoing, "BATCH", 2)
    lines = "".join(f"Eka{row};Salo{row};Firma {row % 9}\n" for row in range(80))
    found = bring(factories.make_theme(), f"Etunimi;Sukunimi;Organisaatio\n{lines}").bringing
    undoing.ask(found, by=None)
    return found


def removed(bringing):
    return ContactImport.objects.values_list("removed", flat=True).get(pk=bringing.pk)


def killed_on_its_way(bringing):
    """By a process of its own."""
    extra = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings.dev", "PYTHONPATH": os.pathsep.join([".", "site"])}
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(bringing.pk)], cwd=ROOT, env=os.environ | extra)
    try:
        until, before = time.monotonic() + PATIENCE, removed(bringing)
        while removed(bringing) < before + 4:
            assert worker.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE)


def test_killed_twice_and_ended(bringing):
    for _time in range(2):
        killed_on_its_way(bringing)
        # What is counted is gone, and nothing else.
        assert Person.objects.count() == 80 - removed(bringing)
        bringing.refresh_from_db()
        assert bringing.is_going_back
    undoing.go_on_with_all()
    bringing.refresh_from_db()
    assert (bringing.removed, bringing.is_going_back, Person.objects.count(), Organisation.objects.count()) == (80, False, 0, 0)


def test_two_at_once_count_each_once(bringing):
    def work():
        undoing.go_on(bringing.pk)
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    bringing.refresh_from_db()
    assert (bringing.removed, bringing.is_going_back, Person.objects.count(), Organisation.objects.count()) == (80, False, 0, 0)
