"""A coordinator and the register, from a sheet to an undone mistake: people come, a meeting is logged, and two who are not the same are merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e.test_contact_import import bring_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

IMPORTS, OUTREACH = "tests.e2e.imports", "tests.e2e.outreach"


def wait_for(page: Page, ask: Callable[[], Any]) -> Any:
    for _time in range(120):
        if found := ask():
            return found
        page.wait_for_timeout(500)
    raise AssertionError("It has not come.")


def log_meeting(page: Page, goal: str, people: list[tuple[int, str]]) -> None:
    page.goto(f"{reverse('contacts_log')}?goals={goal}")
    for pk, email in people:
        page.locator("#log_who").press_sequentially(email)
        page.locator(f"#who-{pk}").click()
    page.locator("[name=what]").fill("Tavattiin messuilla")
    page.locator("form[data-log] button[type=submit]:not([name])").click()
    page.wait_for_url("**/contacts/log/*/")


def test_from_a_sheet_to_an_undone_mistake(server: Server, open_page: OpenPage) -> None:
    page = open_page("koordinaattori")
    known = server.call(f"{IMPORTS}.somebody")
    before = server.call(f"{IMPORTS}.twice", first=known["first"], last=known["last"])["number"]
    # In the same organisation, and somebody else.
    bring_sheet(page, server, "Messut, tarina", known, choice="another")
    assert server.call(f"{IMPORTS}.twice", first=known["first"], last=known["last"])["number"] == before + 1

    goal = server.call(f"{OUTREACH}.least_covered")
    page.goto(reverse("contacts_coverage", args=[goal["goal"]]))
    shown = page.locator(".k-numbers").inner_text()
    log_meeting(page, goal["goal"], goal["people"])
    page.goto(reverse("contacts_coverage", args=[goal["goal"]]))
    assert page.locator(".k-numbers").inner_text() != shown
    assert server.call(f"{OUTREACH}.covered", goal=goal["goal"]) == goal["reached"] + 2

    page.goto(reverse("contacts_pairs"))
    page.locator("main form.k-actions button").click()
    pair = wait_for(page, lambda: server.call(f"{IMPORTS}.twice", first=known["first"], last=known["last"])["pair"])
    page.goto(reverse("contacts_pair", args=[pair]))
    page.locator("button[value=same]").click()
    expect(page.locator(".messages")).to_be_visible()
    assert server.call(f"{IMPORTS}.twice", first=known["first"], last=known["last"])["number"] == before
    page.goto(reverse("contacts_merges"))
    page.locator("main td a[href$='/undo/']").first.click()
    page.locator("main form button[type=submit]").last.click()
    assert server.call(f"{IMPORTS}.twice", first=known["first"], last=known["last"])["number"] == before + 1
