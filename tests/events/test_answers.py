"""An event's own questions: asked on its page, answered with the registration, limited where the organiser says so."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from wagtail.models import Locale

from base.public_forms import new_token
from base.questions import questions_of
from base.questions.files import private
from base.uploads import limits
from contacts.people import erase_person, export_person, merge_people
from events import actions, publishing
from events.models import Answer, Event, EventPage, Registration
from tests.base.questions.asked import EVERY_KIND, LUNCH, block, option, stream

if TYPE_CHECKING:
    from django.test import Client

_addresses = count(1)
PDF = b"%PDF-1.7\n%%EOF\n"


def ask_in(page: EventPage, *blocks: dict[str, Any]) -> Event:
    page.questions = stream(*blocks)
    # So many that thirty who have not confirmed are no rush.
    page.capacity = 200
    page.save_revision().publish()
    page.refresh_from_db()
    assert page.event
    return page.event


def send(client: Client, page: EventPage, **answers: Any) -> Any:
    plain = {"first_name": "Aino", "last_name": "Esimerkki", "email": "aino@example.org", "language": "fi", "token": new_token()}
    plain |= {name: answers.pop(name) for name in ("email", "needs") if name in answers}
    # Each from an address of its own: the limit is not what these tests are about.
    remote = f"127.1.{next(_addresses)}.7"
    return client.post(f"/fi/events/{page.pk}/register/", plain | {f"q-{name}": value for name, value in answers.items()}, REMOTE_ADDR=remote)


def test_answers_come_with_the_registration(client: Client, page: EventPage) -> None:
    ask_in(page, *EVERY_KIND)
    shown = client.get(page.url).content.decode()
    assert "Suostun siihen, että minua kuvataan" in shown
    assert "Kuinka paljon jääkaappitilaa?" in shown
    sent = send(client, page, lunch="own", fridge="Hylly", photo="on", plan=SimpleUploadedFile("s.pdf", PDF), tel="040 123 4567", diet="Vegaani")
    assert sent.status_code == 200, sent.content.decode()
    kept = {answer.question: answer for answer in Registration.objects.get().answers.all()}
    assert {name: row.value for name, row in kept.items()} == {
        "lunch": "Omat eväät", "fridge": "Hylly", "photo": "Kyllä", "plan": "s.pdf", "tel": "040 123 4567", "diet": "Vegaani",
    }  # fmt: skip
    assert (kept["photo"].asked, kept["photo"].version) == ("Suostun siihen, että minua kuvataan", "2")
    assert kept["plan"].file.read() == PDF
    assert [kept[name].kept_days for name in ("lunch", "tel", "diet")] == [None, 3, 14]
    assert list(Answer.objects.choosing("lunch", "own")) == [kept["lunch"]]


def test_an_error_keeps_what_was_answered(client: Client, page: EventPage) -> None:
    ask_in(page, *EVERY_KIND)
    answer = send(client, page, hopes="Ainutlaatuinen toive", second="roskaa", plan=SimpleUploadedFile("s.pdf", PDF))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert all(words in text for words in ("Ainutlaatuinen toive", "roskaa", "s.pdf on tallessa"))
    assert Registration.objects.count() == 0


def test_a_file_is_no_address_of_the_site(client: Client, page: EventPage) -> None:
    ask_in(page, block("file", "plan", "Suunnitelma"))
    send(client, page, plan=SimpleUploadedFile("s.pdf", PDF))
    file = Answer.objects.get().file
    assert private().exists(file.name)
    assert client.get(f"/media/{file.name}").status_code == client.get(file.url).status_code == 404


def test_an_answer_has_as_many_places_as_it_was_given(client: Client, page: EventPage) -> None:
    ask_in(page, LUNCH)
    for number in range(2):
        assert send(client, page, lunch="soup", email=f"a{number}@example.org").status_code == 200
    full = send(client, page, lunch="soup", email="late@example.org")
    assert full.status_code == 422
    assert "Keitto (ei paikkoja jäljellä)" in full.content.decode()
    assert send(client, page, lunch="own", fridge="Hylly", email="late@example.org").status_code == 200
    assert Event.objects.get().full_options == {("lunch", "soup")}
    actions.cancel_registration(Registration.objects.get(person__email="a0@example.org"))
    assert Event.objects.get().full_options == set()
    assert send(client, page, lunch="soup", email="b@example.org").status_code == 200


def test_two_at_once_on_the_last_place_of_an_answer(page: EventPage, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form was shown before the last place went."""
    ask_in(page, block("one", "lunch", "Lounas", options=[option("soup", "Keitto", capacity=1), option("own", "Eväät")]))
    send(client, page, lunch="soup", email="a@example.org")
    real = Event.full_options.fget
    seen: list[int] = []
    monkeypatch.setattr(Event, "full_options", property(lambda self: set() if not seen.append(1) and len(seen) == 1 else real(self)))  # type: ignore[arg-type,misc]
    late = send(client, page, lunch="soup", email="b@example.org")
    assert late.status_code == 422
    assert "Viimeinen paikka" in late.content.decode()
    assert Registration.objects.count() == 1


