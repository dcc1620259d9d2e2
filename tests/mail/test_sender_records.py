from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mail import sender_records
from tests.mail.name_server import NameServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def names(settings: Any, tmp_path: Path) -> Iterator[NameServer]:
    server = NameServer()
    settings.DNS_RESOLVER, settings.DKIM_SELECTOR, settings.DKIM_DOMAIN = server.address, "kantama", "kirje.fi"
    key = rsa.generate_private_key(65537, 2048)
    settings.DKIM_KEY_FILE = tmp_path / "dkim.pem"
    settings.DKIM_KEY_FILE.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server.records = {
        "kirje.fi": ["google-site-verification=x", "v=spf1 include:_spf.example.net -all"],
        "kantama._domainkey.kirje.fi": [f"v=DKIM1; k=rsa; p={sender_records.public_key(settings.DKIM_KEY_FILE)}"],
        "_dmarc.kirje.fi": ["v=DMARC1; p=quarantine; rua=mailto:postmaster@kirje.fi"],
    }
    yield server
    server.close()


def found(domain: str = "kirje.fi") -> dict[str, bool | None]:
    return {record.name: record.is_good for record in sender_records.check(domain)}


def test_a_domain_in_order(names: NameServer) -> None:
    assert found() == {"SPF": True, "DKIM": True, "DMARC": True}
    # A subdomain stands under the DMARC of the domain above it, and needs an SPF record of its own.
    assert found("uutiset.kirje.fi") == {"SPF": False, "DKIM": True, "DMARC": True}


@pytest.mark.parametrize(
    ("name", "records", "which"),
    [
        ("kirje.fi", [], "SPF"),
        ("kirje.fi", ["v=spf1 -all", "v=spf1 ~all"], "SPF"),
        ("kirje.fi", ["v=spf1 mx +all"], "SPF"),
        ("kirje.fi", ["v=spf1 mx"], "SPF"),
        ("kirje.fi", [f"v=spf1 {' '.join(f'include:s{n}.example.net' for n in range(11))} -all"], "SPF"),
        ("kirje.fi", ["v=spf10 -all"], "SPF"),
        ("kantama._domainkey.kirje.fi", ["v=DKIM1; p="], "DKIM"),
        ("kantama._domainkey.kirje.fi", ["v=DKIM1; p=AAAA"], "DKIM"),
        ("_dmarc.kirje.fi", ["v=DMARC1; rua=mailto:a@kirje.fi"], "DMARC"),
        ("_dmarc.kirje.fi", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "DMARC"),
        ("_dmarc.kirje.fi", ["v=spf1"], "DMARC"),
    ],
)
def test_what_is_wrong_is_told_with_how_to_mend_it(names: NameServer, name: str, records: list[str], which: str) -> None:
    names.records[name] = records
    record = next(record for record in sender_records.check("kirje.fi") if record.name == which)
    assert record.is_good is False
    assert len(record.told) > 30
    assert [name for name, is_good in found().items() if is_good] == [name for name in ("SPF", "DKIM", "DMARC") if name != which]


def test_our_key_stands_in_the_advice(names: NameServer, settings: Any) -> None:
    del names.records["kantama._domainkey.kirje.fi"]
    record = next(record for record in sender_records.check("kirje.fi") if record.name == "DKIM")
    assert sender_records.public_key(settings.DKIM_KEY_FILE) in record.told
    assert "kantama._domainkey.kirje.fi" in record.told


def test_a_signature_of_another_domain_is_told(names: NameServer) -> None:
    names.records["muu.fi"], names.records["_dmarc.muu.fi"] = ["v=spf1 mx -all"], ["v=DMARC1; p=none"]
    assert found("muu.fi") == {"SPF": True, "DKIM": False, "DMARC": True}


def test_no_answer_is_no_verdict_and_soon(names: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_records, "SECONDS", 0.3)
    names.silent.add("kirje.fi")
    assert found() == {"SPF": None, "DKIM": True, "DMARC": True}


def test_nothing_is_asked_without_a_resolver(settings: Any) -> None:
    settings.DNS_RESOLVER = None
    assert sender_records.check("kirje.fi") == []
