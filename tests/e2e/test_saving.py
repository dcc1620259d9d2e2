"""The editor on a slow line: a button that is pressed while the page is being saved by itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

SLOW_SECONDS = 2


@pytest.mark.parametrize(("button", "state"), [("action-submit", "in_workflow"), ("", "draft")], ids=["submitted", "saved"])
def test_a_button_pressed_while_a_new_page_saves_itself_is_heard_and_makes_one_page(
    server: Server, open_page: OpenPage, button: str, state: str
) -> None:
    title = f"Hitaalla yhteydellä {state}"
    page = open_page("viestija")
    sent = []

    def dawdle(route: Route) -> None:
        if route.request.method == "POST" and "application/json" in route.request.headers["accept"]:
            sent.append(route.request.url)
            time.sleep(SLOW_SECONDS)
        route.continue_()

    page.route("**/admin/pages/**", dawdle)
    page.goto("/admin/")
    page.locator(".k-choices").get_by_role("link", name="Juttu", exact=True).click()
    page.locator("[name=lead]").fill("Juttu tallentuu itsestään, kun verkko hidastelee.")
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/admin/pages/add/pages/storypage/6/")):
        page.locator("[name=title]").fill(title)
        page.keyboard.press("Tab")
    if button:
        page.locator("footer [data-w-dropdown-target=toggle]").last.click()
        page.locator(f"[name={button}]").click()
    else:
        page.get_by_role("button", name="Tallenna luonnos").first.click()
    expect(page.locator(".messages .success")).to_contain_text(title, timeout=20_000)
    assert sent
    assert server.call("tests.e2e.places.states_of", title=title) == [state]
