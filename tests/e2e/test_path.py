"""The main job from end to end, as the four kinds of people do it, in Finnish: from a story to the goal that it moved."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.e2e.server import Server
from tests.mail import sink as sinks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

READER = "lukija@example.org"
TAKEN_OVER = "() => [...document.querySelectorAll('[name^=body-][name$=-value]')].some((field) => field.value.includes('kalenterissa'))"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TITLE = "Aamuvuoro sai oman suunnittelutunnin"
SUBJECT = "Tunti viikossa muutti vuorot"
GOAL = "Työpaikat ottavat hankkeiden hyviä käytäntöjä omaan käyttöönsä"


@dataclass
class World:
    """A Kantama whose mail goes to a real SMTP server, and people at their own browsers."""

    server: Server
    sink: sinks.Sink
    browser: Browser
    pages: dict[str, Page] = field(default_factory=dict)

    def at(self, who: str) -> Page:
        """The page of a reader, or of a member of staff, who logs in by the form."""
        if who not in self.pages:
            # A browser without a window names itself as a machine, and is not counted.
            agent = FIREFOX if who == "reader" else None
            context = self.browser.new_context(base_url=self.server.url, locale="fi", user_agent=agent, viewport={"width": 1280, "height": 900})
            context.set_default_timeout(20_000)
            page = self.pages[who] = context.new_page()
            if who != "reader":
                page.goto("/admin/")
                page.locator("[name=username]").fill(who)
                page.locator("[name=password]").fill("kantama")
                page.get_by_role("button", name="Kirjaudu sisään").click()
                page.wait_for_url("**/admin/")
        return self.pages[who]

    def mail_to(self, address: str, subject: str) -> Any:
        """The newest mail of that subject, once it has come."""
        page = self.at("reader")
        for _try in range(150):
            found = [mail for mail in self.sink.messages(to=address) if subject in mail["Subject"]]
            if found:
                return found[-1]
            page.wait_for_timeout(200)
        raise AssertionError(f"{address} has no mail {subject!r}: {[mail['Subject'] for mail in self.sink.messages(to=address)]}")

    def figures(self) -> dict[tuple[str, str], int]:
        rows = json.loads(self.server.call("tests.e2e.places.editing.command", name="goals", json=True))
        return {(row["goal"], row["measure"]): row["actual"] for row in rows}


@pytest.fixture(scope="module")
def world(browser: Browser, data_with_demo: Callable[[], Path]) -> Iterator[World]:
    sink = sinks.Sink()
    controller = sinks.start(sink)
    server = Server(data_with_demo(), email_url=f"smtp://127.0.0.1:{sink.port}")
    try:
        server.start()
        yield World(server, sink, browser)
    finally:
        server.stop()
        controller.stop()


def test_the_whole_path(world: World) -> None:
    write_a_story(world)
    subscribe(world)
    send_an_issue(world)
    before = world.figures()
    open_the_story_from_the_mail(world)
    after = world.figures()
    assert after["use_practices", "mail_clicks"] == before["use_practices", "mail_clicks"] + 1
    register_for_an_event(world)
    see_the_registration(world)
    follow_the_number(world, after["use_practices", "mail_clicks"])


def write_a_story(world: World) -> None:
    page = world.at("viestija")
    add_page(page, ["Jutut"], "Juttu")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=lead]").fill("Konepajan aamuvuoro suunnittelee viikkonsa itse. Siihen riittää tunti maanantaisin.")
    add_block(page, "Teksti")
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.type("Tunti on kalenterissa koko väelle, ja sen vetää joka viikko eri ihminen.")
    # The editor hands its text to the form a moment after the last key.
    page.wait_for_function(
        "() => [...document.querySelectorAll('[name^=body-][name$=-value]')].some((field) => field.value.includes('kalenterissa'))"
    )
    tick_goal(page)
    publish(page, TITLE)


def subscribe(world: World) -> None:
    page = world.at("reader")
    page.goto("/fi/")
    page.get_by_role("link", name="Työelämäkirje").first.click()
    page.get_by_label("Sähköposti").fill(READER)
    page.get_by_role("checkbox", name=re.compile("Haluan")).check()
    page.get_by_role("button", name="Tilaa").click()
    expect(page.locator("main")).to_contain_text(READER)
    mail = world.mail_to(READER, "Vahvista")
    page.goto(link_in(mail, "/newsletters/confirm/"))
    page.locator("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("tila")


def send_an_issue(world: World) -> None:
    page = world.at("viestija")
    add_page(page, ["Työelämäkirje"], "Uutiskirjeen numero")
    page.locator("[name=title]").fill(SUBJECT)
    page.locator("[name=preview_text]").fill("Näin konepaja teki sen.")
    page.locator("[name=lead]").fill("Tässä kirjeessä aamuvuoro kertoo, mistä se löysi ajan.")
    add_block(page, "Sivuston sivu")
    page.get_by_role("button", name="Valitse sivu").first.click()
    modal = page.locator(".modal-body")
    modal.locator("[name=q]").fill(TITLE)
    modal.get_by_role("link", name=TITLE).click()
    expect(modal).to_be_hidden()
    tick_goal(page)
    publish(page, SUBJECT)
    page.get_by_role("link", name=SUBJECT).first.click()
    open_actions(page)
    page.get_by_role("link", name="Lähetä").first.click()
    page.get_by_role("button", name="Pyydä hyväksyntää").click()
    expect(page.locator(".messages .success")).to_be_visible()
    screen, page = page.url, world.at("hallinta")
    page.goto(screen)
    page.get_by_role("button", name="Hyväksy ja lähetä").click()
    expect(page.get_by_text("Jokainen kappale on tallessa").or_(page.locator("#ledger:not([data-open])"))).to_be_visible(timeout=60_000)
    assert page.locator("#ledger").inner_text()


def open_the_story_from_the_mail(world: World) -> None:
    mail = world.mail_to(READER, SUBJECT)
    html = mail.get_body(("html",)).get_content()
    href = re.search(rf'href="([^"]+)"[^>]*>[^<]*{TITLE}', html)
    assert href, html
    page = world.at("reader")
    page.wait_for_timeout(2100)  # sooner than two seconds after it arrived, a scanner is reading
    page.goto(href[1].replace("&amp;", "&"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(TITLE))


def register_for_an_event(world: World) -> None:
    page = world.at("reader")
    page.get_by_role("link", name="Tapahtumat").first.click()
    page.locator("main .event-row a, main article a").first.click()
    # A tour of several towns: one of its dates is chosen.
    page.locator("input[name=date]").nth(1).check()
    page.get_by_label("Etunimi").fill("Lumi")
    page.get_by_label("Sukunimi").fill("Lukija")
    page.get_by_label("Sähköposti").fill(READER)
    page.get_by_role("button", name="Ilmoittaudu").click()
    expect(page.locator("main")).to_contain_text(READER)
    mail = world.mail_to(READER, "Vahvista ilmoittautumisesi")
    page.goto(link_in(mail, "/events/"))
    page.locator("main").get_by_role("button").first.click()
    invitation = world.mail_to(READER, "Olet ilmoittautunut")
    part = next(part for part in invitation.walk() if part.get_content_type() == "text/calendar")
    assert "METHOD:REQUEST" in part.get_content()


def see_the_registration(world: World) -> None:
    page = world.at("jarjestaja")
    page.get_by_role("link", name="Ilmoittautumiset").first.click()
    expect(page.locator("main")).to_contain_text("Lumi Lukija")


def follow_the_number(world: World, clicks: int) -> None:
    """From the goal's bar down to the outreach, and to the contact behind it."""
    page = world.at("koordinaattori")
    page.goto("/admin/")
    page.get_by_role("link", name="Tavoitteet").first.click()
    goal = page.get_by_role("link", name=GOAL).first
    goal.click()
    expect(page.locator("main")).to_contain_text(f"{clicks} klikkausta")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("main")).to_contain_text("Lumi Lukija")


