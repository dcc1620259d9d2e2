"""Finding a contact by keyboard alone, while the name is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage


def test_a_coordinator_finds_a_person_while_typing(open_page: OpenPage) -> None:
    page = open_page("koordinaattori")
    page.goto(reverse("contacts_search"))
    expect(page.locator("#id_q")).to_be_focused()
    page.keyboard.type("kaisa koord")
    answer = page.locator("#answers a").first
    expect(answer).to_have_text("Kaisa Koordinaattori")
    page.keyboard.press("ArrowDown")
    expect(answer).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#id_q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Kaisa Koordinaattori")
