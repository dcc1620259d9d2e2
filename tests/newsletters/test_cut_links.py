"""Links of our mails as mail programs spoil them: cut, wrapped, or with a sign of the sentence behind them. Each gets a page that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from mail import links
from mail.models import Click, Delivery, Link
from newsletters import subscriptions
from newsletters.models import Subscription
from tests.newsletters.test_issues import World

pytestmark = pytest.mark.django_db
State = Subscription.State


@pytest.fixture(scope="module")
def made(shared_db: None) -> World:
    return World()


@pytest.fixture
def paths(db: None, made: World) -> dict[str, str]:
    """One of each kind, all of them good."""
    made.subscribe(1)
    mailing = made.send()
    copy = Delivery.objects.get(mailing=mailing)
    link = Link.objects.filter(mailing=mailing)[0]
    asked = subscriptions.ask_subscription(newsletter=made.page.newsletter, email="uusi@example.org", language="fi")
    return {
        "click": links.click_url(copy, link.pk), "leave": reverse("newsletters:unsubscribe", args=[links.token(links.UNSUBSCRIBE, copy)]),
        "preferences": reverse("newsletters:preferences", args=[links.token(links.PREFERENCES, copy)]), "confirm": subscriptions.confirm_url(asked),
    }  # fmt: skip


def spoilt(path: str) -> Iterator[str]:
    """Cut within the token, with and without its end, and with what stood behind it."""
    start, token = urlsplit(path).path.rstrip("/").rsplit("/", 1)
    for length in range(0, len(token), 5):
        yield f"{start}/{token[:length]}/" if length else f"{start}/"
    yield f"{start}/{token[:-1]}"
    yield f"{start}/{token[:10]}=20"


@pytest.mark.parametrize("name", ["click", "leave", "preferences", "confirm"])
def test_a_cut_link_says_what_to_do_and_changes_nothing(paths: dict[str, str], name: str) -> None:
    states = list(Subscription.objects.order_by("pk").values_list("state"))
    for path in spoilt(paths[name]):
        for answer in (Client().get(path, follow=True), Client().post(path)):
            assert answer.status_code in {404, 405, 410}, path
        shown = Client().get(path, follow=True, headers={"accept-language": "fi"}).content.decode()
        assert "Linkki ei toimi" in shown, path
    assert list(Subscription.objects.order_by("pk").values_list("state")) == states
    assert not Click.objects.exists()


@pytest.mark.parametrize("name", ["click", "leave", "preferences", "confirm"])
def test_what_stands_behind_a_link_does_not_spoil_it(paths: dict[str, str], name: str) -> None:
    link = urlsplit(paths[name]).path.rstrip("/")
    for behind in ("", ".", ")", ">", "/)", "%3E", "./", ",", "=", "%20"):
        assert Client().get(link + behind).status_code in {200, 302}, behind
