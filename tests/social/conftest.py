from __future__ import annotations

import socket
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from social import networks
from social.networks.wire import Item
from tests.social.servers import bluesky, linkedin, mastodon, x
from tests.social.servers.base import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from social.networks.wire import Network as Client
    from tests.social.servers.base import Network

NAMES = ("x", "mastodon", "bluesky", "linkedin")
BEGUN = timezone.now() - timedelta(seconds=5)
SECRETS: dict[str, dict[str, Any]] = {
    "x": {"consumer_key": "x-consumer", "consumer_secret": "x-consumer-secret", "access_token": x.TOKEN, "access_token_secret": "x-access-secret"},
    "mastodon": {"access_token": mastodon.TOKEN},
    "bluesky": {"identifier": bluesky.HANDLE, "password": bluesky.PASSWORD},
    "linkedin": {
        "organisation": "2414183",
        "access_token": linkedin.FIRST,
        "refresh_token": linkedin.REFRESH,
        "client_id": linkedin.CLIENT,
        "client_secret": linkedin.SECRET,
    },
}


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other host is refused before a byte leaves, names of hosts before they are asked for."""
    connect, ask = socket.socket.connect, socket.getaddrinfo

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else address
        if isinstance(address, tuple) and host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test asks {host}")
        connect(self, address)

    def guarded_ask(host: Any, *args: Any, **how: Any) -> Any:
        if host not in {"127.0.0.1", "::1", "localhost", None, b"127.0.0.1", b"localhost"}:
            raise AssertionError(f"a test asks for {host}")
        return ask(host, *args, **how)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_ask)


def start(name: str) -> tuple[Network, Server]:
    kinds: dict[str, Callable[[], Network]] = {"x": x.X, "mastodon": mastodon.Mastodon, "bluesky": bluesky.Bluesky, "linkedin": linkedin.LinkedIn}
    fake = kinds[name]()
    server = Server(fake)
    if isinstance(fake, linkedin.LinkedIn):
        fake.url = server.url
    return fake, server


@pytest.fixture
def fakes(settings: Any) -> Iterator[Any]:
    """All four, and the product's addresses lead to them."""
    started = {name: start(name) for name in NAMES}
    urls = {name: server.url for name, (_, server) in started.items()}
    settings.SOCIAL_HOSTS = {"x": urls["x"], "linkedin": urls["linkedin"], "linkedin_login": urls["linkedin"]}
    settings.SOCIAL_TIMEOUT = 0.4
    yield SimpleNamespace(**{name: fake for name, (fake, _) in started.items()}, urls=urls)
    for _, server in started.values():
        server.stop()


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def fake(fakes: Any, name: str) -> Network:
    found: Network = getattr(fakes, name)
    return found


@pytest.fixture
def speaker(fakes: Any, name: str) -> Iterator[Client]:
    client = networks.network(name, dict(SECRETS[name]), fakes.urls[name])
    yield client
    client.close()


def item(text: str = "Työelämä muuttuu & kehittyy <yhdessä> 👩‍👩‍👧‍👦", **values: Any) -> Item:
    return Item(**({"text": text, "language": "fi", "key": "key-1", "at": BEGUN} | values))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits as long as in earnest."""
    from social import ledger

    hurry(monkeypatch.setattr, ledger)


def hurry(put: Any, ledger: Any) -> None:
    short = timedelta(seconds=0.05)
    put(ledger, "FIRST_PAUSE", short)
    put(ledger, "LONGEST_PAUSE", short)
    put(ledger, "LOOKS", (short, short, short))
    put(ledger, "CONFIRMS", (short, short))
    put(ledger, "WITHOUT_RESET", short)


def make_account(theme: Any, name: str, url: str = "", **values: Any) -> Any:
    from social.models import Account

    account = Account(theme=theme, network=name, name=f"Kantama {name}", server=url if name in ("mastodon", "bluesky") else "", **values)
    account.take_credentials(dict(SECRETS[name]))
    account.save()
    return account


def make_post(account: Any, text: str, *, goal: Any = None, **values: Any) -> Any:
    """A draft with one variant."""
    from social.models import Post, Variant
    from tests import factories

    post = Post(theme=account.theme, title=text[:50])
    post.goals = [goal or account.theme.goals.first() or factories.make_goal(account.theme)]
    post.save()
    Variant.objects.create(post=post, account=account, **({"language": "fi", "text": text} | values))
    return post


def send(post: Any) -> Any:
    """Asked for by one, approved by another: the rows that stand in the outbox."""
    from django.apps import apps
    from django.contrib.auth.models import Group

    from base.models import User
    from base.roles import Role
    from desk.rights import grant
    from social import actions
    from social.models import Delivery, Post

    one, _ = User.objects.get_or_create(username="kirjoittaja")
    other, is_new = User.objects.get_or_create(username="hyväksyjä")
    if is_new:
        if not Group.objects.filter(name=Role.COMMUNICATIONS.value, permissions__codename="approve_post").exists():
            grant(apps)
        other.groups.add(Group.objects.get(name=Role.COMMUNICATIONS.value))
    post = Post.objects.get(pk=post.pk)
    actions.ask(post=post, by=one)
    actions.approve(post=Post.objects.get(pk=post.pk), by=User.objects.get(pk=other.pk))
    return Delivery.objects.filter(variant__post=post).order_by("part")
