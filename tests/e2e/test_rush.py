"""A form in a rush: the browser proves that it has worked, by itself and with nobody else's help; who has no scripts gets through too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

REGISTER, CONFIRM = "Ilmoittaudu", "Avaa sähköpostisi ja vahvista"


@pytest.fixture(scope="module")
def address(server: Server) -> Iterator[str]:
    yield server.call("tests.e2e.places.events.begin_rush")
    server.call("tests.e2e.places.events.end_rush")


def came_to(server: Server) -> dict[str, str]:
    """The state of each. The tests may run in processes of their own, each beside another server."""
    return dict(server.call("tests.e2e.places.events.states_in_rush"))


def fill_in(page: Page, address: str, email: str) -> None:
    page.goto(address)
    page.fill("[name=first_name]", "Maija")
    page.fill("[name=last_name]", "Esimerkki")
    page.fill("[name=email]", email)
    page.locator("#register-form").get_by_role("button", name=REGISTER).click()


def test_the_check_is_done_by_the_browser_without_another_press(address: str, server: Server, open_page: OpenPage) -> None:
    page = open_page(width=360)
    others, broken = [], []
    page.on("request", lambda request: None if request.url.startswith(server.url) else others.append(request.url))
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" and "422" not in message.text else None)
    fill_in(page, address, "skriptit@example.org")
    expect(page.get_by_role("heading", name=CONFIRM)).to_be_visible(timeout=30_000)
    assert (others, broken) == ([], [])
    assert came_to(server)["skriptit@example.org"] == "held"


def test_without_scripts_the_button_is_pressed_once_more(address: str, server: Server, browser: Browser) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False, locale="fi")
    page = context.new_page()
    fill_in(page, address, "ilman@example.org")
    expect(page.get_by_text("Paina painiketta vielä kerran")).to_be_in_viewport()
    expect(page.locator("[name=email]")).to_have_value("ilman@example.org")
    page.locator("#register-form").get_by_role("button", name=REGISTER).click()
    expect(page.get_by_role("heading", name=CONFIRM)).to_be_visible()
    context.close()
    assert came_to(server)["ilman@example.org"] == "waiting"
