"""The pages behind the links of the mails, and what the form says of an event that is full, closed or only for some."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from base.public_forms import new_token
from events import actions, approving, links
from events.models import Event, Pool, Registration
from tests import factories

if TYPE_CHECKING:
    from django.test import Client

    from events.models import EventPage, EventsPage
    from themes.models import Goal

State = Registration.State
# Statements, savepoints among them.
MOST_OF_A_FORM, MOST_OF_A_LINK, MOST_OF_A_BUTTON = 38, 13, 29


@pytest.fixture(autouse=True)
def _no_limits_of_earlier_tests() -> None:
    cache.clear()


@pytest.fixture
def hybrid(calendar_page: EventsPage, goal: Goal) -> EventPage:
    return factories.make_event_page(calendar_page, goals=[goal], mode="hybrid", capacity=1, online_capacity=1, largest_group=3)


def register(client: Client, page: EventPage, name: str = "aino", **values: str) -> tuple[int, str]:
    fields = {"first_name": "Aino", "last_name": "Esimerkki", "email": f"{name}@example.org", "language": "fi", "mode": "in_person"}
    answer = client.post(f"/fi/events/{page.pk}/register/", fields | {"token": new_token()} | values)
    return answer.status_code, answer.content.decode()


def of(name: str) -> Registration:
    return Registration.objects.get(person__email=f"{name}@example.org")


def at(name: str, to: str = "confirm") -> str:
    return links.registration_url(of(name), to=to).removeprefix("http://localhost")


def follow(client: Client, name: str, to: str = "confirm") -> tuple[int, str]:
    answer = client.post(at(name, to))
    return answer.status_code, answer.content.decode()


def test_many_who_register_at_once_ask_the_database_little(client: Client, hybrid: EventPage, django_assert_max_num_queries: Any) -> None:
    """What is remembered between changes is asked for anew in a test's transaction: the page twice, the site, and the theme's address."""
    register(client, hybrid, "before", mode="online")
    with django_assert_max_num_queries(MOST_OF_A_FORM):
        register(client, hybrid)
    with django_assert_max_num_queries(MOST_OF_A_LINK):
        client.get(at("aino"))
    with django_assert_max_num_queries(MOST_OF_A_BUTTON):
        follow(client, "aino")
    assert of("aino").state == State.CONFIRMED


def test_a_full_event_takes_people_on_the_waiting_list(client: Client, hybrid: EventPage) -> None:
    register(client, hybrid)
    register(client, hybrid, "liisa", mode="online")
    page = client.get(hybrid.url).content.decode()
    assert "Liity jonotuslistalle" in page
    status, text = register(client, hybrid, "late")
    assert (status, "haluat jonottaa" in text) == (200, True)
    assert "Vahvista paikkasi jonotuslistalla" in client.get(at("late")).content.decode()
    status, text = follow(client, "late")
    assert (status, of("late").state, "Olet jonotuslistalla" in text) == (200, State.WAITING, True)
    follow(client, "aino", "cancel")
    offered = client.get(at("late")).content.decode()
    assert "Ota paikka" in offered
    assert at("late", "cancel") in offered
    follow(client, "late")
    assert of("late").state == State.CONFIRMED


def test_the_answer_says_the_same_to_who_is_known(client: Client, hybrid: EventPage) -> None:
    Pool.objects.update(capacity=5)
    first = register(client, hybrid)[1]
    follow(client, "aino")
    assert register(client, hybrid)[1] == first


def test_a_group_is_typed_line_by_line_and_a_wrong_line_is_named(client: Client, hybrid: EventPage) -> None:
    Pool.objects.update(capacity=3)
    status, text = register(client, hybrid, guests="Vieno Vieras, vieno@example.org\nVeikko")
    assert (status, 'id="id_guests_error"' in text, "Veikko" in text) == (422, True, True)
    status, text = register(client, hybrid, guests="\n".join(["Vieno Vieras"] * 3))
    assert (status, "enintään 2" in text) == (422, True)
    assert register(client, hybrid, guests="Vieno Vieras, vieno@example.org\n\nVeikko Ville Vieras")[0] == 200
    named = list(of("aino").guests.values_list("first_name", "last_name", "email"))
    assert named == [("Vieno", "Vieras", "vieno@example.org"), ("Veikko", "Ville Vieras", "")]
    assert "3 osallistujaa" in client.get(at("aino")).content.decode()


def test_changing_by_the_link(client: Client, hybrid: EventPage) -> None:
    Pool.objects.update(capacity=3)
    register(client, hybrid)
    assert client.get(at("aino", "change")).status_code == 410
    follow(client, "aino")
    form = client.get(at("aino", "change"))
    assert (form.status_code, form["Cache-Control"]) == (200, "private, no-store")
    new = {"token": new_token(), "mode": "online", "guests": "Vieno Vieras", "organisation": "Konepaja", "needs": ""}
    assert client.post(at("aino", "change"), new).status_code == 200
    changed = of("aino")
    assert (changed.mode, changed.size, changed.organisation, changed.guests.get().first_name) == ("online", 2, "Konepaja", "Vieno")
    Pool.objects.filter(key="in_person").update(taken=3)
    refused = client.post(at("aino", "change"), new | {"mode": "in_person", "organisation": "Toinen"})
    assert (refused.status_code, 'value="Toinen"' in refused.content.decode(), of("aino").organisation) == (422, True, "Konepaja")
    follow(client, "aino", "cancel")
    assert client.post(at("aino", "change"), new).status_code == 410


def test_a_code_that_is_wrong_is_said_at_the_field(client: Client, hybrid: EventPage) -> None:
    hybrid.access_codes = "PARTNER"
    hybrid.save_revision().publish()
    assert 'name="access_code"' in client.get(hybrid.url).content.decode()
    status, text = register(client, hybrid, access_code="nobody")
    assert (status, 'id="id_access_code_error"' in text, 'value="nobody"' in text) == (422, True, True)
    assert register(client, hybrid, access_code="partner")[0] == 200


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"is_cancelled": True}, "Tapahtuma on peruttu"),
        ({"registration_closes_at": timezone.now() - timedelta(days=1)}, "Ilmoittautuminen on päättynyt"),
        ({"registration_opens_at": timezone.now() + timedelta(days=1)}, "Ilmoittautuminen avautuu"),
        ({"starts_at": timezone.now() - timedelta(days=2), "ends_at": timezone.now() - timedelta(days=1)}, "Tapahtuma on päättynyt"),
    ],
)
def test_a_closed_event_says_why(client: Client, hybrid: EventPage, facts: dict[str, object], words: str) -> None:
    Event.objects.update(**facts)
    assert words in client.get(hybrid.url).content.decode()
    status, text = register(client, hybrid)
    assert (status, words in text, Registration.objects.count()) == (422, True, 0)


def test_an_application_is_told_as_one(client: Client, hybrid: EventPage) -> None:
    hybrid.needs_approval = True
    hybrid.save_revision().publish()
    page = client.get(hybrid.url).content.decode()
    assert "Lähetä hakemus" in page
    register(client, hybrid)
    assert "Saimme hakemuksesi" in follow(client, "aino")[1]
    approving.reject_registration(of("aino"))
    assert "Sinua ei voitu ottaa mukaan" in client.get(at("aino")).content.decode()


@pytest.mark.parametrize("codes", ["AB", "PARTNER kaksi", "ÄÄKKÖSET"])
def test_a_code_that_nobody_could_type_is_refused_on_the_page(hybrid: EventPage, codes: str) -> None:
    hybrid.access_codes = codes
    with pytest.raises(Exception, match=codes):
        hybrid.clean()


def test_registration_closes_after_it_opens(hybrid: EventPage) -> None:
    hybrid.registration_opens_at = hybrid.registration_closes_at = timezone.now()
    with pytest.raises(Exception, match="Ilmoittautumisen on päätyttävä"):
        hybrid.clean()


def test_an_event_that_fills_while_one_types_puts_one_in_line(client: Client, hybrid: EventPage) -> None:
    Pool.objects.update(taken=1)
    assert register(client, hybrid)[0] == 200
    assert of("aino").state == State.WAITING
    Event.objects.update(has_waiting_list=False)
    status, text = register(client, hybrid, "late")
    assert (status, 'value="late@example.org"' in text) == (422, True)


def test_asking_twice_at_once_is_asking_once(client: Client, hybrid: EventPage) -> None:
    assert [register(client, hybrid)[0], register(client, hybrid)[0]] == [200, 200]
    assert Pool.objects.get(key="in_person", event=hybrid.event).taken == 1
    assert actions.confirm_registration(of("aino")).state == State.CONFIRMED
