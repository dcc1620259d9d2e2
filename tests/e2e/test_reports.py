"""A report in the browser: its figures lead to what they were counted from, and its page stands by itself."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessibility import AXE, overflow, violations
from tests.e2e.test_html import CHECKER, LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server


def test_each_figure_leads_to_its_observations_in_two_clicks(open_page: OpenPage, places: dict[str, str]) -> None:
    """From every figure of the approved report: to its goal, and from there to an act with the contacts that it reached or what was counted."""
    page = open_page("koordinaattori")
    page.goto(places["report_version"])
    figures = page.locator(".report table").first.locator("tbody tr")
    numbers = [place for place in range(figures.count()) if figures.nth(place).locator("td a").count()]
    assert len(numbers) > 5
    seen = set()
    for place in numbers:
        page.goto(places["report_version"])
        link = page.locator(".report table").first.locator("tbody tr").nth(place).locator("td a").first
        if (address := link.get_attribute("href")) in seen:
            continue
        seen.add(address)
        link.click()
        # Those that have reached somebody.
        acts = page.locator(".outreach-line:has(.outreach-line__reach span:text-matches('[0-9]')) a")
        expect(acts.first).to_be_visible()
        acts.first.click()
        expect(page).to_have_url(re.compile("/admin/desk/outreach/"))
        # Contacts by name, or counts of those without one.
        expect(page.locator(".k-numbers dd").first).to_be_visible()
    assert len(seen) > 3


def test_a_text_holds_the_figures_of_now(open_page: OpenPage, places: dict[str, str]) -> None:
    page = open_page("koordinaattori")
    page.goto(places["report_write"])
    page.locator("details.report__facts summary").last.click()
    row = page.locator("details.report__facts table tbody tr").first.locator("p").first
    code, value = row.locator("code").inner_text(), row.locator("strong").inner_text()
    page.locator("textarea").first.fill(f"Selaimesta: {code}.")
    page.locator("textarea").nth(3).fill("Rikki {ei/ole}")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".error-message", has_text="{ei/ole}")).to_be_visible()
    page.locator("textarea").nth(3).fill("")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".report p", has_text="Selaimesta:")).to_have_text(f"Selaimesta: {value}.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_of_a_report_stands_by_itself(server: Server, open_tab: OpenPage, width: int, scheme: str) -> None:
    page = open_tab(width=width, scheme=scheme)
    # The tab may have been on the site, whose policy would refuse the file's own styles.
    page.goto("about:blank")
    page.set_content(server.call("tests.e2e.places.editing.report_file", language="fi"))
    page.evaluate(AXE)
    assert overflow(page) == []
    assert violations(page) == []


@pytest.mark.skipif(not shutil.which("java"), reason="the checker needs Java: Debian's default-jre-headless")
def test_the_html_of_a_report_is_valid(server: Server, tmp_path: Path) -> None:
    for language in LANGUAGES:
        (tmp_path / f"{language}.html").write_text(server.call("tests.e2e.places.editing.report_file", language=language))
    files = [str(path) for path in sorted(tmp_path.glob("*.html"))]
    done = subprocess.run(["java", "-jar", str(CHECKER), "--format", "json", "--stdout", *files], capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["messages"]
    assert not found, found