def add_page(page: Page, below: list[str], kind: str) -> None:
    """Through the explorer, as a person finds the place."""
    page.goto("/admin/pages/")
    for name in ["Työ sujuu ja ihmiset voivat hyvin", *below]:
        page.locator("tr", has_text=name).locator("td.children a").first.click()
        page.wait_for_load_state()
    page.locator("a[href$='/add_subpage/']").first.click()
    page.wait_for_load_state()
    if "/add_subpage/" in page.url:
        # Not in the menu, which may have the same word.
        page.locator("#main").get_by_role("link", name=kind).first.click()
    page.locator("[name=title]").wait_for()


def add_block(page: Page, name: str) -> None:
    page.locator(".c-sf-add-button").last.click()
    page.get_by_role("option", name=name).click()


def tick_goal(page: Page) -> None:
    page.get_by_role("checkbox", name=GOAL).check()


def open_actions(page: Page) -> None:
    """The menu beside the button that saves."""
    page.locator("footer [data-w-dropdown-target=toggle], footer button[aria-label]").last.click()


def publish(page: Page, title: str) -> None:
    open_actions(page)
    page.locator("[name=action-publish]").click()
    expect(page.locator(".messages .success")).to_contain_text(title)


def link_in(mail: Any, path: str) -> str:
    text = mail.get_body(("plain",)).get_content()
    return next(word for word in re.findall(r"https?://\S+", text) if path in word)
