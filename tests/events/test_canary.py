"""After the retention run no table and no file holds what was said of diet and access. A module of its own: it commits for real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from events import retention
from events.models import Registration
from tests import factories
from tests.base.questions.asked import block
from tests.events.search import files_with, rows_with
from tests.events.test_answers import ask_in, send
from tests.events.test_retention import end

if TYPE_CHECKING:
    from django.test import Client

CANARY = "kanarialintu-keliakia-91d0"
IN_FILE = b"%PDF-1.7\n" + CANARY.encode() + b"\n%%EOF\n"


@pytest.mark.django_db(transaction=True)
def test_after_the_run_no_table_and_no_file_holds_a_canary(client: Client) -> None:
    factories.make_root()
    goal = factories.make_goal(factories.make_theme())
    page = factories.make_event_page(factories.make_events_page(factories.make_home(goal.theme)), goals=[goal])
    event = ask_in(page, block("short", "diet", "Ruokavalio", kept="sensitive"), block("file", "letter", "Allergiatodistus", kept="sensitive"))
    for number in range(30):
        brought = SimpleUploadedFile("t.pdf", IN_FILE)
        sent = send(client, page, diet=f"{CANARY} {number}", letter=brought, needs=CANARY, email=f"a{number}@example.org")
        assert sent.status_code == 200
    Registration.objects.update(needs=f"{CANARY} pitkä selitys, joka ei mahdu samaan kohtaan kuin ennen")
    assert rows_with(CANARY)
    assert list(files_with(CANARY))
    end(event, days_ago=15)
    assert retention.delete_due()
    assert rows_with(CANARY) == []
    assert list(files_with(CANARY)) == []
    assert Registration.objects.count() > 1
