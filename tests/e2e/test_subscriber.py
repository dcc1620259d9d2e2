"""A subscriber's life with one newsletter: signs up, confirms from the mail, asks for the link, changes the language, pauses, leaves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessibility import AXE, overflow, violations

if TYPE_CHECKING:
    from email.message import EmailMessage

    from playwright.sync_api import Page

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server


def link_in(mail: EmailMessage, path: str) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return next(word for word in re.findall(r"https?://\S+", body.get_content()) if path in word)


def look(page: Page) -> None:
    page.evaluate(AXE)
    assert violations(page) == []
    assert overflow(page) == []
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [360, 1280])
def test_from_signing_up_to_leaving(open_page: OpenPage, server: Server, width: int) -> None:
    page, address = open_page(width=width, scheme="light" if width == 360 else "dark"), f"tilaaja{width}@example.org"
    # Those of who has looked at the staff's login before, in the same browser.
    page.context.clear_cookies()
    sign_up(page, server, address)
    open_the_link(page, server, address)
    change(page)
    turn_on_and_off(page)
    leave(page)


def sign_up(page: Page, server: Server, address: str) -> None:
    page.goto("/fi/tyoelamakirje/")
    page.get_by_label("Sähköposti").fill(address)
    page.get_by_text("Aiheet ja tietoja sinusta").click()
    page.get_by_label("Opp").first.check()
    page.get_by_role("checkbox", name="Haluan").check()
    page.get_by_role("button", name="Tilaa").click()
    expect(page.locator("main")).to_contain_text(address)
    look(page)
    page.goto(link_in(server.wait_for_mail(address), "/newsletters/confirm/"))
    look(page)
    page.locator("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("tila")
    look(page)


def open_the_link(page: Page, server: Server, address: str) -> None:
    page.goto("/fi/tyoelamakirje/")
    page.get_by_role("link", name="Muuta tilaustasi").click()
    look(page)
    page.get_by_label("Sähköposti").fill(address)
    page.get_by_role("button", name="Lähetä linkki").click()
    expect(page.locator("main")).to_contain_text(address)
    look(page)
    page.goto(link_in(server.wait_for_mail(address, subject="Uutiskirjeesi"), "/newsletters/preferences/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Uutiskirjeesi")
    # What was chosen when signing up.
    expect(page.locator("[name=sub_themes]:checked")).to_have_count(1)
    look(page)


def save(page: Page) -> None:
    page.get_by_role("button", name="Tallenna valintani").click()
    expect(page.get_by_role("status")).to_have_text("Valintasi on tallennettu.")


def change(page: Page) -> None:
    page.get_by_label("svenska").check()
    page.get_by_label("Valitsemaani päivään asti").check()
    page.get_by_role("button", name="Tallenna valintani").click()
    expect(page.locator(".error-summary")).to_be_focused()
    # Nothing that was chosen is lost.
    expect(page.get_by_label("svenska")).to_be_checked()
    look(page)
    page.get_by_label("Kolmeksi kuukaudeksi").check()
    save(page)
    expect(page.get_by_label("svenska")).to_be_checked()
    expect(page.get_by_text("Uutiskirjeesi ovat tauolla")).to_be_visible()
    look(page)


def turn_on_and_off(page: Page) -> None:
    """Counting opens: off until it is asked for, and off again."""
    opens = page.get_by_label("Avaamiseni saa laskea")
    expect(opens).not_to_be_checked()
    opens.check()
    page.get_by_label("Ei taukoa").check()
    save(page)
    expect(opens).to_be_checked()
    opens.uncheck()
    save(page)
    expect(opens).not_to_be_checked()


def leave(page: Page) -> None:
    page.get_by_role("button", name="Peru kaikki uutiskirjeet").click()
    expect(page.get_by_role("status")).to_contain_text("Olet perunut kaikki uutiskirjeet")
    expect(page.get_by_role("checkbox", name="Työelämäkirje")).not_to_be_checked()
    # What would be agreed to by coming back stands beside it.
    expect(page.get_by_text("Suostun")).to_be_visible()
    look(page)
