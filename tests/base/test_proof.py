"""A proof of work is good for what it was asked for, and for nothing that was changed on the way."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from base import proof
from base.proof import Proof, make_challenge, proof_in
from tests.proofs import solve

if TYPE_CHECKING:
    from collections.abc import Callable

SUBJECT = "event 1: aino@example.org"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "LEAST", 4)


@pytest.fixture
def challenge() -> str:
    return make_challenge(SUBJECT, 1)


def changed(text: str, change: Callable[[Any], object]) -> str:
    values = json.loads(base64.b64decode(text))
    change(values)
    return base64.b64encode(json.dumps(values).encode()).decode()


def test_a_challenge_is_unsolved_until_it_is_solved(challenge: str) -> None:
    assert (proof_in(challenge, SUBJECT), proof_in(solve(challenge), SUBJECT)) == (Proof.UNSOLVED, Proof.SOLVED)


def test_it_is_good_for_its_subject_alone(challenge: str) -> None:
    assert proof_in(solve(challenge), "event 2: aino@example.org") is Proof.NONE
    assert proof_in(challenge, "event 1: bo@example.org") is Proof.NONE


def test_it_is_good_for_half_an_hour(challenge: str) -> None:
    solved = solve(challenge)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert (proof_in(solved, SUBJECT), proof_in(challenge, SUBJECT)) == (Proof.NONE, Proof.NONE)


def test_whoever_makes_it_easier_or_longer_has_none(challenge: str) -> None:
    for change in (
        lambda values: values["challenge"]["parameters"].update(cost=1),
        lambda values: values["challenge"]["parameters"].update(keyPrefix="00"),
        lambda values: values["challenge"]["parameters"].update(expiresAt=4_000_000_000),
        lambda values: values["challenge"]["parameters"]["data"].update(subject="other"),
        lambda values: values["challenge"].update(signature=""),
        lambda values: values["challenge"].pop("signature"),
    ):
        assert proof_in(changed(solve(challenge), change), SUBJECT) is Proof.NONE


def test_a_wrong_solution_is_none_that_solves(challenge: str) -> None:
    def guess(values: Any) -> None:
        values["solution"] = {"counter": 5, "derivedKey": values["challenge"]["parameters"]["keySignature"]}

    assert proof_in(changed(challenge, guess), SUBJECT) is Proof.UNSOLVED


@pytest.mark.parametrize(
    "brought",
    ["", "x", "ä", "e30=", base64.b64encode(b"[]").decode(), base64.b64encode(b'{"challenge": 1}').decode(), base64.b64encode(b"[" * 5000).decode()],
)
def test_whatever_is_no_proof_is_none(brought: str) -> None:
    assert proof_in(brought, SUBJECT) is Proof.NONE


@pytest.mark.parametrize("value", [None, 7, [], {"parameters": None}, {"parameters": {"data": 3, "expiresAt": "x"}}, {"parameters": []}])
def test_a_challenge_of_odd_shapes_is_none(challenge: str, value: Any) -> None:
    assert proof_in(changed(challenge, lambda values: values.update(challenge=value)), SUBJECT) is Proof.NONE
    assert proof_in(changed(challenge, lambda values: values.update(solution={"counter": value, "derivedKey": value})), SUBJECT) is not Proof.SOLVED


def test_each_strength_is_twice_the_work() -> None:
    def work(strength: int) -> float:
        parameters = [json.loads(base64.b64decode(solve(make_challenge(SUBJECT, strength)))) for _ in range(4)]
        return sum(one["solution"]["counter"] for one in parameters) / len(parameters)

    assert 4 <= work(1) < 8 <= work(2) < 16 <= work(3) < 32
