"""The mailbox of bounces, read from a real server on loopback: nothing is lost, whatever the messages are."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError

from base.environment import MailboxAddress
from mail import engine, ledger, links, suppression
from mail.inbound import mailbox, parts, receiving, verp
from mail.models import Bounce, Delivery
from tests.mail.inbound import imap_server, notices

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mail.conftest import Freeze, Heard
    from tests.mail.sink import Sink

pytestmark = pytest.mark.django_db
LETTER = b"From: a@example.org\r\nTo: bounces@example.fi\r\nSubject: Re: Kirje\r\n\r\nKiitos!\r\n"


@pytest.fixture
def store(settings: Any, outbox_folder: Path) -> Iterator[imap_server.Store]:
    store = imap_server.Store()
    server = imap_server.start(store)
    settings.BOUNCE_ADDRESS = "bounces@example.fi"
    settings.BOUNCE_MAILBOX = MailboxAddress("imap", "127.0.0.1", store.port, "bounces", "pass word", "INBOX")
    yield store
    server.shutdown()
    server.server_close()


@pytest.fixture
def bounce(freeze: Freeze, store: imap_server.Store) -> bytes:
    freeze("a@example.org")
    engine.deliver_now()
    return notices.dsn(to=verp.return_path(Delivery.objects.get(mailing__isnull=False).pk))


def test_a_bounce_is_applied_and_moves_a_letter_stays_unread(store: imap_server.Store, bounce: bytes) -> None:
    store.add(LETTER)
    store.add(bounce)
    assert mailbox.read_mailbox() == mailbox.Tally(handled=1, for_a_person=1)
    assert Bounce.objects.get().source == "mailbox"
    assert suppression.is_suppressed("a@example.org")
    (letter,) = store.folders["INBOX"]
    assert (letter.content, letter.flags) == (LETTER, {"KantamaLeft"})
    assert [stored.content for stored in store.folders["Kantama"]] == [bounce]
    assert mailbox.read_mailbox() == mailbox.Tally()


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 UIDPLUS"])
def test_a_server_without_move_has_the_copy_first(store: imap_server.Store, bounce: bytes, capabilities: str) -> None:
    store.capabilities = capabilities
    store.add(bounce)
    assert mailbox.read_mailbox().handled == 1
    assert [stored.content for stored in store.folders["Kantama"]] == [bounce]
    assert [stored.flags for stored in store.folders["INBOX"]] == ([] if "UIDPLUS" in capabilities else [{"\\Deleted"}])
    assert mailbox.read_mailbox() == mailbox.Tally()


def test_a_server_that_makes_no_folder_and_keeps_no_keyword(store: imap_server.Store, bounce: bytes) -> None:
    store.may_create = store.keeps_keywords = False
    store.add(bounce)
    store.add(LETTER)
    mailbox.read_mailbox()
    mailbox.read_mailbox()
    assert len(store.folders["INBOX"]) == 2
    assert Bounce.objects.count() == 1


def test_a_message_that_breaks_us_is_left_aside_and_the_rest_is_read(
    store: imap_server.Store, bounce: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = receiving.receive

    def receive(message: bytes, **values: Any) -> Any:
        if b"breaks us" in message:
            raise ValueError("breaks")
        return real(message, **values)

    monkeypatch.setattr(mailbox, "receive", receive)
    store.add(LETTER.replace(b"Kirje", b"breaks us"))
    store.add(bounce)
    assert mailbox.read_mailbox() == mailbox.Tally(handled=1, broken=1)
    assert [stored.flags for stored in store.folders["INBOX"]] == [{"KantamaBroken"}]
    assert "could not be applied" in caplog.text
    assert mailbox.read_mailbox() == mailbox.Tally()


def test_a_database_that_is_away_marks_nothing(store: imap_server.Store, bounce: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    store.add(bounce)
    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "receive", away)
        assert mailbox.read_mailbox() == mailbox.Tally()
    assert [stored.flags for stored in store.folders["INBOX"]] == [set()]
    assert mailbox.read_mailbox().handled == 1


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID MOVE", "LOGOUT"])
def test_a_server_that_hangs_up_loses_nothing(store: imap_server.Store, bounce: bytes, command: str) -> None:
    store.add(bounce)
    store.dies_at = command
    mailbox.read_mailbox()
    store.dies_at = ""
    mailbox.read_mailbox()
    assert [stored.content for folder in store.folders.values() for stored in folder] == [bounce]
    assert Bounce.objects.count() == 1
    assert store.folders["INBOX"] == []


def test_a_wrong_password_is_one_line_without_it(store: imap_server.Store, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.BOUNCE_MAILBOX = MailboxAddress("imap", "127.0.0.1", store.port, "bounces", "secret", "INBOX")
    with caplog.at_level(logging.WARNING):
        assert mailbox.read_mailbox() == mailbox.Tally()
    assert caplog.messages == ["The mailbox of bounces could not be read: error."]


def test_of_thirty_megabytes_one_is_fetched(store: imap_server.Store, bounce: bytes) -> None:
    store.add(bounce.replace(b"\n--b1--\n", b"\n\n" + b"x" * 76 + b"\n" + (b"y" * 76 + b"\n") * 400_000 + b"--b1--\n"))
    assert mailbox.read_mailbox().handled == 1
    assert store.sent_bytes == parts.LONGEST
    assert len(store.folders["Kantama"][0].content) > 30_000_000
    assert suppression.is_suppressed("a@example.org")


def test_the_whole_way_out_and_back(store: imap_server.Store, freeze: Freeze, smtp: Sink) -> None:
    """Sent by SMTP, taken, sent back by a server that knows only the envelope, read by IMAP: the next mailing leaves the address out."""
    first = freeze("a@example.org", "b@example.org", key="test.issue:1")
    engine.deliver_now()
    store.add(notices.dsn(to=smtp.senders["a@example.org"].lower()))
    assert mailbox.read_mailbox().handled == 1
    assert Bounce.objects.get().delivery == Delivery.objects.get(mailing=first, address="a@example.org")
    second = freeze("a@example.org", "b@example.org", key="test.issue:2")
    engine.deliver_now()
    assert (ledger.balance(first), ledger.balance(second)) == (ledger.Balance(2, 2, 0, 0, 0, 0), ledger.Balance(2, 1, 0, 1, 0, 0))
    assert smtp.counts == {"a@example.org": 1, "b@example.org": 2}


def test_without_a_setting_nothing_is_asked(settings: Any, db: None) -> None:
    settings.BOUNCE_MAILBOX = None
    assert mailbox.read_mailbox() == mailbox.Tally()


def test_a_reader_who_leaves_by_mail(store: imap_server.Store, bounce: bytes, heard: Heard) -> None:
    delivery = Delivery.objects.get(mailing__isnull=False)
    store.add(f"From: a@example.org\r\nTo: bounces@example.fi\r\nSubject: unsubscribe {links.token(links.UNSUBSCRIBE, delivery)}\r\n\r\n".encode())
    assert mailbox.read_mailbox().handled == 1
    assert heard.left == [delivery]