def test_who_chose_before_it_was_limited_counts(page: EventPage, client: Client) -> None:
    unlimited = block("one", "lunch", "Lounas", options=[option("soup", "Keitto"), option("own", "Eväät")])
    ask_in(page, unlimited)
    for number in range(3):
        send(client, page, lunch="soup", email=f"a{number}@example.org")
    event = ask_in(page, LUNCH)
    pool = event.pools.get(key="option:lunch:soup")
    assert (pool.taken, pool.capacity) == (3, 3)
    assert Registration.objects.first().further_pools == ["option:lunch:soup"]  # type: ignore[union-attr]
    event = ask_in(page, unlimited)
    assert not event.pools.filter(key__startswith="option").exists()
    assert Registration.objects.exclude(further_pools=[]).count() == 0


def test_a_translation_asks_in_its_words_with_the_same_ids(page: EventPage) -> None:
    ask_in(page, *EVERY_KIND)
    swedish: EventPage = page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    assert [question.key for question in questions_of(swedish.questions)] == [question.key for question in questions_of(page.questions)]
    assert [question.condition for question in questions_of(swedish.questions)] == [question.condition for question in questions_of(page.questions)]


def test_the_editor_translates_words_and_nothing_else(page: EventPage) -> None:
    from wagtail_localize.segments import StringSegmentValue
    from wagtail_localize.segments.extract import extract_segments

    ask_in(page, *EVERY_KIND)
    words = {segment.string.get_translatable_html() for segment in extract_segments(page) if isinstance(segment, StringSegmentValue)}
    assert {"Lounas", "Keitto", "Omat eväät", "Kuinka paljon jääkaappitilaa?", "Milloin viimeksi?", "Päivästä"} <= words
    assert not {"registration", "sensitive", "soup", "lunch"} & words


def test_shortening_holds_for_answers_given_and_lengthening_does_not(page: EventPage, client: Client) -> None:
    ask_in(page, block("phone", "tel", "Puhelin", kept="days", days=30))
    send(client, page, tel="040 123 4567")
    ask_in(page, block("phone", "tel", "Puhelin", kept="days", days=300))
    assert Answer.objects.get().kept_days == 30
    ask_in(page, block("phone", "tel", "Puhelin", kept="days", days=3))
    assert Answer.objects.get().kept_days == 3


def test_what_was_answered_is_exported_moved_and_erased(page: EventPage, client: Client, django_capture_on_commit_callbacks: Any) -> None:
    ask_in(page, block("short", "title", "Tehtävä"), block("file", "plan", "Suunnitelma"))
    send(client, page, title="Johtaja", plan=SimpleUploadedFile("s.pdf", PDF), email="a@example.org")
    send(client, page, title="", email="b@example.org")
    first, second = (Registration.objects.get(person__email=f"{name}@example.org") for name in "ab")
    assert {row["value"] for row in export_person(first.person)["events.Answer"]} == {"Johtaja", "s.pdf"}
    actions.confirm_registration(second)
    merge_people(winner=second.person, loser=first.person)
    assert {answer.value for answer in second.answers.all()} == {"Johtaja", "s.pdf"}
    file = second.answers.get(value="s.pdf").file
    assert private().exists(file.name)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(second.person)
    assert Answer.objects.count() == 0
    assert not private().exists(file.name)


def test_words_of_the_consent_are_those_of_the_language_it_was_given_in(page: EventPage, client: Client) -> None:
    ask_in(page, block("consent", "photo", "Suostun", version="7"))
    swedish = page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    swedish.questions = stream(block("consent", "photo", "Jag samtycker", version="7"))
    swedish.save_revision().publish()
    with translation.override("sv"):
        data = {"first_name": "A", "last_name": "B", "email": "a@example.org", "language": "sv", "token": new_token(), "q-photo": "on"}
        assert client.post(f"/sv/events/{swedish.pk}/register/", data).status_code == 200
    kept = Answer.objects.get()
    assert (kept.asked, kept.value, kept.version) == ("Jag samtycker", "Ja", "7")


def test_publishing_again_with_options_keeps_the_seats(page: EventPage, client: Client) -> None:
    event = ask_in(page, LUNCH)
    send(client, page, lunch="soup")
    publishing.publish_event(page)
    assert event.pools.get(key="option:lunch:soup").taken == 1


def test_a_file_far_too_large_brings_the_form_back_with_all_that_was_typed(client: Client, page: EventPage, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_in(page, *EVERY_KIND)
    large = SimpleUploadedFile("s.pdf", PDF + bytes(6 * 1024 * 1024))
    sent = send(client, page, needs="gluteeniton", lunch="own", fridge="Hylly", plan=large, tel="040 123 4567")
    text = sent.content.decode()
    assert (sent.status_code, 'id="id_q-plan_error"' in text, "gluteeniton" in text, 'value="Hylly"' in text) == (422, True, True, True)
    assert "6,0" in text
    monkeypatch.setattr(limits, "VISITORS_UPLOAD", 5 * 1024 * 1024)
    large.seek(0)
    assert send(client, page, plan=large).status_code == 413
