"""By the link of the mail one changes sessions, answers, files and the way to take part: all of it, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from base.public_forms import new_token
from events import actions, links
from events.models import Answer, Event, EventPage, Pool, Registration
from tests.base.questions.asked import EVERY_KIND, block
from tests.events.test_answers import PDF, ask_in, send
from tests.events.test_programmes import publish, session

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def asked(page: EventPage, client: Client) -> Event:
    """An event with questions of every kind and three workshops, and Aino, who is confirmed and has soup, a film of her and a file."""
    cache.clear()
    rows = [session("Aamu", 10, 11, capacity=1), session("Samalla", 10, 12, capacity=5), session("Ilta", 14, 15, capacity=5)]
    page = publish(page, programme=rows)
    event = ask_in(page, *EVERY_KIND)
    send(client, page, lunch="soup", photo="on", hopes="Rauhaa", plan=SimpleUploadedFile("s.pdf", PDF))
    actions.confirm_registration(Registration.objects.get())
    return event


def keys(event: Event) -> list[str]:
    """Of the three workshops."""
    page = EventPage.objects.get(translation_key=event.item_key)
    return [str(child.id) for child in page.programme]


def change(client: Client, registration: Registration, **values: Any) -> Any:
    """Values of the event's questions under their own names, as `q-`."""
    plain = {"token": new_token(), "organisation": "", "needs": ""} | {name: values.pop(name) for name in ("sessions", "needs") if name in values}
    answers = {f"q-{name}": value for name, value in values.items()}
    return client.post(links.registration_url(registration, to="change").removeprefix("http://localhost"), plain | answers)


def values(registration: Registration) -> dict[str, str]:
    return {answer.question: answer.value for answer in registration.answers.all()}


def taken(event: Event) -> dict[str, int]:
    return dict(Pool.objects.filter(event=event).values_list("key", "taken"))


def test_the_form_holds_what_stands(asked: Event, client: Client) -> None:
    registration = Registration.objects.get()
    shown = client.get(links.registration_url(registration, to="change").removeprefix("http://localhost")).content.decode()
    assert "Rauhaa" in shown
    assert "s.pdf" in shown
    assert shown.count(" checked") == 2  # soup, and the film


def test_answers_sessions_and_files_change_at_once(asked: Event, client: Client) -> None:
    registration, (first, _same, last) = Registration.objects.get(), keys(asked)
    agreed = Answer.objects.get(question="photo").at
    sent = change(client, registration, lunch="own", fridge="Hylly", photo="on", sessions=[first, last], tracks=["a", "b"])
    assert "Muutoksesi on tallennettu" in sent.content.decode()
    kept = values(registration)
    assert kept == {
        "lunch": "Omat eväät", "fridge": "Hylly", "photo": "Kyllä", "plan": "s.pdf", "tracks": "Johtaminen; Tuottavuus",
    }  # fmt: skip
    assert Answer.objects.get(question="photo").at == agreed
    assert taken(asked) == {"in_person": 1, "option:lunch:soup": 0, f"session:{first}": 1, f"session:{_same}": 0, f"session:{last}": 1}
    change(client, registration, lunch="soup", plan=SimpleUploadedFile("uusi.pdf", PDF))
    assert values(registration) == {"lunch": "Keitto", "plan": "uusi.pdf"}
    assert taken(asked) == {"in_person": 1, "option:lunch:soup": 1, f"session:{first}": 0, f"session:{_same}": 0, f"session:{last}": 0}


def test_what_is_full_is_said_where_it_was_chosen_and_nothing_changes(asked: Event, client: Client) -> None:
    registration, (first, same, last) = Registration.objects.get(), keys(asked)
    Pool.objects.filter(key=f"session:{first}").update(taken=1)
    before = taken(asked)
    sent = change(client, registration, lunch="own", fridge="Hylly", needs="Hissi", sessions=[first, last], plan=SimpleUploadedFile("u.pdf", PDF))
    text = sent.content.decode()
    assert sent.status_code == 422
    assert 'id="id_sessions_error"' in text
    assert all(words in text for words in ("”Aamu”", "Hissi", "Hylly", "u.pdf on tallessa"))
    clash = change(client, registration, lunch="soup", sessions=[first, same])
    assert "samaan aikaan" in clash.content.decode()
    registration.refresh_from_db()
    assert (taken(asked), registration.needs, values(registration)["lunch"]) == (before, "", "Keitto")


def test_words_that_came_later_are_agreed_to_anew(asked: Event, client: Client, page: EventPage) -> None:
    registration = Registration.objects.get()
    ask_in(EventPage.objects.get(pk=page.pk), block("consent", "photo", "Suostun kuvaan ja ääneen", version="3"))
    address = links.registration_url(registration, to="change").removeprefix("http://localhost")
    assert " checked" not in client.get(address).content.decode()
    change(client, registration, photo="on")
    answer = Answer.objects.get(question="photo")
    assert (answer.asked, answer.version) == ("Suostun kuvaan ja ääneen", "3")
    # What is no longer asked was not asked about: it stays.
    assert "hopes" in values(registration)
