"""A coordinator logs a meeting by keyboard alone, sees the goal's coverage move, and takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

PLACE = "tests.e2e.outreach"


def test_a_logged_meeting_moves_the_coverage(server: Server, open_page: OpenPage) -> None:
    found = server.call(f"{PLACE}.least_covered")
    page = open_page("koordinaattori")
    page.goto(reverse("contacts_coverage", args=[found["goal"]]))
    before = page.locator(".k-numbers").inner_text()
    page.goto(f"{reverse('contacts_log')}?goals={found['goal']}")
    page.locator("#log_who").focus()
    for pk, email in found["people"]:
        page.keyboard.type(email)
        expect(page.locator(f"#who-{pk}")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator(f"input[name=people][value='{pk}']")).to_be_checked()
        expect(page.locator("#log_who")).to_be_focused()
    while page.evaluate("document.activeElement.name") != "what":
        page.keyboard.press("Tab")
    page.keyboard.type("Kahvit torilla")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/log/*/")
    logged = page.url
    assert server.call(f"{PLACE}.covered", goal=found["goal"]) == found["reached"] + 2
    page.goto(reverse("contacts_coverage", args=[found["goal"]]))
    assert page.locator(".k-numbers").inner_text() != before
    page.goto(logged)
    page.locator("form[action$='/undo/'] button").press("Enter")
    expect(page.locator("#log_what")).to_have_value("Kahvit torilla")
    assert page.locator("input[name=people]:checked").count() == 2
    assert server.call(f"{PLACE}.covered", goal=found["goal"]) == found["reached"]


def test_a_segment_is_counted_while_it_is_built(open_page: OpenPage) -> None:
    page = open_page("koordinaattori")
    page.goto(reverse("contacts_segment_new"))
    page.locator("select[name=g0-new]").select_option("language")
    page.locator("button[value=add-0]").press("Enter")
    said = page.locator("#segment-counted")
    everybody = said.inner_text()
    page.locator("input[name=g0-0-value][value=sv]").press("Space")
    expect(said).not_to_have_text(everybody)
    swedish = said.inner_text()
    page.locator("input[name=g0-0-not]").press("Space")
    expect(said).not_to_have_text(swedish)
