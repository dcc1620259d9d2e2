from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from mail import clicks, engine, links, mailings, signing
from mail.models import Click, Delivery, Link
from tests.mail.conftest import NEWS, subscribers, variant

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from mail.models import Mailing
    from tests.mail.conftest import Freeze, Heard

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailing(freeze: Freeze, outbox_folder: Path) -> Mailing:
    """Sent an hour ago to one reader."""
    mailing = freeze("a@example.org")
    engine.deliver_now()
    Delivery.objects.filter(mailing=mailing).update(settled_at=timezone.now() - timedelta(hours=1))
    return mailing


def paths(mailing: Mailing) -> list[str]:
    delivery = Delivery.objects.get(mailing=mailing)
    return [links.click_url(delivery, link.pk).removeprefix("http://localhost") for link in Link.objects.filter(mailing=mailing).order_by("pk")]


def test_a_persons_first_click_counts_once_and_leads_on(client: Client, mailing: Mailing, heard: Heard) -> None:
    path = paths(mailing)[1]
    for _ in range(3):
        response = client.get(path, headers={"user-agent": FIREFOX})
        assert response.status_code == 302
        assert response["Location"] == "https://example.org/b/?x=1&y=2"
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies
    click = Click.objects.get()
    assert (click.is_human, click.rule) == (True, "person")
    assert heard.clicks == [click]


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        ({"user-agent": ""}, "no_user_agent"),
        ({"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, "crawler"),
        ({"user-agent": "python-requests/2.32"}, "crawler"),
        ({"user-agent": FIREFOX, "sec-purpose": "prefetch"}, "prefetch"),
    ],
)
def test_a_machine_is_led_on_and_kept_apart(client: Client, mailing: Mailing, heard: Heard, headers: dict[str, str], rule: str) -> None:
    for _ in range(2):
        assert client.get(paths(mailing)[0], headers=headers).status_code == 302
    click = Click.objects.get()
    assert (click.is_human, click.rule) == (False, rule)
    assert heard.clicks == []
    client.get(paths(mailing)[0], headers={"user-agent": FIREFOX})
    assert len(heard.clicks) == 1


def test_head_leads_on_and_counts_nothing(client: Client, mailing: Mailing) -> None:
    assert client.head(paths(mailing)[0], headers={"user-agent": FIREFOX}).status_code == 302
    assert not Click.objects.exists()


def test_only_get_and_head(client: Client, mailing: Mailing) -> None:
    assert client.post(paths(mailing)[0], headers={"user-agent": FIREFOX}).status_code == 405


@pytest.mark.parametrize(("state", "age"), [("sent", 1), ("claimed", 0)])
def test_a_click_within_moments_of_sending_is_a_scanners(client: Client, mailing: Mailing, state: str, age: int) -> None:
    Delivery.objects.filter(mailing=mailing).update(state=state, settled_at=timezone.now() - timedelta(seconds=age))
    client.get(paths(mailing)[0], headers={"user-agent": FIREFOX})
    assert Click.objects.get().rule == "too_soon"


def test_every_link_within_seconds_is_a_scanners(client: Client, heard: Heard, outbox_folder: Path) -> None:
    entries = [(f"https://example.org/{number}/", None) for number in range(4)]
    mailing = mailings.freeze(key="four", stream=NEWS, variants=[variant()], recipients=subscribers("a@example.org"), links=entries)
    engine.deliver_now()
    Delivery.objects.update(settled_at=timezone.now() - timedelta(hours=1))
    for path in paths(mailing):
        client.get(path, headers={"user-agent": FIREFOX})
    assert list(Click.objects.values_list("is_human", "rule")) == [(False, "all_links")] * 4
    assert [click.pk for click in heard.revoked] == [click.pk for click in heard.clicks]
    assert len(heard.revoked) == 3


def test_two_links_in_a_row_are_a_persons(client: Client, mailing: Mailing, heard: Heard) -> None:
    for path in paths(mailing):
        client.get(path, headers={"user-agent": FIREFOX})
    assert len(heard.clicks) == 2


def test_an_erased_persons_copy_touches_nobody(client: Client, mailing: Mailing, heard: Heard) -> None:
    Delivery.objects.filter(mailing=mailing).update(recipient_key=None, address="")
    assert client.get(paths(mailing)[0], headers={"user-agent": FIREFOX}).status_code == 302
    assert heard.clicks == []


@pytest.mark.parametrize(("language", "words"), [("fi", 'lang="fi"'), ("sv", 'lang="sv"'), ("en", "This link does not work")])
def test_a_bad_token_gets_a_friendly_page_in_the_readers_language(client: Client, language: str, words: str) -> None:
    response = client.get("/mail/l/cut-off/", headers={"accept-language": language})
    assert response.status_code == 404
    assert words in response.content.decode()


def test_a_token_leads_nowhere_but_to_links_of_its_own_mailing(client: Client, mailing: Mailing, freeze: Freeze) -> None:
    other = Link.objects.create(mailing=freeze("b@example.org", key="other"), url="https://elsewhere.example/")
    delivery = Delivery.objects.get(mailing=mailing)
    own, copy = Link.objects.filter(mailing=mailing)[0].pk, signing.sign("click", delivery.pk)
    of_another_purpose = signing.sign("unsubscribe", delivery.pk)
    for token in (f"{other.pk}.{copy}", f"0.{copy}", f"{'9' * 30}.{copy}", f"x.{copy}", copy, f"{own}.{of_another_purpose}", f"{own}.{copy}x"):
        assert client.get(f"/mail/l/{token}/").status_code == 404


def test_a_click_costs_few_queries(client: Client, mailing: Mailing, django_assert_max_num_queries: Any) -> None:
    path = paths(mailing)[0]
    # The copy, the link, recent clicks, how many links, two savepoints with their ends, the insert.
    with django_assert_max_num_queries(9):
        client.get(path, headers={"user-agent": FIREFOX})


def test_the_rules_have_names_for_the_docs() -> None:
    assert {rule.value for rule in clicks.Rule} == {"person", "no_user_agent", "crawler", "prefetch", "too_soon", "all_links"}
