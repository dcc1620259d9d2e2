"""By keyboard alone: Tab, Shift+Tab, Enter, Space, Escape and letters. Wherever the focus is, it is seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

AT_MOST = 60
# What has the focus: its words, and whether a ring of ours is drawn round it, or round the row that it opens, inside the window.
FOCUSED = """() => {
  const one = document.activeElement
  if (!one || one === document.body) return { name: '', ring: false, inside: false }
  const ringed = (part) => { const style = getComputedStyle(part); return style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2 }
  const label = one.labels?.[0] ?? one
  const name = (one.getAttribute('aria-label') || label.innerText || one.value || '').replace(/\\u00ad/g, '').replace(/\\s+/g, ' ').trim()
  const ring = [one, one.closest('.story-row, .event-row'), ...(one.labels ?? [])].some((part) => part && ringed(part))
  const box = one.getBoundingClientRect()
  return { name, ring, inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth }
}"""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page, self.passed = page, []

    def press(self, key: str) -> str:
        """The words of what has the focus after the key. It must be seen."""
        self.page.keyboard.press(key)
        found = self.page.evaluate(FOCUSED)
        if found["name"]:
            assert found["ring"], f"no ring round {found['name']!r}"
            assert found["inside"], f"{found['name']!r} has the focus out of sight"
        self.passed.append(found["name"])
        return str(found["name"])

    def tab_to(self, name: str) -> None:
        """On to the one whose words begin so."""
        for _press in range(AT_MOST):
            if self.press("Tab").startswith(name):
                return
        raise AssertionError(f"{name!r} is not reached: {self.passed}")

    def open(self, key: str = "Enter") -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press(key)


def test_the_order_is_that_of_the_page(open_page: OpenPage) -> None:
    """The skip link comes first and leads past the menu; then name, menu, search and languages, as they stand."""
    page = open_page()
    page.goto("/fi/")
    keys = Keyboard(page)
    assert keys.press("Tab") == "Siirry sisältöön"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    inside = keys.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)"), inside
    page.goto("/fi/")
    keys = Keyboard(page)
    keys.tab_to("English")
    assert keys.passed == [
        "Siirry sisältöön", "Työelämän kehittäminen", "Jutut", "Tulokset", "Hyvät käytännöt", "Hankkeet", "Palvelut", "Hankehaut", "Tapahtumat",
        "Työelämäkirje", "Opi uutta työn ohessa", "Haku", "suomi", "svenska", "English",
    ]  # fmt: skip
    assert keys.press("Shift+Tab") == "svenska"
    keys.open()
    expect(page).to_have_url(re.compile(r"/sv/$"))
    assert page.locator("html").get_attribute("lang") == "sv"


def test_something_is_found_and_opened(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/fi/")
    keys = Keyboard(page)
    keys.tab_to("Haku")
    page.keyboard.press("Enter")
    expect(page.locator("#search")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_hidden()
    assert page.evaluate(FOCUSED)["name"] == "Haku"
    page.keyboard.press("Enter")
    if not page.locator("#header-q").evaluate("(field) => field === document.activeElement"):
        keys.press("Tab")
    expect(page.locator("#header-q")).to_be_focused()
    page.keyboard.type("vartti")
    keys.open()
    title = re.sub(r"\s+", " ", page.locator(".story-row__title a").first.inner_text().replace("\u00ad", ""))
    keys.tab_to(title)
    keys.open()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(re.escape(title[:8])))


def test_the_menu_of_a_telephone_opens_and_closes(open_page: OpenPage) -> None:
    page = open_page(width=360)
    page.goto("/fi/")
    keys, menu = Keyboard(page), page.locator("#menu")
    keys.tab_to("Valikko")
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    keys.tab_to("Hankkeet")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    assert page.evaluate(FOCUSED)["name"] == "Valikko"
    page.keyboard.press("Space")
    expect(menu).to_be_visible()
    keys.tab_to("Sulje valikko")
    page.keyboard.press("Enter")
    expect(menu).to_be_hidden()
    assert page.evaluate(FOCUSED)["name"] == "Valikko"
    page.keyboard.press("Enter")
    keys.tab_to("Tapahtumat")
    keys.open()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tapahtumat")


def test_a_newsletter_is_subscribed_to(open_page: OpenPage, server: Server) -> None:
    """The short form of the front page: sent too early it says what is missing, and the focus is there."""
    page, address = open_page(), "nappain@example.org"
    page.goto("/fi/")
    keys = Keyboard(page)
    keys.tab_to("Sähköposti")
    page.keyboard.type(address)
    keys.tab_to("Tilaa")
    keys.open()
    expect(page.locator(".error-summary")).to_be_focused()
    keys.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=consent]")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[name=consent]")).to_be_checked()
    keys.tab_to("Tilaa")
    keys.open()
    expect(page.locator("main")).to_contain_text(address)
    server.wait_for_mail(address)
