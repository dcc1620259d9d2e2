from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from base.environment import MailAddress
from mail import engine, ledger, suppression
from mail.models import Delivery
from mail.smtp import CONNECTIONS
from tests.mail import sink as sinks
from tests.mail.conftest import addresses

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mail.conftest import Freeze
    from tests.mail.sink import Sink


def row(address: str) -> Delivery:
    return Delivery.objects.get(mailing__isnull=False, address=address)


@pytest.mark.django_db
def test_many_messages_go_over_few_connections(freeze: Freeze, smtp: Sink) -> None:
    mailing = freeze(*addresses(60))
    engine.deliver_now()
    assert ledger.balance(mailing).sent == 60
    assert smtp.counts == dict.fromkeys(addresses(60), 1)
    assert smtp.connections == CONNECTIONS
    assert row("reader3@example.org").reply.startswith("250 2.0.0 taken as")
    assert all(mail["To"] for mail in smtp.messages())


@pytest.mark.django_db
def test_lines_that_begin_with_a_dot_arrive_whole(heard: object, smtp: Sink) -> None:
    body = b".leading\r\nmiddle\r\n.\r\n..two\r\n"
    Delivery.objects.create(stream="test.system", address="a@example.org", mime=b"To: a@example.org\r\n\r\n" + body)
    engine.deliver_now()
    assert smtp.taken[0][1].endswith(body)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reply", "state", "suppressed"),
    [
        ("450 4.2.1 greylisted", "waiting", False),
        ("451 4.3.0 try later", "waiting", False),
        ("550 5.1.1 no such user", "failed", True),
        ("550 5.1.10 null MX", "failed", True),
        ("550 5.1.8 bad sender", "failed", False),
        ("550 No such user here", "failed", True),
        ("550 5.2.1 mailbox disabled", "failed", True),
        ("550 5.1.1 mailbox full", "failed", False),
        ("554 5.7.1 user unknown to our policy", "failed", False),
        ("550 5.7.1 blocked by policy", "failed", False),
        ("552 5.2.2 mailbox full", "failed", False),
        ("421 4.3.2 shutting down", "waiting", False),
    ],
)
def test_a_refused_recipient(freeze: Freeze, smtp: Sink, reply: str, state: str, suppressed: bool) -> None:
    smtp.rcpt_replies["reader1@example.org"] = reply
    mailing = freeze(*addresses(4))
    engine.deliver_now()
    assert row("reader1@example.org").state == state
    assert row("reader1@example.org").reply == reply
    assert suppression.is_suppressed("reader1@example.org") is suppressed
    assert ledger.balance(mailing).sent == 3


@pytest.mark.django_db
@pytest.mark.parametrize(("reply", "state"), [("452 4.3.1 no space", "waiting"), ("554 5.6.0 not this", "failed")])
def test_a_refused_message(freeze: Freeze, smtp: Sink, reply: str, state: str) -> None:
    smtp.data_replies["reader1@example.org"] = reply
    freeze(*addresses(4))
    engine.deliver_now()
    assert row("reader1@example.org").state == state
    # A no to the words is not a no to the address.
    assert not suppression.is_suppressed("reader1@example.org")
    assert len(smtp.taken) == 3


@pytest.mark.django_db
def test_a_connection_lost_before_the_dot_is_a_deferral(freeze: Freeze, smtp: Sink) -> None:
    smtp.dropped_at_data.add("reader1@example.org")
    mailing = freeze(*addresses(4))
    engine.deliver_now()
    assert row("reader1@example.org").state == "waiting"
    assert ledger.balance(mailing).sent == 3
    assert smtp.connections == CONNECTIONS + 1


@pytest.mark.django_db
def test_a_connection_lost_in_the_body_is_a_deferral(heard: object, smtp: Sink) -> None:
    """More than fits into the sockets' buffers, so that the loss is felt before the dot."""
    smtp.dropped_in_body.add("a@example.org")
    mime = b"To: a@example.org\r\n\r\n" + (b"x" * 70 + b"\r\n") * 300_000
    message = Delivery.objects.create(stream="test.system", address="a@example.org", mime=mime)
    engine.deliver_now()
    message.refresh_from_db()
    assert message.state == "waiting"
    assert message.reply.startswith("Connection lost")


@pytest.mark.django_db
def test_a_connection_lost_after_the_dot_is_a_doubt_and_is_not_repeated(freeze: Freeze, smtp: Sink) -> None:
    smtp.dropped_after_dot.add("reader1@example.org")
    mailing = freeze(*addresses(4))
    engine.deliver_now()
    engine.sweep()
    assert row("reader1@example.org").state == "in_doubt"
    assert ledger.balance(mailing) == ledger.Balance(4, 3, 0, 0, 1, 0)
    assert smtp.counts["reader1@example.org"] == 1


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of its own for 127.0.0.1, and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = builder.add_extension(names, critical=False).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "sink.pem"
    path.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.django_db
@pytest.mark.parametrize(("trusted", "password", "sent"), [(True, "secret", 1), (False, "secret", 0), (True, "wrong", 0)])
def test_starttls_asks_for_a_good_certificate_and_logs_in(
    freeze: Freeze, settings: Any, monkeypatch: pytest.MonkeyPatch, certificate: Path, trusted: bool, password: str, sent: int
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    sink = sinks.Sink()
    controller = sinks.start(sink, tls=context, password="secret")
    settings.EMAIL_ADDRESS = MailAddress("smtp+tls", "127.0.0.1", sink.port, "kantama", password)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    mailing = freeze("a@example.org")
    engine.deliver_now()
    controller.stop()
    assert len(sink.taken) == ledger.balance(mailing).sent == sent
    assert ledger.balance(mailing).waiting == 1 - sent
    assert bool(sink.logins) is trusted


@pytest.mark.django_db
def test_a_server_without_starttls_gets_nothing(freeze: Freeze, smtp: Sink, settings: Any) -> None:
    settings.EMAIL_ADDRESS = MailAddress("smtp+tls", "127.0.0.1", smtp.port)
    mailing = freeze("a@example.org")
    engine.deliver_now()
    assert smtp.taken == []
    assert ledger.balance(mailing).waiting == 1
