"""Our signatures, verified by dkimpy with the public key that a receiver would find in DNS."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from mail import dkim, engine
from mail.slots import FrozenMessage
from tests.mail.conftest import addresses, variant
from tests.mail.test_message import VALUES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mail.conftest import Freeze
    from tests.mail.sink import Sink

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()


def pem(key: Any) -> bytes:
    private: bytes = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private


def record(key: Any) -> bytes:
    """What stands in DNS."""
    if isinstance(key, rsa.RSAPrivateKey):
        der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + b64encode(der)
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return b"v=DKIM1; k=ed25519; p=" + b64encode(raw)


def is_good(mime: bytes, key: Any) -> bool:
    asked: list[bytes] = []

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record(key)

    good: bool = dkimpy.verify(mime, dnsfunc=look_up)
    assert asked == [b"k1._domainkey.example.org."]
    return good


def newsletter() -> bytes:
    return FrozenMessage(variant()[3]).fill(VALUES)


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_a_signed_newsletter_is_good_and_a_changed_one_is_not(key: Any) -> None:
    signed = dkim.Signer("example.org", "k1", pem(key)).sign(newsletter())
    assert is_good(signed, key)
    assert max(map(len, signed.split(b"\r\n"))) < 998
    # Servers on the way may fold again, and add empty lines at the end.
    assert is_good(signed.replace(b"MIME-Version: 1.0", b"MIME-Version:\r\n   1.0") + b"\r\n\r\n", key)
    for old, new in (
        (b"Hyv", b"Huv"),
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Lost"),
        (b"From: ", b"From: x@evil.example\r\nFrom: "),
    ):
        assert old in signed
        assert not is_good(signed.replace(old, new), key), old


def test_what_bulk_senders_must_sign_is_signed() -> None:
    signed = dkim.Signer("example.org", "k1", pem(RSA)).sign(newsletter())
    names = signed.partition(b"h=")[2].partition(b";")[0].split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"message-id", b"date", b"to", b"subject"} <= set(names)


def test_another_domains_mail_is_not_signed() -> None:
    mime = newsletter()
    assert dkim.Signer("example.com", "k1", pem(RSA)).sign(mime) == mime
    assert dkim.Signer("org", "k1", pem(RSA)).sign(mime) != mime
    assert dkim.Signer("ample.org", "k1", pem(RSA)).sign(mime) == mime


@pytest.mark.parametrize("bad", [b"", b"no key", pem(rsa.generate_private_key(65537, 1024)), pem(ec.generate_private_key(ec.SECP256R1()))])
def test_a_key_that_cannot_sign_is_refused(bad: bytes) -> None:
    with pytest.raises(dkim.BadKey):
        dkim.Signer("example.org", "k1", bad)


@pytest.mark.django_db
def test_what_a_server_takes_is_signed(freeze: Freeze, smtp: Sink, settings: Any, tmp_path: Path) -> None:
    settings.DKIM_KEY_FILE = tmp_path / "key.pem"
    settings.DKIM_KEY_FILE.write_bytes(pem(RSA))
    settings.DKIM_DOMAIN, settings.DKIM_SELECTOR = "example.org", "k1"
    freeze(*addresses(3))
    engine.deliver_now()
    assert len(smtp.taken) == 3
    assert all(is_good(mime, RSA) for _, mime in smtp.taken)
