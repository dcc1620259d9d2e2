"""Solves proofs of work (`base.proof`), as the browser's script does."""

from __future__ import annotations

import base64
import json

from altcha import Challenge, Payload, solve_challenge


def solve(challenge: str) -> str:
    made = Challenge.from_dict(json.loads(base64.b64decode(challenge))["challenge"])
    # A machine that many ask at once is slow, and nothing else here gives up.
    solution = solve_challenge(made, timeout=900)
    assert solution is not None
    return Payload(made, solution).to_base64()
