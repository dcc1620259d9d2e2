"""What comes back of an issue reaches its figures and its subscribers."""

from __future__ import annotations

from copy import deepcopy
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from base.bounds import within
from contacts.models import Consent, Touch
from mail import engine, suppression
from mail.balance import balance
from mail.inbound import verp
from mail.inbound.receiving import receive
from mail.models import Bounce, Delivery
from mail.viewsets import BounceViewSet
from newsletters import issues, subscriptions
from newsletters.models import Subscription
from tests import factories
from tests.mail.inbound import notices

pytestmark = pytest.mark.django_db
State = Subscription.State


class World:
    def __init__(self) -> None:
        self.theme = factories.make_theme()
        home = factories.make_home(self.theme)
        self.goal = factories.make_goal(self.theme)
        self.page = factories.make_newsletter_page(home, factories.make_newsletter(self.theme), goals=[self.goal])
        self.issue = factories.make_issue(self.page, goals=[self.goal])

    def subscribe(self, email: str) -> Subscription:
        asked = subscriptions.ask_subscription(newsletter=self.page.newsletter, email=email, language="fi")
        return subscriptions.confirm_subscription(asked, how="test")

    def send(self) -> Delivery:
        mailing = issues.send_issue(self.issue)
        while Delivery.objects.open().exists():
            engine.deliver_now(mailing.pk)
        return Delivery.objects.get(mailing=mailing, address="aino@example.org")


@pytest.fixture(scope="module")
def made(shared_db: None) -> World:
    return World()


@pytest.fixture
def world(db: None, made: World, settings: Any, tmp_path: Path) -> World:
    settings.BOUNCE_ADDRESS = "bounces@example.fi"
    settings.EMAIL_ADDRESS = type(settings.EMAIL_ADDRESS)("outbox", path=str(tmp_path))
    world = deepcopy(made)
    for email in ("aino@example.org", "eino@example.org"):
        world.subscribe(email)
    return world


def touches() -> int:
    return Touch.objects.filter(kind=Touch.Kind.DELIVERED).count()


def test_a_copy_that_came_back_reached_nobody(world: World) -> None:
    delivery = world.send()
    assert touches() == 2
    receive(notices.dsn(to=verp.return_path(delivery.pk), about="aino@example.org"), source=Bounce.Source.PIPE)
    assert touches() == 1
    assert balance(delivery.mailing).sent == 2  # type: ignore[arg-type]
    assert Subscription.objects.get(person__email="aino@example.org").state == State.CONFIRMED


def test_a_delay_takes_nothing_back(world: World) -> None:
    delivery = world.send()
    receive(notices.dsn(to=verp.return_path(delivery.pk), about="aino@example.org", action="delayed", status="4.4.1"), source=Bounce.Source.PIPE)
    assert touches() == 2


def test_a_complaint_ends_the_subscription(world: World) -> None:
    delivery = world.send()
    receive(notices.complaint(quoted=notices.message_id(delivery), about="aino@example.org"), source=Bounce.Source.PIPE)
    ended = Subscription.objects.get(person__email="aino@example.org")
    assert ended.state == State.ENDED
    assert Consent.objects.get(person=ended.person).withdrawn_how == "complaint"
    assert suppression.is_suppressed("aino@example.org")
    assert Subscription.objects.get(person__email="eino@example.org").state == State.CONFIRMED


def test_who_works_in_another_theme_sees_nothing_of_it(world: World) -> None:
    delivery = world.send()
    receive(notices.dsn(to=verp.return_path(delivery.pk), about="aino@example.org"), source=Bounce.Source.PIPE)
    receive(notices.dsn(about="stranger@example.org"), source=Bounce.Source.PIPE)
    seen = {}
    for theme in (world.theme, factories.make_theme()):
        with within(theme.pk):
            seen[theme == world.theme] = BounceViewSet().get_queryset(None).count()
    assert seen == {True: 2, False: 1}


def the_mail(folder: str) -> Any:
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in Path(folder).glob("*.eml")]
    return next(mail for mail in mails if mail["List-Unsubscribe"] and "aino@" in str(mail["To"]))


def test_a_reader_leaves_by_the_mail_that_their_program_writes(world: World, settings: Any) -> None:
    world.send()
    to, _, subject = str(the_mail(settings.EMAIL_ADDRESS.path)["List-Unsubscribe"]).partition("<mailto:")[2].rstrip(">").partition("?subject=")
    assert to == "bounces@example.fi"
    before = Delivery.objects.count()
    # From another address of theirs, and with what programs add.
    leaving = f"From: toinen@example.net\nTo: {to}\nSubject: {unquote(subject)}\n\n-- \nLahetetty puhelimesta\n".encode()
    for _ in range(2):
        assert receive(leaving, source=Bounce.Source.MAILBOX).has_left
    left = Subscription.objects.get(person__email="aino@example.org")
    assert (left.state, Consent.objects.get(person=left.person).withdrawn_how) == (State.ENDED, "mail to the address of List-Unsubscribe (RFC 2369)")
    # Nothing is sent, and nobody is suppressed: they may come back.
    assert (Delivery.objects.count(), suppression.is_suppressed("aino@example.org")) == (before, False)


@pytest.mark.parametrize("subject", ["unsubscribe WzFd.forged-token-of-somebody", "unsubscribe", "please unsubscribe aino@example.org"])
def test_without_its_token_a_mail_ends_nothing(world: World, subject: str) -> None:
    world.send()
    received = receive(f"From: aino@example.org\nTo: bounces@example.fi\nSubject: {subject}\n\nTerve\n".encode(), source=Bounce.Source.PIPE)
    assert received.needs_a_person
    assert not Subscription.objects.filter(state=State.ENDED).exists()
