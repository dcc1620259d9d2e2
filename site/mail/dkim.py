"""DKIM (RFC 6376, RFC 8463): our signature, by which receivers know that a mail is our domain's and arrived as it left.

Headers are canonicalised as *relaxed*, the body as *simple*: our bodies are ASCII in quoted-printable, which no server rewrites, and a body
that is signed as it stands costs one hash.
"""

from __future__ import annotations

import re
import time
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from django.conf import settings

from mail.message import domain_of

if TYPE_CHECKING:
    from pathlib import Path

# RFC 6376, 5.4.1, with what bulk senders must sign (RFC 8058, 4). "From" twice: a second one, added on the way, breaks the signature.
SIGNED = (
    "from", "from", "to", "cc", "reply-to", "subject", "date", "message-id", "mime-version", "content-type", "content-language",
    "list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "feedback-id",
)  # fmt: skip
LEAST_BITS = 2048
WIDTH = 72
SPACES = re.compile(rb"[ \t]+")


class BadKey(ValueError):
    """A key that cannot sign; the text is one sentence for the operator."""


class Signer:
    """Signs for one domain and its subdomains: another's signature would not be aligned with the sender that readers see."""

    def __init__(self, domain: str, selector: str, pem: bytes) -> None:
        self.domain, self.selector = domain.lower(), selector
        self.key = _read(pem)
        self.algorithm = "rsa-sha256" if isinstance(self.key, rsa.RSAPrivateKey) else "ed25519-sha256"

    def sign(self, mime: bytes) -> bytes:
        """The message with its signature as the first header; as it is, when it is from another domain. `mime` has CRLF throughout."""
        head, _, body = mime.partition(b"\r\n\r\n")
        fields = _fields(head)
        if not self._is_ours(fields.get("from", [b""])[-1]):
            return mime
        names = [name for name in SIGNED if name in fields]
        unsigned = self._header(names, body)
        # RFC 6376, 5.4.2: a header that is named more often than it stands there is signed as absent.
        canonical = [_relaxed(fields[name][-1]) for name in dict.fromkeys(names)]
        signed = b"".join(line + b"\r\n" for line in canonical) + _relaxed(unsigned.encode("ascii"))
        signature = b64encode(self._signature(signed)).decode("ascii")
        return f"{unsigned}{_folded(signature)}\r\n".encode("ascii") + mime

    def _header(self, names: list[str], body: bytes) -> str:
        tags = f"v=1; a={self.algorithm}; c=relaxed/simple; d={self.domain}; s={self.selector}; t={int(time.time())};"
        digest = b64encode(sha256(body.rstrip(b"\r\n") + b"\r\n").digest()).decode("ascii")
        return f"DKIM-Signature: {tags}\r\n\th={':'.join(names)};\r\n\tbh={digest};\r\n\tb="

    def _signature(self, content: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(sha256(content).digest())

    def _is_ours(self, sender: bytes) -> bool:
        domain = domain_of(sender.partition(b":")[2].decode("ascii", "replace").strip()).lower()
        return domain == self.domain or domain.endswith(f".{self.domain}")


def _read(pem: bytes) -> rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise BadKey(f"This is no private key in PEM without a password: {error}.") from None
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= LEAST_BITS:
        return key
    size = f" of {key.key_size} bits" if isinstance(key, rsa.RSAPrivateKey) else ""
    raise BadKey(f"This key{size} cannot sign: DKIM takes RSA of at least {LEAST_BITS} bits, or Ed25519.")


def _fields(head: bytes) -> dict[str, list[bytes]]:
    """The header fields as they stand, folds included, by their lower-case names."""
    found: dict[str, list[bytes]] = {}
    for field in re.split(rb"\r\n(?![ \t])", head):
        found.setdefault(field.partition(b":")[0].strip().lower().decode("ascii", "replace"), []).append(field)
    return found


def _relaxed(field: bytes) -> bytes:
    """RFC 6376, 3.4.2, without a line break at the end."""
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip(b" \t")


def _folded(signature: str) -> str:
    return "\r\n\t".join(signature[start : start + WIDTH] for start in range(0, len(signature), WIDTH))


def signer() -> Signer | None:
    """As the settings have it: DKIM_KEY_FILE, DKIM_SELECTOR, DKIM_DOMAIN."""
    return _signer(settings.DKIM_DOMAIN, settings.DKIM_SELECTOR, settings.DKIM_KEY_FILE) if settings.DKIM_KEY_FILE else None


@lru_cache(maxsize=4)
def _signer(domain: str, selector: str, file: Path) -> Signer:
    return Signer(domain, selector, file.read_bytes())
