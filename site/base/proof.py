"""Proof of work on public forms, by altcha (PoW v2): made and checked here, and nobody else is called.

A form that asks for one carries a challenge of ours. The browser's script finds the number that solves it and sends the form again; without scripts
the challenge comes back as it was, which tells at least that somebody pressed the button twice. A challenge is good for one `subject`: whoever
uses a proof again only asks for the same thing again.
"""

from __future__ import annotations

import base64
import json
import secrets
from datetime import timedelta
from enum import Enum
from typing import Any

from altcha import Payload, create_challenge, verify_solution
from django import forms
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "kantama.proof"
# Of a few tenths of a millisecond on a desktop's processor, and so many of them at strength 1: twice as many at each one more.
ALGORITHM, COST, LEAST = "PBKDF2/SHA-256", 2000, 500
GOOD_FOR = timedelta(minutes=30)
LONGEST = 4000


class Proof(Enum):
    """What a form brought."""

    NONE = "none"
    UNSOLVED = "unsolved"
    SOLVED = "solved"


def make_challenge(subject: str, strength: int) -> str:
    least = LEAST << (strength - 1)
    made = create_challenge(
        ALGORITHM,
        COST,
        counter=least + secrets.randbelow(least),
        expires_at=timezone.now() + GOOD_FOR,
        data={"subject": _digest("subject", subject)},
        hmac_secret=_digest("challenge"),
        hmac_key_secret=_digest("solution"),
    )
    return base64.b64encode(json.dumps({"challenge": made.to_dict()}).encode()).decode()


def proof_in(brought: str, subject: str) -> Proof:
    """Of another subject, too old, or of nobody's making: none."""
    try:
        values: Any = json.loads(base64.b64decode(brought, validate=True))
        unsolved = {"counter": 0, "derivedKey": ""}
        payload = Payload.from_dict({"challenge": values["challenge"], "solution": values.get("solution") or unsolved})
        result = verify_solution(payload, _digest("challenge"), hmac_key_secret=_digest("solution"))
        named = str(payload.challenge.parameters.data["subject"]) if payload.challenge.parameters.data else ""
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Proof.NONE
    if result.expired or result.invalid_signature or not constant_time_compare(named, _digest("subject", subject)):
        return Proof.NONE
    return Proof.SOLVED if result.verified else Proof.UNSOLVED


def _digest(purpose: str, value: str = "") -> str:
    return salted_hmac(f"{SALT}.{purpose}", value, algorithm="sha256").hexdigest()


class ProvingForm(forms.Form):
    """Beside `PublicForm`. `asks_proof` once `ask_for_proof` was called: then the form says why it comes back, and carries a challenge."""

    asks_proof = False

    proof = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)

    def proof_of(self, subject: str) -> Proof:
        return proof_in(self.cleaned_data.get("proof") or "", subject)

    def ask_for_proof(self, subject: str, strength: int) -> None:
        """`PublicForm` has made a copy of the data that can be changed."""
        self.asks_proof = True
        self.data["proof"] = make_challenge(subject, strength)  # type: ignore[index]
