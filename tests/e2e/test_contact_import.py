"""A coordinator brings a messy sheet: mends its errors, says who is who, brings it, and takes it back; also without scripts."""

from __future__ import annotations

import time
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
from django.urls import reverse
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

PLACE = "tests.e2e.imports"
WORKER_SECONDS = 60


def sheet(known: dict[str, str]) -> bytes:
    """A title over all columns, an organisation merged over two people, a broken address, a day that is none, and somebody who is there already."""
    book = openpyxl.Workbook()
    for row in (
        ["Messuilla tavatut 2026", None, None, None, None],
        ["Etunimi", "Sukunimi", "Sposti", "Työpaikka", "Alkaa"],
        ["Kaarlo", "Tuontila", "kaarlo(at)example.org", "Tuontitehdas Oy", "1.3.2026"],
        ["Äijä", "Tuontinen", "aija.tuontinen@example.org", None, "31.2.2026"],
        [known["first"], known["last"], None, known["body"], None],
    ):
        book.active.append(row)
    book.active.merge_cells("A1:E1")
    book.active.merge_cells("D3:D4")
    book.save(held := BytesIO())
    return held.getvalue()


def bring_sheet(page: Page, server: Server, source: str, known: dict[str, str], *, choice: str) -> None:
    """With its errors mended; of somebody who may be there already it is said that they are "the same" or "another"."""
    page.goto(reverse("contacts_imports"))
    page.locator("a.button", has_text="Tuo").first.click()
    file = {"name": "messut.xlsx", "mimeType": "application/octet-stream", "buffer": sheet(known)}
    page.set_input_files("[name=file]", file)
    page.fill("[name=source]", source)
    page.locator("form[enctype] button[type=submit]").click()
    # Nothing would come: two rows have errors, and one may be somebody who is there.
    expect(page.locator("[name=bring]")).to_have_count(0)
    page.fill("[name=cell-3-2]", "kaarlo.tuontila@example.org")
    page.fill("[name=cell-4-4]", "ei päivä")
    # Leave out, the same, another.
    said = page.locator("[name^=choice-5]").nth({"the same": 1, "another": -1}[choice])
    said.check()
    page.locator("[name=look]").click()
    expect(page.locator("[name=cell-3-2]")).to_have_count(0)
    expect(page.locator("[name=cell-4-4]")).to_have_value("ei päivä")
    expect(said).to_be_checked()
    page.fill("[name=cell-4-4]", "1.4.2026")
    page.locator("[name=look]").click()
    expect(page.locator("[name^=cell-]")).to_have_count(0)
    assert server.call(f"{PLACE}.brought", source=source) == []
    page.locator("[name=bring]").click()
    page.wait_for_load_state()
    until = time.monotonic() + WORKER_SECONDS
    while server.call(f"{PLACE}.imports", source=source)[0]["has_file"]:
        assert time.monotonic() < until
        page.wait_for_timeout(300)
    page.reload()
    expect(page.locator(".import-progress")).to_have_count(0)


def bring_and_take_back(page: Page, server: Server, source: str) -> None:
    bring_sheet(page, server, source, server.call(f"{PLACE}.somebody"), choice="the same")
    names = [["Äijä", "Tuontinen", "aija.tuontinen@example.org"], ["Kaarlo", "Tuontila", "kaarlo.tuontila@example.org"]]
    assert sorted(server.call(f"{PLACE}.brought", source=source)) == sorted(names)
    assert server.call(f"{PLACE}.imports", source=source) == [{"created": 2, "known": 1, "has_file": False, "is_undone": False}]
    page.locator("a[href$='/undo/']").first.click()
    page.locator("main form button[type=submit].no").click()
    page.wait_for_url("**/contacts/imports/*/")
    until = time.monotonic() + WORKER_SECONDS
    while not server.call(f"{PLACE}.imports", source=source)[0]["is_undone"]:
        assert time.monotonic() < until
        page.wait_for_timeout(300)
    assert server.call(f"{PLACE}.brought", source=source) == []
    page.reload()
    expect(page.locator(".import-progress")).to_have_count(0)


def test_a_messy_sheet_is_brought_and_taken_back(server: Server, open_page: OpenPage) -> None:
    bring_and_take_back(open_page("koordinaattori"), server, "Messut, skriptein")


def test_without_scripts(server: Server, browser: Browser, log_in: Callable[[str], Any]) -> None:
    size: Any = {"width": 1280, "height": 900}
    context = browser.new_context(base_url=server.url, java_script_enabled=False, storage_state=log_in("koordinaattori"), viewport=size)
    try:
        bring_and_take_back(context.new_page(), server, "Messut, ilman")
    finally:
        context.close()
