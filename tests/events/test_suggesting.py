"""Organisations are suggested by name alone, to who types, and not without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from events import suggesting
from tests import factories

if TYPE_CHECKING:
    from django.test import Client

    from events.models import EventPage


@pytest.fixture
def known(page: EventPage) -> EventPage:
    for name in ("Tampereen kaupunki", "Työterveyslaitos", "Hämeen työ oy", "Suomen Yrittäjät"):
        factories.make_organisation(page.theme, name_fi=name, name_sv="Arbetshälsoinstitutet" if name == "Työterveyslaitos" else "")
    factories.make_organisation(factories.make_theme(), name_fi="Työ muualla")
    return page


def ask(client: Client, page: EventPage, words: str, *, language: str = "fi", address: str = "127.2.0.1") -> list[str]:
    answer = client.get(f"/{language}/events/{page.pk}/organisations/", {"q": words}, REMOTE_ADDR=address)
    assert answer.status_code == 200
    assert set(answer.json()) == {"names"}
    found: list[str] = answer.json()["names"]
    return found


def test_names_that_begin_so_come_first_and_only_the_themes(known: EventPage, client: Client) -> None:
    assert ask(client, known, "työ") == ["Työterveyslaitos", "Hämeen työ oy"]
    assert ask(client, known, "arbets", language="sv") == ["Arbetshälsoinstitutet"]
    assert ask(client, known, "tampere", language="sv") == ["Tampereen kaupunki"]


@pytest.mark.parametrize("words", ["", "t", " t ", "%", "__", "%%", "t%", "("])
def test_fewer_than_two_letters_tell_nothing(known: EventPage, client: Client, words: str) -> None:
    assert ask(client, known, words) == []


def test_the_register_is_not_read_out(known: EventPage, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(suggesting, "RATE", "5/h")
    address = f"/fi/events/{known.pk}/organisations/"
    statuses = [client.get(address, {"q": "työ"}, REMOTE_ADDR="127.2.0.9").status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    assert "Set-Cookie" not in client.get(address, {"q": "työ"}, REMOTE_ADDR="127.2.0.10").headers


def test_the_field_is_plain_text_without_scripts(known: EventPage, client: Client) -> None:
    text = client.get(known.url).content.decode()
    assert f'data-suggest="/fi/events/{known.pk}/organisations/"' in text
    assert "Työterveyslaitos" not in text
