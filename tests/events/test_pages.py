"""The public pages, the form, and the links of the mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from base.public_forms import new_token
from events import actions, lapsing, links
from events.models import Event, EventPage, EventsPage, Pool, Registration
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from base.models import User
    from themes.models import Goal


@pytest.fixture(autouse=True)
def _no_limits_of_earlier_tests() -> None:
    cache.clear()


def filled(**values: str) -> dict[str, str]:
    fields = {"first_name": "Aino", "last_name": "Esimerkki", "email": "aino@example.org", "language": "fi", "needs": "gluteeniton"}
    return fields | {"token": new_token()} | values


def register(client: Client, page: EventPage, **values: str) -> Any:
    return client.post(f"/fi/events/{page.pk}/register/", filled(**values))


def test_the_form_stands_on_the_page(client: Client, page: EventPage) -> None:
    content = client.get(page.url).content.decode()
    assert f'action="/fi/events/{page.pk}/register/#register"' in content
    assert "meet.example.org" not in content
    assert not client.cookies


def test_a_copy_goes_out_at_once(client: Client, page: EventPage) -> None:
    """The publication checks look at it before it has a number."""
    copied = page.copy(update_attrs={"title": "Toinen", "slug": "toinen"}, copy_revisions=False)
    assert 'name="email"' in client.get(copied.get_url()).content.decode()


def test_registering_and_confirming(client: Client, page: EventPage) -> None:
    assert register(client, page).status_code == 200
    registration = Registration.objects.get()
    address = links.registration_url(registration).removeprefix("http://localhost")
    assert client.get(address).status_code == 200
    registration.refresh_from_db()
    assert registration.state == "held"
    assert client.post(address).status_code == client.post(address).status_code == 200
    registration.refresh_from_db()
    assert registration.state == "confirmed"
    to_cancel = links.registration_url(registration, to="cancel").removeprefix("http://localhost")
    assert client.get(to_cancel)["Cache-Control"] == "private, no-store"
    client.post(to_cancel)
    registration.refresh_from_db()
    assert registration.state == "cancelled"


def test_an_error_loses_nothing_that_was_typed(client: Client, page: EventPage) -> None:
    response = register(client, page, email="aino@", organisation="Konepaja <b>")
    content = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_email_error"' in content
    assert all(typed in content for typed in ('value="aino@"', 'value="Konepaja &lt;b&gt;"', "gluteeniton"))
    assert Registration.objects.count() == 0


def test_a_full_event_says_so_and_keeps_the_form(client: Client, page: EventPage) -> None:
    Pool.objects.update(capacity=1, taken=1)
    response = register(client, page)
    assert response.status_code == 422
    assert 'value="aino@example.org"' in response.content.decode()


def test_a_form_of_another_site_is_refused(client: Client, page: EventPage) -> None:
    response = client.post(f"/fi/events/{page.pk}/register/", filled(), headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403


def test_a_page_for_some_readers_takes_no_form_of_others(client: Client, admin_client: Client, page: EventPage) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    for path in ("register/", "event.ics"):
        assert client.post(f"/fi/events/{page.pk}/{path}", filled()).status_code in {404, 405}
    assert client.get(f"/fi/events/{page.pk}/event.ics").status_code == 404
    assert not Registration.objects.exists()
    assert admin_client.post(f"/fi/events/{page.pk}/register/", filled()).status_code == 200


def test_many_forms_from_one_address_are_asked_for_a_proof_and_none_is_kept_before_it(client: Client, page: EventPage) -> None:
    # No rush on the event, which would ask for a proof sooner.
    Pool.objects.update(capacity=1000)
    answers = [register(client, page, email=f"p{number}@example.org") for number in range(22)]
    statuses = [answer.status_code for answer in answers]
    kept = statuses.count(200)
    assert statuses == [200] * kept + [422] * (22 - kept)
    assert 'name="proof"' in answers[-1].content.decode()
    assert Registration.objects.count() == kept < 22


def test_a_forged_link_says_what_to_do(client: Client, db: None) -> None:
    assert client.get("/fi/events/registration/forged.token/").status_code == 404


def test_a_late_confirmation_of_a_full_event(client: Client, ask: Callable[..., Registration]) -> None:
    registration = ask()
    Registration.objects.update(held_until=timezone.now())
    lapsing.release_expired_holds()
    Pool.objects.update(capacity=0)
    assert client.post(links.registration_url(registration).removeprefix("http://localhost")).status_code == 410


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def add_events(calendar_page: EventsPage, goal: Goal, number: int) -> None:
    for _ in range(number):
        factories.make_event_page(calendar_page, goals=[goal])


def test_the_staff_list_takes_as_many_queries_for_more_rows(admin_client: Client, ask: Callable[..., Registration]) -> None:
    Pool.objects.update(capacity=100)
    address = "/admin/snippets/events/registration/"
    for number in range(3):
        ask(f"p{number}@example.org")
    few = queries(admin_client, address)
    for number in range(3, 30):
        ask(f"p{number}@example.org")
    assert queries(admin_client, address) == few


def test_links_of_an_event_whose_page_was_deleted(client: Client, page: EventPage, ask: Callable[..., Registration]) -> None:
    address = links.registration_url(ask()).removeprefix("http://localhost")
    page.delete()
    assert client.get(address).status_code == client.post(address).status_code == client.post(f"{address}cancel/").status_code == 404


def test_no_cell_of_the_export_is_a_formula(admin_client: Client, ask: Callable[..., Registration]) -> None:
    ask("=1+1@example.org", organisation="+1", first_name="@a", last_name="-b", needs="=2")
    content = b"".join(admin_client.get("/admin/snippets/events/registration/?export=csv")).decode()
    assert not [cell for line in content.splitlines() for cell in line.split(",") if cell.startswith(("=", "+", "-", "@"))]


def test_staff_export_and_cannot_add(admin_client: Client, ask: Callable[..., Registration]) -> None:
    ask(first_name="=1+1")
    address = "/admin/snippets/events/registration/"
    content = b"".join(admin_client.get(f"{address}?export=csv")).decode()
    assert "aino@example.org" in content
    assert ",'=1+1," in content
    assert admin_client.get(f"{address}add/").status_code == 302
    assert admin_client.get(f"{address}?state=held").status_code == 200


def test_staff_mark_attended(admin_client: Client, ask: Callable[..., Registration], admin_user: User) -> None:
    registration = actions.confirm_registration(ask())
    address = f"/admin/bulk/events/registration/mark_attended/?id={registration.pk}&next=/admin/snippets/events/registration/"
    assert admin_client.get(address).status_code == 200
    assert admin_client.post(address).status_code == 302
    registration.refresh_from_db()
    assert registration.state == "attended"


def test_a_translation_shares_the_facts_and_the_seats(client: Client, page: EventPage, event: Event) -> None:
    swedish = page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    swedish.title = "Evenemang"
    swedish.save_revision().publish()
    assert Event.objects.get() == event == swedish.event
    assert swedish.url.startswith("/sv/")
    assert client.get(swedish.url).status_code == 200
    register(client, swedish, language="sv")
    assert "/sv/events/registration/" in links.registration_url(Registration.objects.get())
    assert b"Evenemang" in client.get("/sv/events/calendar.ics").content


def test_the_honeypot_is_hidden_from_people(client: Client, page: EventPage) -> None:
    content = client.get(page.url).content.decode()
    before = content[: content.index('name="website"')]
    assert "inert" in before[before.rindex("<div") :]


@pytest.mark.parametrize("path", ["/fi/events/{}/register/", "/fi/events/{}/event.ics", "/fi/newsletters/{}/subscribe/", "/admin/desk/goals/{}/"])
def test_a_number_that_no_database_holds_is_not_found(admin_client: Client, page: EventPage, path: str) -> None:
    assert admin_client.get(path.format("9" * 30)).status_code == 404
