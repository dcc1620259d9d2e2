"""The address that a bounce comes back to says which copy it is about, and cannot be made up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mail.inbound import verp
from mail.signing import BadToken


@pytest.fixture(autouse=True)
def bounce_address(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "palautukset@example.fi"


@given(st.integers(0, 2**63 - 1))
@example(2**63 - 1)
def test_there_and_back_in_any_case(number: int) -> None:
    address = verp.return_path(number)
    assert verp.delivery_at(address) == verp.delivery_at(f"<{address.upper()}>") == number
    assert verp.deliveries_named(f"Message-ID: {verp.message_id(number, 'example.fi')}".upper()) == [number]


def test_the_longest_address_fits(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = f"{'b' * 30}@example.fi"
    assert len(verp.return_path(2**63 - 1).rpartition("@")[0]) <= 64


def test_without_a_setting_bounces_come_to_the_sender(settings: Any) -> None:
    settings.BOUNCE_ADDRESS, settings.DEFAULT_FROM_EMAIL = "", "Kantama <posti@example.fi>"
    assert verp.return_path(7) == "posti@example.fi"
    with pytest.raises(BadToken):
        verp.delivery_at("posti@example.fi")


def test_what_is_not_ours_is_refused() -> None:
    good = verp.return_path(7)
    token = good.partition("+")[2].partition("@")[0]
    others = verp.token(8)
    bad = [
        "", "palautukset@example.fi", good.replace("example.fi", "example.org"), good.replace("palautukset", "x"), good[:-1],
        good.replace(token, others.split("-")[0] + "-" + token.split("-")[1]), good.replace(token, token[:-1]), good.replace(token, token + "0"),
        good.replace("+", "-"), f"{good}\r\nx",
    ]  # fmt: skip
    for address in bad:
        with pytest.raises(BadToken):
            verp.delivery_at(address)
    mark = verp.message_id(7, "example.fi").split(".")[1].split("@")[0]
    assert verp.deliveries_named(f"<8.{mark}@example.fi> <17.{mark}@example.fi> <7.{mark[:-1]}@example.fi>") == []


def test_a_new_key_still_knows_the_copies_of_the_old_one(settings: Any) -> None:
    address, settings.SECRET_KEY_FALLBACKS = verp.return_path(7), [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert verp.return_path(7) != address
    assert verp.delivery_at(address) == 7
