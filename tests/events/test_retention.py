"""What the clock deletes. After it ran, no table and no file holds what was said of diet and access."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from base.questions.files import private
from base.roles import Role
from events import retention
from events.models import Answer, Deletion, Event, EventPage, Guest, Registration
from tests.base.questions.asked import block
from tests.events.test_answers import ask_in, send

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

CANARY = "kanarialintu-laktoosi-7c1f"
IN_FILE = b"%PDF-1.7\n" + CANARY.encode() + b"\n%%EOF\n"


def end(event: Event, *, days_ago: float) -> None:
    ended = timezone.now() - timedelta(days=days_ago)
    Event.objects.filter(pk=event.pk).update(starts_at=ended - timedelta(hours=2), ends_at=ended)


@pytest.fixture
def answered(page: EventPage, client: Client) -> Event:
    event = ask_in(
        page,
        block("short", "diet", "Ruokavalio", kept="sensitive"),
        block("file", "letter", "Allergiatodistus", kept="sensitive"),
        block("phone", "tel", "Puhelin", kept="days", days=3),
        block("short", "title", "Tehtävä"),
    )
    sent = send(client, page, diet=CANARY, letter=SimpleUploadedFile("t.pdf", IN_FILE), tel="040 123 4567", title="Johtaja")
    assert sent.status_code == 200
    registration = Registration.objects.get()
    Registration.objects.update(needs=f"{CANARY} ja pyörätuoli")
    Guest.objects.create(registration=registration, first_name="Vieras", needs=CANARY)
    return event


def test_each_answer_goes_when_its_time_has_come(answered: Event) -> None:
    assert retention.delete_due() == 0
    end(answered, days_ago=4)
    assert [due.question for due in retention.overdue()] == ["tel"]
    assert (retention.delete_due(), retention.delete_due()) == (1, 0)
    end(answered, days_ago=15)
    assert {(due.question, due.number) for due in retention.overdue()} == {("diet", 1), ("letter", 1), ("", 2)}
    assert retention.delete_due() == 4
    assert [answer.question for answer in Answer.objects.all()] == ["title"]
    assert sorted(Deletion.objects.values_list("asked", "number")) == [
        ("Allergiatodistus", 1), ("Puhelin", 1), ("Ruokavalio", 1), (retention.words_of(set())[""], 2),
    ]  # fmt: skip


def test_what_a_crash_left_of_files_goes_too(answered: Event) -> None:
    import os

    stray = Path(private().path("answers/stray"))
    stray.write_bytes(IN_FILE)
    retention.delete_due()
    assert stray.exists()
    os.utime(stray, (0, 0))
    retention.delete_due()
    assert not stray.exists()
    assert private().exists(Answer.objects.get(question="letter").file.name)


def test_the_report_tells_what_is_overdue_and_what_went(answered: Event, client: Client, cast: Cast) -> None:
    end(answered, days_ago=15)
    cast.enter(Role.ORGANISERS)
    address = "/admin/events/retention/"
    text = client.get(address).content.decode()
    assert "Ruokavalio" in text
    assert CANARY not in text
    assert client.post(address).status_code == 302
    assert Answer.objects.filter(question="diet").count() == 0
    assert "Ruokavalio" in client.get(address).content.decode()
    client.logout()
    cast.enter(Role.PROJECTS)
    assert client.get(address).status_code in {302, 403}
    assert client.post(address).status_code in {302, 403}


def test_the_database_overwrites_what_it_deletes() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite")
    made: Any = sqlite3.connect(":memory:")
    made.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
    assert made.execute("PRAGMA secure_delete").fetchone() == (1,)
