from __future__ import annotations

import re
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts import people
from contacts.models import Consent, Touch
from contacts.models.people import PersonQuerySet
from mail.models import Delivery
from newsletters import personal, subscriptions
from newsletters.models import Newsletter, NewsletterPage, Subscription
from tests import factories
from themes import measures

pytestmark = pytest.mark.django_db
State = Subscription.State


@pytest.fixture(scope="module")
def made(shared_db: None) -> NewsletterPage:
    theme = factories.make_theme()
    home = factories.make_home(theme)
    return factories.make_newsletter_page(home, factories.make_newsletter(theme), goals=[factories.make_goal(theme)])


@pytest.fixture
def page(db: None, made: NewsletterPage) -> NewsletterPage:
    return deepcopy(made)


@pytest.fixture
def newsletter(page: NewsletterPage) -> Newsletter:
    return page.newsletter


def post_form(page: NewsletterPage, **values: Any) -> Any:
    client = Client(enforce_csrf_checks=True)
    shown = client.get(page.get_url()).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', shown)[1]
    data = {"email": "Aino@example.org", "language": "fi", "consent": "on", "token": token} | values
    return client.post(f"/fi/newsletters/{page.pk}/subscribe/", data)


def path_of(subscription: Subscription) -> str:
    return subscriptions.confirm_url(subscription).removeprefix("http://localhost")


def test_subscribing_sends_a_link_and_only_a_post_confirms(page: NewsletterPage) -> None:
    assert post_form(page).status_code == 200
    subscription = Subscription.objects.get()
    assert subscription.state == State.PENDING
    path = path_of(subscription)
    assert path.encode() in bytes(Delivery.objects.get().mime).replace(b"=\r\n", b"")
    assert Client().get(path).status_code == 200
    subscription.refresh_from_db()
    assert subscription.state == State.PENDING
    assert not Consent.objects.exists()

    assert Client(enforce_csrf_checks=True).post(path).status_code == 200
    subscription.refresh_from_db()
    consent = subscription.consent
    assert subscription.state == State.CONFIRMED
    assert (consent.text, consent.text_version, consent.language) == ("consent fi", "1", "fi")
    assert Touch.objects.get().cause == f"newsletters.subscription:{subscription.pk}"
    goal = page.goals.get()
    assert sum(measures.get("new_subscribers").daily([goal.pk])[goal.pk].values()) == 1


def test_asking_again_sends_one_mail_an_hour_and_the_answer_is_the_same(page: NewsletterPage) -> None:
    first = post_form(page)
    again = post_form(page)
    assert Delivery.objects.count() == 1
    subscription = Subscription.objects.get()
    Subscription.objects.update(asked_at=timezone.now() - timedelta(minutes=61))
    post_form(page)
    assert Delivery.objects.count() == 2
    subscriptions.confirm_subscription(subscription, how="test")
    known = post_form(page)
    assert Delivery.objects.count() == 2
    assert first.content == again.content == known.content


def test_errors_keep_what_was_typed(page: NewsletterPage) -> None:
    answer = post_form(page, email="not an address", first_name="Aino Maija")
    assert answer.status_code == 422
    assert b"Aino Maija" in answer.content
    assert b"not an address" in answer.content
    assert b"field__error" in answer.content
    assert not Subscription.objects.exists()


def test_no_box_no_subscription_and_no_form_of_another_site(page: NewsletterPage) -> None:
    assert post_form(page, consent="").status_code == 422
    assert Client().post(f"/fi/newsletters/{page.pk}/subscribe/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_ending_withdraws_the_consent_and_an_old_link_does_not_bring_it_back(newsletter: Newsletter) -> None:
    asked = subscriptions.ask_subscription(newsletter=newsletter, email="a@example.org", language="sv")
    path = path_of(asked)
    confirmed = subscriptions.confirm_subscription(asked, how="test")
    ended = subscriptions.end_subscription(confirmed, how="link")
    assert subscriptions.end_subscription(ended, how="again").ended_at == ended.ended_at
    assert Consent.objects.get().withdrawn_how == "link"
    assert Client().post(path).status_code == 410
    ended.refresh_from_db()
    assert ended.state == State.ENDED
    back = subscriptions.ask_subscription(newsletter=newsletter, email="a@example.org", language="sv")
    assert back.state == State.PENDING
    assert Client().post(path_of(back)).status_code == 200
    assert Consent.objects.filter(withdrawn_at=None).count() == 1
    assert Consent.objects.count() == 2


def test_forged_links_change_nothing(page: NewsletterPage) -> None:
    for name in ("confirm", "unsubscribe", "preferences"):
        assert Client().post(f"/fi/newsletters/{name}/WzEsMV0.forged/").status_code == 410


@pytest.mark.parametrize("winner_left", [True, False])
def test_a_merge_never_weakens_a_leave(newsletter: Newsletter, winner_left: bool) -> None:
    rows = [subscriptions.ask_subscription(newsletter=newsletter, email=f"{name}@example.org", language="fi") for name in "ab"]
    rows = [subscriptions.confirm_subscription(row, how="test") for row in rows]
    subscriptions.end_subscription(rows[0 if winner_left else 1], how="test")
    people.merge_people(winner=rows[0].person, loser=rows[1].person)
    assert Subscription.objects.get().state == State.ENDED
    assert not Consent.objects.filter(withdrawn_at=None).exists()


def test_erasing_removes_the_subscription_and_its_consent(newsletter: Newsletter) -> None:
    row = subscriptions.ask_subscription(newsletter=newsletter, email="a@example.org", language="fi")
    row = subscriptions.confirm_subscription(row, how="test")
    assert people.export_person(row.person)["newsletters.Subscription"][0]["state"] == State.CONFIRMED
    people.erase_person(row.person)
    assert not Subscription.objects.exists()
    assert not Consent.objects.exists()
    back = subscriptions.ask_subscription(newsletter=newsletter, email="a@example.org", language="fi")
    subscriptions.confirm_subscription(back, how="test")
    assert personal.of_subject(people.subject(back.person)).get().state == State.CONFIRMED


@pytest.mark.parametrize(("email", "status"), [("häkki@example.org", 422), ("😀@example.org", 422), ("aino@äkäslompolo.example", 200)])
def test_letters_beyond_ascii_in_an_address(page: NewsletterPage, email: str, status: int) -> None:
    assert post_form(page, email=email).status_code == status
    assert Delivery.objects.count() == int(status == 200)
    for delivery in Delivery.objects.all():
        assert b"To: aino@xn--kslompolo-u2ab.example" in bytes(delivery.mime)


def test_two_forms_at_once_of_a_new_address(page: NewsletterPage, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch) -> None:
    subscriptions.ask_subscription(newsletter=newsletter, email="aino@example.org", language="fi")
    looked, look = [], PersonQuerySet.with_address

    def too_early(rows: PersonQuerySet, address: str) -> PersonQuerySet:
        looked.append(address)
        return look(rows, address) if len(looked) > 1 else rows.none()

    monkeypatch.setattr(PersonQuerySet, "with_address", too_early)
    row = subscriptions.ask_subscription(newsletter=newsletter, email="Aino@example.org", language="fi")
    assert row == Subscription.objects.get()
