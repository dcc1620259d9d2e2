"""No page shows words of another language, and each says which language it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from base import messages
from base.pages import ENDONYMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.conftest import OpenPage

WORDS = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const own = (node) => node.parentElement.closest("[lang]") === document.documentElement;
  while (walker.nextNode()) if (own(walker.currentNode)) found.add(walker.currentNode.data.replace(/\\s+/g, " ").trim());
  for (const node of document.querySelectorAll("[aria-label],[placeholder],[title]"))
    for (const name of ["aria-label", "placeholder", "title"]) if (node.getAttribute(name)) found.add(node.getAttribute(name).trim());
  return [...found];
}"""
COFUNDED = {"fi": "Euroopan unionin osarahoittama", "sv": "Medfinansieras av Europeiska unionen", "en": "Co-funded by the European Union"}


def translations(language: str) -> dict[str, str]:
    """English -> the language, of whole texts that are not the same in both."""
    return {row.id: row.string for row in messages.read(language) if isinstance(row.id, str) and row.id and row.id != row.string}


def foreign(language: str) -> set[str]:
    """What must not stand on a page of the language."""
    own = {row.string for row in messages.read(language)} if language != "en" else set(translations("fi"))
    others = set(translations("fi")) if language != "en" else set()
    for other in set(messages.LANGUAGES) - {language}:
        others |= set(translations(other).values())
    return {words for words in others - own if len(words) > 3}


def words_of(page: Page, path: str) -> set[str]:
    page.goto(path)
    return set(page.evaluate(WORDS)) - set(ENDONYMS.values())


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_public_pages_speak_their_language(places_in: Callable[[str], dict[str, str]], open_page: OpenPage, language: str) -> None:
    places = places_in(language)
    page, unwanted = open_page(language=language), foreign(language)
    public = {name: path for name, path in places.items() if path.startswith(f"/{language}/")}
    assert {"home", "story", "event", "issue", "newsletter", "unsubscribe"} <= set(public)
    for name, path in public.items():
        found = words_of(page, path)
        assert page.locator("html").get_attribute("lang") == language, name
        assert any(COFUNDED[language] in text for text in found), name
        assert not found & unwanted, (name, found & unwanted)


@pytest.mark.parametrize("name", ["desk", "goal", "send_issue", "sent_issue", "registration_list", "subscription_list", "person_list", "goal_form"])
def test_screens_of_ours_speak_finnish(open_page: OpenPage, places: dict[str, str], name: str) -> None:
    found = words_of(open_page("hallinta"), places[name])
    assert not found & set(translations("fi")), found & set(translations("fi"))
