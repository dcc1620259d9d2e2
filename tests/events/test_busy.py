"""Forms of the public while another writer has the database for longer than anybody waits: a real second connection holds it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, connection, connections, transaction

from base.busy import is_busy
from contacts.models import Person
from events import actions
from events.models import EventPage, Pool, Registration
from tests import factories
from tests.events.test_pages import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client


@pytest.fixture
def page(transactional_db: None) -> EventPage:
    factories.make_root()
    goal = factories.make_goal(factories.make_theme())
    return factories.make_event_page(factories.make_events_page(factories.make_home(goal.theme)), goals=[goal])


def hold() -> None:
    """What a writer does: on SQLite the whole database waits, on PostgreSQL whoever needs the same rows."""
    list(Pool.objects.select_for_update().values_list("pk"))
    Pool.objects.update(is_queued=False)


@pytest.fixture
def another_writer(page: EventPage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """It has begun; called, it ends. Nobody waits for it for longer than a moment."""
    has_begun, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            hold()
            has_begun.set()
            may_end.wait(timeout=60)
        connections.close_all()

    options = {"timeout": 0.3} if connection.vendor == "sqlite" else {"options": "-c lock_timeout=300"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", connection.settings_dict["OPTIONS"] | options)
    connection.close()
    writer = threading.Thread(target=write)
    writer.start()
    assert has_begun.wait(timeout=20)

    def end() -> None:
        may_end.set()
        writer.join()

    yield end
    end()
    # The next test waits as long as ever.
    monkeypatch.undo()
    connection.close()


def test_who_registers_is_told_to_try_again_and_loses_nothing(client: Client, page: EventPage, another_writer: Callable[[], None]) -> None:
    typed = filled(organisation="Esimerkki & <pojat> Oy", needs='Ensimmäinen rivi\nToinen "rivi"')
    path = f"/fi/events/{page.pk}/register/"
    answer = client.post(path, typed)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "no-store" in answer["Cache-Control"]
    shown = BeautifulSoup(answer.content, "html.parser")
    text = shown.main.get_text() if shown.main else ""
    assert all(words in text for words in ("Mitään kirjoittamaasi ei kadonnut", "Inget av det du skrev", "Nothing that you wrote was lost"))
    form = shown.form
    assert form
    assert form["action"] == path
    # As browsers read it: the line break right after the tag is no part of the text.
    again = {str(field["name"]): field.get_text().removeprefix("\n") for field in form.find_all("textarea")}
    assert again == typed
    another_writer()
    assert not Person.objects.exists()
    assert client.post(path, again).status_code == 200
    registration = Registration.objects.get()
    assert (registration.organisation, registration.state) == (typed["organisation"], "held")
    assert registration.needs == typed["needs"]


def test_who_confirms_is_told_so_and_the_seat_is_still_theirs(client: Client, page: EventPage, another_writer: Callable[[], None]) -> None:
    from events import links

    another_writer()
    words = {"first_name": "Aino", "last_name": "Esimerkki", "language": "fi"}
    registration = actions.ask_registration(event=page.event, email="aino@example.org", **words)  # type: ignore[arg-type]  # it has a date
    path = "/" + links.registration_url(registration).split("/", 3)[3]
    has_begun, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Registration.objects.update(passed=0)
            has_begun.set()
            may_end.wait(timeout=60)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert has_begun.wait(timeout=20)
    try:
        answer = client.post(path)
    finally:
        may_end.set()
        writer.join()
    assert answer.status_code == 503
    assert client.post(path).status_code == 200
    registration.refresh_from_db()
    assert registration.state == "confirmed"


def test_another_failure_of_the_database_is_no_crowd(transactional_db: None) -> None:
    with pytest.raises(Exception) as broken, connection.cursor() as cursor:  # noqa: PT011  # each database has its own class for it
        cursor.execute("SELECT * FROM no_such_table")
    error = OperationalError(str(broken.value))
    error.__cause__ = broken.value.__cause__
    assert not is_busy(error)
