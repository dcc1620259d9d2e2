"""The editor on a slow line: a button that is pressed while the page is being saved by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

# A form is watched from its third second on.
TYPING_MS = 200
# The server has made the page; the browser hears of it late.
SLOW_LINE = """
const quick = window.fetch
window.answered = 0
window.fetch = async (address, how) => {
  const answer = await quick(address, how)
  if (how?.method?.toLowerCase() === 'post' && how.headers?.Accept === 'application/json') {
    window.answered += 1
    await new Promise((done) => setTimeout(done, 2000))
  }
  return answer
}
"""


@pytest.mark.parametrize(("button", "state"), [("action-submit", "in_workflow"), (None, "draft")], ids=["submitted", "saved"])
def test_a_button_pressed_while_a_new_page_saves_itself_is_heard_and_makes_one_page(
    server: Server, open_page: OpenPage, button: str | None, state: str
) -> None:
    title = f"Hitaalla yhteydellä {state}"
    page = open_page("viestija")
    page.add_init_script(SLOW_LINE)
    page.goto("/admin/")
    page.locator(".k-choices").get_by_role("link", name="Juttu", exact=True).click()
    page.locator("[name=lead]").fill("Juttu tallentuu itsestään, kun verkko hidastelee.")
    page.locator("[name=goals]").first.check()
    page.locator(".c-sf-add-button").first.click()
    page.get_by_role("option", name="Väliotsikko", exact=True).click()
    page.locator("[name=body-0-value]").fill("Hitaasti mutta varmasti")
    page.locator("[name=title]").press_sequentially(title, delay=TYPING_MS)
    page.wait_for_function("() => window.answered > 0")
    if button:
        page.locator("footer [data-w-dropdown-target=toggle]").last.click()
        page.locator(f"[name={button}]").click()
    else:
        page.locator("footer").get_by_role("button", name="Tallenna luonnos").click()
    expect(page.locator(".messages .success")).to_contain_text(title, timeout=20_000)
    assert server.call("tests.e2e.places.states_of", title=title) == [state]
