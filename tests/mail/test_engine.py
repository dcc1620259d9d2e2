from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from django.core.mail import EmailMultiAlternatives

from base.tasks import in_this_process
from mail import engine, flights, ledger, links, outbox
from mail.inbound import verp
from mail.models import Delivery, Link
from mail.signing import BadToken
from mail.transports import Copy, Kind, Outcome
from tests.mail.conftest import NEWS, SYSTEM, addresses, key_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mail.conftest import Freeze, Heard
    from tests.mail.sink import Sink


def mails(folder: Path) -> list[Any]:
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(folder.glob("*.eml"))]


@pytest.mark.django_db(transaction=True)
def test_a_mailing_goes_out_by_itself_and_is_finished(freeze: Freeze, outbox_folder: Path, heard: Heard) -> None:
    with in_this_process():
        mailing = freeze(*addresses(45))
    mailing.refresh_from_db()
    assert mailing.finished_at
    assert ledger.balance(mailing) == ledger.Balance(45, 45, 0, 0, 0, 0)
    assert sorted(str(mail["To"]) for mail in mails(outbox_folder)) == sorted(addresses(45))
    assert sorted(heard.sent) == sorted(Delivery.objects.filter(mailing=mailing).values_list("pk", flat=True))


@pytest.mark.django_db
def test_each_copy_has_links_and_tokens_of_its_own(freeze: Freeze, outbox_folder: Path) -> None:
    mailing = freeze("a@example.org", "b@example.org")
    engine.deliver_now()
    found = {str(mail["To"]): mail for mail in mails(outbox_folder)}
    for address, mail in found.items():
        delivery = Delivery.objects.get(mailing=mailing, address=address)
        text = mail.get_body(("plain",)).get_content()
        for link in Link.objects.filter(mailing=mailing):
            assert links.click_url(delivery, link.pk) in text
        token = str(mail["List-Unsubscribe"]).split("/leave/")[1].split("/")[0]
        assert links.delivery_of(links.UNSUBSCRIBE, token) == delivery
        assert mail["Message-ID"] == verp.message_id(delivery.pk, "example.org")
    assert found["a@example.org"]["Message-ID"] != found["b@example.org"]["Message-ID"]


@pytest.mark.django_db
def test_a_token_is_of_no_use_for_another_purpose(freeze: Freeze) -> None:
    mailing = freeze("a@example.org")
    token = links.token(links.UNSUBSCRIBE, Delivery.objects.get(mailing=mailing))
    with pytest.raises(BadToken):
        links.delivery_of(links.PREFERENCES, token)


@pytest.mark.django_db(transaction=True)
def test_a_message_with_a_key_is_queued_once(outbox_folder: Path, heard: Heard) -> None:
    words: dict[str, Any] = {"to": "a@example.org", "subject": "Hei", "language": "fi", "heading": "Hei", "paragraphs": ["Näin."], "stream": SYSTEM}
    with in_this_process():
        first = outbox.send_single(**words, key="test:1", recipient_key=key_of("a"), button=("Vahvista", "https://example.org/"))
        second = outbox.send_single(**words, key="test:1")
    assert first == second
    (mail,) = mails(outbox_folder)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert Delivery.objects.get().state == "sent"


@pytest.mark.django_db
def test_a_message_of_nobody_is_refused(db: None) -> None:
    with pytest.raises(LookupError, match="nobody"):
        outbox.send(to="a@example.org", subject="a", text="a", html="a", language="fi", stream="nobody")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["a@example.org\r\nRCPT TO:<b@example.org>", "no-at-sign", "ä@example.org", "<a@example.org>", "a b@example.org"])
def test_an_address_that_cannot_be_written_fails_alone(freeze: Freeze, outbox_folder: Path, address: str) -> None:
    mailing = freeze(address, "ok@example.org", "ok@työ.example")
    engine.deliver_now()
    assert ledger.balance(mailing) == ledger.Balance(3, 2, 1, 0, 0, 0)
    assert {str(mail["To"]) for mail in mails(outbox_folder)} == {"ok@example.org", "ok@xn--ty-gka.example"}


@pytest.mark.django_db
def test_when_the_transport_is_down_nothing_is_lost_and_one_attempt_is_made(freeze: Freeze, smtp: Sink, settings: Any) -> None:
    mailing = freeze(*addresses(50))
    settings.EMAIL_ADDRESS = type(settings.EMAIL_ADDRESS)("smtp", "127.0.0.1", 1)
    engine.deliver_now()
    assert ledger.balance(mailing) == ledger.Balance(50, 0, 0, 0, 0, 50)
    assert sum(Delivery.objects.filter(mailing=mailing).values_list("attempts", flat=True)) == 1


@pytest.mark.django_db
def test_an_error_of_ours_doubts_one_copy_and_gives_back_the_rest(freeze: Freeze, outbox_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mailing = freeze(*addresses(5))
    seen: list[str] = []

    def send(self: Any, copy: Copy) -> Outcome:
        seen.append(copy.recipient)
        if len(seen) == 3:
            raise RuntimeError("a mistake")
        return Outcome(Kind.SENT)

    monkeypatch.setattr("mail.transports.OutboxTransport._send", send)
    with pytest.raises(RuntimeError):
        engine.deliver_now()
    assert sorted(Delivery.objects.filter(mailing=mailing).values_list("state", flat=True)) == ["claimed", "sent", "sent", "waiting", "waiting"]
    assert len(flights.on_the_wire()) == 1
    assert ledger.balance(mailing).is_balanced


@pytest.mark.django_db
def test_a_run_out_of_time_gives_back_what_it_did_not_try(freeze: Freeze, outbox_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mailing = freeze(*addresses(50))
    monkeypatch.setattr(engine, "RUN_SECONDS", 0)
    engine.deliver_now(mailing.pk)
    assert ledger.balance(mailing) == ledger.Balance(50, engine.CHUNK, 0, 0, 0, 50 - engine.CHUNK)
    engine.sweep()
    assert ledger.balance(mailing).sent == 2 * engine.CHUNK


@pytest.mark.django_db(transaction=True)
def test_mails_of_django_go_the_same_way(outbox_folder: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mail.backend.OutboxBackend"
    message = EmailMultiAlternatives("Salasanan vaihto", "Hyvää päivää", to=["a@example.org"], cc=["b@example.org"], bcc=["c@example.org"])
    message.attach_alternative("<p>Hyvää</p>", "text/html")
    message.attach("ohje.txt", "ä", "text/plain")
    with in_this_process():
        assert message.send() == 1
    found = mails(outbox_folder)
    assert sorted(Delivery.objects.values_list("address", "stream")) == [(f"{name}@example.org", "staff") for name in "abc"]
    assert len(found) == 3
    assert found[0]["Subject"] == "Salasanan vaihto"
    assert found[0]["Bcc"] is None
    assert found[0].get_body(("plain",)).get_content().strip() == "Hyvää päivää"
    assert all(file.read_bytes().isascii() for file in outbox_folder.glob("*.eml"))
    assert NEWS not in Delivery.objects.values_list("stream", flat=True)
