"""Secrets of accounts, locked while they rest. Fernet (AES-128-CBC with an HMAC) under keys derived by HKDF; the first key locks, each of
them unlocks.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"kantama.social.credentials"


class Locked(Exception):
    """No key of the settings opens it: SECRET_KEY or SOCIAL_KEYS were changed without the old one among them."""


def _keys() -> MultiFernet:
    words = settings.SOCIAL_KEYS or [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(HKDF(SHA256(), 32, None, PURPOSE).derive(word.encode()))) for word in words])


def seal(secrets: dict[str, Any]) -> str:
    return _keys().encrypt(json.dumps(secrets).encode()).decode()


def unseal(sealed: str) -> dict[str, Any]:
    """Raises Locked."""
    if not sealed:
        return {}
    try:
        found: dict[str, Any] = json.loads(_keys().decrypt(sealed.encode()))
    except InvalidToken:
        raise Locked from None
    return found
