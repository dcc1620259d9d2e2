"""The desk by keyboard alone: narrowed, drilled from goal to outreach to contact, and its figures taken along."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import OpenPage

AT_MOST = 150
# Whether the focus is seen: inside the window, with a ring or a shadow of its own.
SEEN = """() => {
  const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect()
  const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
  return ring && box.bottom > 0 && box.top < innerHeight
}"""


def tab_to(page: Page, selector: str) -> None:
    """On by Tab to the first such part, whose focus must be seen."""
    for _press in range(AT_MOST):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            # A long page has scrolled there a moment later.
            page.wait_for_function(SEEN, timeout=5_000)
            return
    raise AssertionError(f"{selector} is not reached by Tab on {page.url}")


def follow(page: Page, selector: str, to: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(to))


def test_the_desk_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("koordinaattori")
    page.goto(reverse("desk:overview"))
    told = page.locator(".desk-told strong")
    before = told.inner_text()
    tab_to(page, ".desk-filter summary")
    page.keyboard.press("Enter")
    tab_to(page, "select[name=period]")
    # To the last twelve months; the usual ones are ninety days.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("select[name=period]").input_value()
    tab_to(page, "select[name=scope]")
    page.keyboard.press("ArrowDown")
    scope = page.locator("select[name=scope]").input_value()
    assert scope
    follow(page, ".desk-filter button[type=submit]", rf"period={chosen}.*scope={scope}")
    expect(told).not_to_have_text(before)
    narrowed = page.url

    tab_to(page, ".k-choices a[download][href*='csv']")
    with page.expect_download() as downloaded:
        page.keyboard.press("Enter")
    rows = list(csv.reader(Path(downloaded.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) > 1

    page.goto(narrowed)
    follow(page, ".k-rows h3 a", "/admin/desk/goals/")
    # The first act that has reached somebody by name; others have counts alone.
    act = page.locator(".outreach-line", has=page.locator(".outreach-line__reach", has_text="henkilö")).first.locator("a")
    follow(page, f"a[href='{act.get_attribute('href')}']", "/admin/desk/outreach/")
    expect(page.locator(".k-numbers dd").first).to_be_visible()
    follow(page, ".table-scroll th[scope=row] a", "/contacts/person/edit/")
