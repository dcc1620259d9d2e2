"""The contact form, and the queue of those who answer."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from base.public_forms import new_token
from base.roles import Role
from contacts import people
from mail.models import Delivery
from pages import enquiries
from pages.models import AccessibilityPage, ContactPage, Enquiry
from tests import factories

WORDS = {"kind": "question", "name": "", "email": "aino@example.org", "subject": "Kysymys", "message": "Missä?", "website": ""}


@pytest.fixture(scope="module")
def made(shared_db):
    return factories.publish(ContactPage(title="Ota yhteyttä", slug="ota-yhteytta"), factories.make_home(factories.make_theme()))


@pytest.fixture
def page(db, made):
    return deepcopy(made)


@pytest.fixture
def send(client, page):
    def send(**values):
        return client.post(reverse("pages:contact", args=[page.pk]), WORDS | {"token": new_token()} | values)

    return send


def receive(theme, **values):
    words = {name: WORDS[name] for name in ("kind", "name", "email", "subject", "message")}
    return enquiries.receive_enquiry(theme=theme, **(words | {"language": "fi"} | values))


def test_a_message_is_stored_thanked_for_and_sets_no_cookie(client, page, send):
    assert client.get(page.url).cookies == {}
    answer = send()
    assert answer.status_code == 200
    assert answer.cookies == {}
    assert "aino@example.org" in answer.content.decode()
    enquiry = Enquiry.objects.get()
    assert (enquiry.message, enquiry.language, enquiry.due_on, enquiry.state) == ("Missä?", "fi", None, "open")
    thanks = Delivery.objects.get()
    assert thanks.address == "aino@example.org"
    assert "Missä" not in thanks.mime.decode()


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(send):
    answer = send(email="aino", message="Pitkä viesti")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_email_error"' in text
    assert "Pitkä viesti" in text
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("values", [{"website": "x"}, {"token": "stale"}, {"kind": "other"}])
def test_robots_and_forgeries_are_refused(send, values):
    assert send(**values).status_code == 422
    assert not Enquiry.objects.exists()


def test_one_network_sends_so_many_an_hour(send):
    codes = {send(email=f"henkilo{number}@example.org").status_code for number in range(21)}
    assert codes == {200, 429}


def test_a_form_of_another_site_is_refused(client, page):
    address = reverse("pages:contact", args=[page.pk])
    assert client.post(address, WORDS | {"token": new_token()}, headers={"Origin": "https://muu.example.org"}).status_code == 403


def test_one_address_is_thanked_three_times_a_day(page):
    for _number in range(5):
        receive(page.theme)
    assert (Enquiry.objects.count(), Delivery.objects.count()) == (5, 3)


def test_feedback_on_accessibility_is_answered_within_14_days(page):
    enquiry = receive(page.theme, kind="accessibility")
    assert enquiry.due_on == timezone.localdate() + timedelta(days=14)
    assert "14" in enquiry.time_left()


def test_the_statement_leads_to_the_form_with_its_kind_chosen(client, page):
    words = {"assessment": "<p>Arvio</p>", "authority_name": "Valvoja", "authority_url": "https://valvoja.example.org/"}
    statement = factories.publish(AccessibilityPage(title="Seloste", slug="seloste", **words), page.get_parent())
    link = f"{page.url}?kind=accessibility"
    assert link in client.get(statement.url).content.decode()
    assert '<option value="accessibility" selected>' in client.get(link).content.decode()


def test_the_overdue_is_on_top_and_the_answered_last(page):
    today = timezone.localdate()
    for subject, days, state in (("vastattu", -9, "answered"), ("ilman", None, "open"), ("aikaa", 5, "open"), ("myöhässä", -1, "open")):
        enquiry = receive(page.theme, subject=subject)
        enquiry.due_on, enquiry.state, enquiry.answer = days and today + timedelta(days=days), state, "Vastaus"
        enquiry.save()
    order = Enquiry.objects.in_order_of_work().order_by("urgency", "clock", "-answered_at", "asked_at", "pk")
    assert [enquiry.subject for enquiry in order] == ["myöhässä", "aikaa", "ilman", "vastattu"]


def test_an_answer_is_noted_before_it_counts(page):
    enquiry = receive(page.theme)
    enquiry.state = Enquiry.State.ANSWERED
    with pytest.raises(ValidationError):
        enquiry.full_clean()
    enquiry.answer = "Vastattiin sähköpostitse."
    enquiry.full_clean()
    enquiry.save()
    assert enquiry.answered_at
    enquiry.state = Enquiry.State.OPEN
    enquiry.save()
    assert enquiry.answered_at is None


def test_an_answered_enquiry_is_forgotten_after_a_year(page):
    old, fresh, waiting = (receive(page.theme) for _ in range(3))
    for enquiry, days in ((old, 366), (fresh, 364)):
        enquiry.state, enquiry.answer, enquiry.answered_at = "answered", "Vastaus", timezone.now() - timedelta(days=days)
        enquiry.save()
    assert enquiries.forget_answered() == 1
    assert set(Enquiry.objects.all()) == {fresh, waiting}


def test_it_is_exported_merged_and_erased_with_the_person(page):
    receive(page.theme)
    receive(page.theme, email="toinen@example.org")
    loser, winner = (factories.make_person(page.theme, email=email) for email in ("aino@example.org", "uusi@example.org"))
    assert people.export_person(loser)["pages.Enquiry"][0]["message"] == "Missä?"
    people.merge_people(winner=winner, loser=loser)
    assert len(people.export_person(winner)["pages.Enquiry"]) == 1
    people.erase_person(winner)
    assert [enquiry.email for enquiry in Enquiry.objects.all()] == ["toinen@example.org"]


@pytest.mark.parametrize(
    ("role", "status"), [(Role.COMMUNICATIONS, 200), (Role.ADMINISTRATORS, 200), (Role.COORDINATORS, 302), (Role.ORGANISERS, 302), (None, 302)]
)
def test_who_sees_the_queue(page, cast, role, status):
    enquiry = receive(page.theme)
    client = cast.enter(role)
    viewset = Enquiry.snippet_viewset
    assert client.get(reverse(viewset.get_url_name("list"))).status_code == status
    assert client.get(reverse(viewset.get_url_name("edit"), args=[enquiry.pk])).status_code == status
    assert client.get(reverse(viewset.get_url_name("add"))).status_code == 302


def test_communications_answers(page, cast):
    enquiry = receive(page.theme)
    form = {"state": "answered", "answer": "Vastattiin.", "responsible": "", "message": "muutettu"}
    cast.enter(Role.COMMUNICATIONS).post(reverse(Enquiry.snippet_viewset.get_url_name("edit"), args=[enquiry.pk]), form)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.answer, enquiry.message) == ("answered", "Vastattiin.", "Missä?")
