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
    from collections.abc import Iterator

    from django.test import Client

    from tests.cast import Cast

CANARY = "kanarialintu-laktoosi-7c1f"
IN_FILE = b"%PDF-1.7\n" + CANARY.encode() + b"\n%%EOF\n"
# Of the search alone: what other tests left on the disk is not of its event.
LAST_CANARY = "kanarialintu-keliakia-91d0"
IN_LAST_FILE = IN_FILE.replace(CANARY.encode(), LAST_CANARY.encode())


def end(event: Event, *, days_ago: float) -> None:
    ended = timezone.now() - timedelta(days=days_ago)
    Event.objects.filter(pk=event.pk).update(starts_at=ended - timedelta(hours=2), ends_at=ended)


def rows_with(words: str) -> list[str]:
    """Each table and column in which a value has these words, whatever its kind."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("sqlite_"):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            found += [f"{table}.{name}" for row in cursor for name, value in zip(names, row, strict=True) if words in _text(value)]
    return found


def _text(value: object) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else str(value)


def files_with(words: str) -> Iterator[Path]:
    """Of all that the product keeps on disk: media, private files, the outbox, and with SQLite the database itself and its log."""
    for folder in (Path(settings.MEDIA_ROOT), Path(settings.STORAGES["private"]["OPTIONS"]["location"]), Path(settings.EMAIL_ADDRESS.path)):
        yield from (path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes())
    if connection.vendor == "sqlite":
        here = Path(connection.settings_dict["NAME"])
        yield from (path for path in here.parent.glob(f"{here.name}*") if words.encode() in path.read_bytes())


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


@pytest.mark.django_db(transaction=True)
def test_after_the_run_no_table_and_no_file_holds_a_canary(client: Client) -> None:
    from tests import factories

    factories.make_root()
    goal = factories.make_goal(factories.make_theme())
    page = factories.make_event_page(factories.make_events_page(factories.make_home(goal.theme)), goals=[goal])
    event = ask_in(page, block("short", "diet", "Ruokavalio", kept="sensitive"), block("file", "letter", "Allergiatodistus", kept="sensitive"))
    for number in range(30):
        brought = SimpleUploadedFile("t.pdf", IN_LAST_FILE)
        sent = send(client, page, diet=f"{LAST_CANARY} {number}", letter=brought, needs=LAST_CANARY, email=f"a{number}@example.org")
        assert sent.status_code in {200, 429}
    Registration.objects.update(needs=f"{LAST_CANARY} pitkä selitys, joka ei mahdu samaan kohtaan kuin ennen")
    assert rows_with(LAST_CANARY)
    assert list(files_with(LAST_CANARY))
    end(event, days_ago=15)
    assert retention.delete_due()
    assert rows_with(LAST_CANARY) == []
    assert list(files_with(LAST_CANARY)) == []
    assert Registration.objects.count() > 1


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
