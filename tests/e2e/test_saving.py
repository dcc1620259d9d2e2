"""The editor on a slow line: a button that is pressed while the page is being saved by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

# A form is watched from two seconds after it is ready, and it is made ready twice: what is typed sooner is not seen to be new.
WATCHED = """
window.ready = window.watched = 0
document.addEventListener('w-unsaved:ready', () => { window.ready += 1 })
document.addEventListener('w-unsaved:watch-edits', () => { window.watched += 1 })
"""
IS_WATCHED = "() => window.ready && window.watched >= window.ready"
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
    page.add_init_script(WATCHED)
    page.add_init_script(SLOW_LINE)
    page.goto("/admin/")
    page.locator(".k-choices").get_by_role("link", name="Juttu", exact=True).click()
    page.locator("[name=lead]").fill("Juttu tallentuu itsestään, kun verkko hidastelee.")
    page.locator("[name=goals]").first.check()
    page.locator(".c-sf-add-button").first.click()
    page.get_by_role("option", name="Väliotsikko", exact=True).click()
    page.locator("[name=body-0-value]").fill("Hitaasti mutta varmasti")
    page.wait_for_function(IS_WATCHED)
    page.locator("[name=title]").fill(title)
    page.wait_for_function("() => window.answered > 0")
    if button:
        page.locator("footer [data-w-dropdown-target=toggle]").last.click()
        page.locator(f"[name={button}]").click()
    else:
        page.locator("footer").get_by_role("button", name="Tallenna luonnos").click()
    expect(page.locator(".messages .success")).to_contain_text(title, timeout=20_000)
    assert server.call("tests.e2e.places.editing.states_of", title=title) == [state]


def test_the_checks_beside_the_editor_are_asked_for_while_they_are_open(server: Server, open_page: OpenPage) -> None:
    page = open_page("viestija")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/panel/") else None)
    page.add_init_script(WATCHED)
    page.goto(server.call("tests.e2e.places.editing.draft_to_edit", title="Tarkistetaan kirjoitettaessa"))
    page.wait_for_function(IS_WATCHED)
    toggle = page.locator("[data-side-panel-toggle=gate]")
    findings = page.locator("#gate-findings")

    save_itself(page, lead="Aamuvuoro suunnittelee viikkonsa itse.")
    assert asked == []

    toggle.click()
    expect(findings).to_contain_text("Mikään ei estä")
    assert len(asked) == 1
    with page.expect_response("**/panel/"):
        save_itself(page, lead="")
    expect(findings).not_to_contain_text("Mikään ei estä")
    assert len(asked) == 2

    toggle.click()
    expect(findings).to_be_hidden()
    save_itself(page, lead="Aamuvuoro suunnittelee taas viikkonsa itse.")
    assert len(asked) == 2


def save_itself(page: Page, *, lead: str) -> None:
    """The draft, once this has been typed into it."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/edit/")):
        page.locator("[name=lead]").fill(lead)
    page.wait_for_timeout(500)  # what follows a save is asked for a fifth of a second later
