"""What the DNS says of a sender's domain: SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489), and how to mend what is missing.

Asks the resolver of the settings alone; without one nothing is asked.
"""

from __future__ import annotations

import re
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import dns.exception
import dns.resolver
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS = 2.0
# RFC 7208, 4.6.4: a receiver gives up after as many look-ups.
MOST_LOOKUPS = 10
LOOKUP = re.compile(r"^[+?~-]?(?:include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr|exists:|redirect=)")


@dataclass(frozen=True)
class Record:
    """`is_good` is None where the resolver gave no answer. `told` says what is wrong and how to mend it."""

    name: str
    is_good: bool | None
    told: str


class NoAnswer(Exception):
    """The resolver could not be reached, or failed."""


def check(domain: str) -> list[Record]:
    """Three look-ups side by side; two seconds at most. [] without a resolver in the settings."""
    if settings.DNS_RESOLVER is None:
        return []
    checks = {"SPF": check_spf, "DKIM": check_dkim, "DMARC": check_dmarc}
    with ThreadPoolExecutor(len(checks)) as pool:
        return list(pool.map(partial(_one, domain, translation.get_language()), checks.items()))


def _one(domain: str, language: str | None, named: tuple[str, Callable[[str], str]]) -> Record:
    name, run = named
    with translation.override(language):
        try:
            problem = run(domain)
        except NoAnswer:
            return Record(name, None, _("The DNS gave no answer for %(domain)s. Look again later.") % {"domain": domain})
        return Record(name, not problem, problem or _("In order for %(domain)s.") % {"domain": domain})


def texts(name: str) -> list[str]:
    """The TXT records of a name, the parts of each joined. Raises NoAnswer."""
    resolver = dns.resolver.Resolver(configure=False)
    assert settings.DNS_RESOLVER is not None  # noqa: S101 — for mypy: `check` asks nothing without one
    host, port = settings.DNS_RESOLVER
    resolver.nameservers, resolver.port, resolver.lifetime = [host], port, SECONDS
    try:
        answer = resolver.resolve(name, "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise NoAnswer(name) from error
    return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]


def check_spf(domain: str) -> str:
    found = [text for text in texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return _("There is no SPF record. Add a TXT record to %(domain)s: “v=spf1 include:YOUR-MAIL-SERVICE -all”.") % {"domain": domain}
    if len(found) > 1:
        return _("There are %(number)d SPF records, and receivers then take none. Join them into one.") % {"number": len(found)}
    terms = found[0].lower().split()
    if "+all" in terms or "all" in terms:
        return _("The SPF record lets anybody send (“+all”). End it with “-all”.")
    if not any(term in {"-all", "~all"} or term.startswith("redirect=") for term in terms):
        return _("The SPF record does not say who may not send. End it with “-all”.")
    if sum(bool(LOOKUP.match(term)) for term in terms[1:]) > MOST_LOOKUPS:
        return _("The SPF record asks for more than ten look-ups, and receivers then take none. Shorten it.")
    return ""


def check_dkim(domain: str) -> str:
    name = f"{settings.DKIM_SELECTOR}._domainkey.{settings.DKIM_DOMAIN}"
    if not _is_aligned(domain, settings.DKIM_DOMAIN):
        told = _("Mail is signed for %(signed)s, which is not the sender's domain %(domain)s: receivers do not count it. Set DKIM_DOMAIN.")
        return told % {"signed": settings.DKIM_DOMAIN, "domain": domain}
    found = [_tags(text) for text in texts(name)]
    key = next((tags["p"] for tags in found if tags.get("p")), "")
    own = public_key(settings.DKIM_KEY_FILE) if settings.DKIM_KEY_FILE else ""
    if not key:
        told = _("There is no DKIM key at %(name)s. Add a TXT record there: “v=DKIM1; p=%(key)s”.")
        return told % {"name": name, "key": own or _("the public key of your mail service")}
    if own and "".join(key.split()) != own:
        return _("The DKIM key at %(name)s is not the one that we sign with. Put this one there: “v=DKIM1; p=%(key)s”.") % {"name": name, "key": own}
    return ""


def check_dmarc(domain: str) -> str:
    """The domain's own, else that of the domain above it (RFC 7489, 6.6.3, without the list of public suffixes)."""
    names = [domain, *([domain.partition(".")[2]] if domain.count(".") > 1 else [])]
    found = next((rows for name in names if (rows := [text for text in texts(f"_dmarc.{name}") if text.lower().startswith("v=dmarc1")])), [])
    if not found:
        return _("There is no DMARC record. Add a TXT record to _dmarc.%(domain)s: “v=DMARC1; p=none; rua=mailto:postmaster@%(domain)s”.") % {
            "domain": domain
        }
    if len(found) > 1 or _tags(found[0]).get("p", "").lower() not in {"none", "quarantine", "reject"}:
        return _("The DMARC record cannot be read: there must be one, with p=none, p=quarantine or p=reject.")
    return ""


def _is_aligned(domain: str, signed: str) -> bool:
    domain, signed = domain.lower(), signed.lower()
    return domain == signed or domain.endswith(f".{signed}") or signed.endswith(f".{domain}")


def _tags(text: str) -> dict[str, str]:
    return {name.strip(): value.strip() for name, mark, value in (part.partition("=") for part in text.split(";")) if mark}


def public_key(file: Path) -> str:
    """As the `p=` of the record has it (RFC 6376, 3.6.1; RFC 8463, 4.2 for Ed25519)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = load_pem_private_key(file.read_bytes(), None).public_key()
    whole = key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(whole).decode("ascii")
