"""No page shows words of another language, and each says which language it is in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from base import messages
from base.pages import ENDONYMS
from tests.e2e.test_html import html_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

NAMED = ("aria-label", "placeholder", "title")
COFUNDED = {"fi": "Euroopan unionin osarahoittama", "sv": "Medfinansieras av Europeiska unionen", "en": "Co-funded by the European Union"}


def translations(language: str) -> dict[str, str]:
    """English -> the language, of whole texts that are not the same in both."""
    return {row.id: row.string for row in messages.read(language) if isinstance(row.id, str) and row.id and row.id != row.string}


@cache
def foreign(language: str) -> set[str]:
    """What must not stand on a page of the language."""
    own = {row.string for row in messages.read(language)} if language != "en" else set(translations("fi"))
    others = set(translations("fi")) if language != "en" else set()
    for other in set(messages.LANGUAGES) - {language}:
        others |= set(translations(other).values())
    return {words for words in others - own if len(words) > 3}


def words_of(html: BeautifulSoup) -> set[str]:
    """What the page says in its own language, in texts and in names."""
    own = [" ".join(text.split()) for text in html.body.find_all(string=True) if text.find_parent(lang=True) is html.html]
    named = [node[name].strip() for node in html.body.find_all(True) for name in NAMED if node.get(name)]
    return {*own, *named} - set(ENDONYMS.values())


# Of a meeting or an event that is not there in each language: wholly in its own.
UNTRANSLATED = {"meeting_to_come", "meeting_held", "waiting_question", "waiting_answer", "offer"}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_public_pages_speak_their_language(places_in: Callable[[str], dict[str, str]], server: Server, language: str) -> None:
    public = {name: path for name, path in places_in(language).items() if path.startswith(f"/{language}/")}
    assert {"home", "story", "event", "issue", "newsletter", "unsubscribe"} <= set(public)
    for name, path in public.items():
        html = BeautifulSoup(html_at(server.url + path), "html.parser")
        if name == "own_data":
            # What was written of somebody is in the words of whoever wrote it.
            for written in html.select(".preferences__part dd"):
                written.decompose()
        found = words_of(html)
        spoken = html.html["lang"]
        assert spoken == language or name in UNTRANSLATED, name
        assert any(COFUNDED[spoken] in text for text in found), name
        assert not found & foreign(spoken), (name, found & foreign(spoken))


@pytest.mark.parametrize("name", ["desk", "goal", "send_issue", "sent_issue", "registration_list", "subscription_list", "person_list", "goal_form"])
def test_screens_of_ours_speak_finnish(open_tab: OpenPage, places: dict[str, str], name: str) -> None:
    page = open_tab("hallinta")
    page.goto(places[name])
    found = words_of(BeautifulSoup(page.content(), "html.parser"))
    assert not found & set(translations("fi")), found & set(translations("fi"))
