"""Registrations as the people who make them do it: on a telephone by keyboard alone, and an organiser with an event that fills and moves."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.e2e.test_calendars import ZONE, invitation, read
from tests.e2e.test_keyboard import Keyboard
from tests.e2e.test_path import add_page, link_in, open_actions, publish, tick_goal

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

TITLE, PLACE, LINK = "Hybridiaamu vuorojen suunnittelusta", "Kuopion kaupungintalo", "https://meet.example.org/hybridiaamu"


def test_somebody_registers_on_a_telephone_by_keyboard_in_swedish(
    open_page: OpenPage, server: Server, places_in: Callable[[str], dict[str, str]]
) -> None:
    """From the event's page to the confirmed one. Sent too early, the form says what is missing, and the focus is there."""
    page, address = open_page(width=360, language="sv"), "telefon@example.org"
    page.goto(places_in("sv")["event"])
    keys = Keyboard(page)
    keys.tab_to("Förnamn")
    page.keyboard.type("Åsa")
    keys.tab_to("Anmäl")
    keys.open()
    expect(page.locator(".error-summary")).to_be_focused()
    keys.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=last_name]")).to_be_focused()
    expect(page.locator("[name=first_name]")).to_have_value("Åsa")
    page.keyboard.type("Exempel")
    keys.tab_to("E-post")
    page.keyboard.type(address)
    # The event's own question that must be answered: the arrow chooses the second answer.
    keys.tab_to("I den finskspråkiga gruppen")
    page.keyboard.press("ArrowDown")
    keys.tab_to("Anmäl")
    keys.open()
    expect(page.locator("main")).to_contain_text(address)
    mail = server.wait_for_mail(address, subject="Bekräfta din anmälan")
    page.goto(link_in(mail, "/sv/events/registration/"))
    Keyboard(page).tab_to("Bekräfta anmälan")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Du är anmäld")
    part, calendar = invitation(server.wait_for_mail(address, subject="Du är anmäld"))
    assert (part, len(calendar["events"])) == ("REQUEST", 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_organiser_fills_and_moves_a_hybrid_event_and_every_calendar_follows(open_page: OpenPage, server: Server) -> None:
    organiser, starts = open_page("jarjestaja"), morning(20)
    set_up(organiser, starts)
    reader = open_page()
    address = find(reader)
    for name, way in (("sali", "Paikan päällä"), ("etana", "Verkossa"), ("jono", "Paikan päällä")):
        register(reader, server, address, name, way)
    seats = {name: invitation(server.wait_for_mail(mail_of(name), subject="Olet ilmoittautunut")) for name in ("sali", "etana")}
    assert [place_of(calendar) for _method, calendar in seats.values()] == [(PLACE, False), ("Verkossa", True)]
    waits = server.wait_for_mail(mail_of("jono"), subject="Olet jonotuslistalla")
    assert not any(part.get_content_type() == "text/calendar" for part in waits.walk())
    own = own_calendar(reader, server)
    see_the_line(organiser)

    moved = morning(27)
    move(organiser, moved)
    for name, (_method, before) in seats.items():
        method, after = invitation(server.wait_for_mail(mail_of(name), subject="Tapahtuman tiedot ovat muuttuneet"))
        [old], [new] = before["events"], after["events"]
        assert (method, new["uid"], new["start"]["moment"]) == ("REQUEST", old["uid"], moved.timestamp())
        assert new["sequence"] > old["sequence"]
    for feed in (f"{server.url}/fi/events/calendar.ics", own):
        with urlopen(feed, timeout=10) as answer:
            [shown] = [event for event in read(answer.read())["events"] if event["summary"] == TITLE]
        assert (shown["start"], shown["end"]["moment"]) == ({"zone": ZONE, "moment": moved.timestamp()}, moved.timestamp() + 3 * 3600)

    # A seat comes free: who waited is offered it, takes it, and gets the time that the event has now.
    reader.goto(link_in(seats_mail(server, "sali"), "/cancel/"))
    reader.locator("main button[type=submit]").click()
    reader.goto(link_in(server.wait_for_mail(mail_of("jono"), subject="Sinulle on vapautunut paikka"), "/events/registration/"))
    reader.get_by_role("button", name="Ota paikka").click()
    _method, taken = invitation(server.wait_for_mail(mail_of("jono"), subject="Olet ilmoittautunut"))
    assert (taken["events"][0]["start"]["moment"], place_of(taken)) == (moved.timestamp(), (PLACE, False))


def morning(days: int) -> datetime:
    """At nine where it is held, so many days from now."""
    return datetime.now(ZoneInfo(ZONE)).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=days)


def mail_of(name: str) -> str:
    return f"{name}.hybridi@example.org"


def seats_mail(server: Server, name: str) -> Any:
    return server.mails(mail_of(name), "Tapahtuman tiedot ovat muuttuneet")[-1]


def place_of(calendar: dict[str, Any]) -> tuple[str, bool]:
    """Where, and whether the link to the meeting goes along."""
    [event] = calendar["events"]
    return event["location"], LINK in (event["description"] or "")


def set_up(page: Page, starts: datetime) -> None:
    add_page(page, ["Tapahtumat"], "Tapahtuman sivu")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=lead]").fill("Kolme tuntia, kolme työpaikkaa ja yksi kysymys: kuka suunnittelee vuorot?")
    write_times(page, starts)
    page.locator("[name=mode]").select_option("hybrid")
    page.locator("[name=place]").fill(PLACE)
    page.locator("[name=online_link]").fill(LINK)
    page.locator("[name=capacity]").fill("1")
    page.locator("[name=online_capacity]").fill("5")
    tick_goal(page)
    publish(page, TITLE)


def find(page: Page) -> str:
    """Where the event is, as a reader comes upon it in the calendar."""
    page.goto("/fi/")
    page.get_by_role("link", name="Tapahtumat").first.click()
    page.locator("main").get_by_role("link", name=re.compile(TITLE.replace("ybridiaamu", ".*"))).first.click()
    expect(page.locator("#register-form")).to_be_visible()
    return page.url


def write_times(page: Page, starts: datetime) -> None:
    for name, at in (("starts_at", starts), ("ends_at", starts + timedelta(hours=3))):
        page.locator(f"[name={name}]").fill(f"{at.day}.{at.month}.{at.year} {at:%H.%M}")
        page.locator(f"[name={name}]").press("Tab")


def register(page: Page, server: Server, address: str, name: str, way: str) -> None:
    page.goto(address)
    page.get_by_role("radio", name=re.compile(way)).check()
    page.get_by_label("Etunimi").fill(name.title())
    page.get_by_label("Sukunimi").fill("Esimerkki")
    page.get_by_label("Sähköposti").fill(mail_of(name))
    page.locator("#register-form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(mail_of(name))
    page.goto(link_in(server.wait_for_mail(mail_of(name), subject="Vahvista"), "/events/registration/"))
    page.locator("main button[type=submit]").click()


def own_calendar(page: Page, server: Server) -> str:
    """The address of one's own calendar, made by the link of the mail."""
    page.goto(link_in(server.wait_for_mail(mail_of("sali"), subject="Olet ilmoittautunut"), "/calendar/"))
    page.locator("main button[type=submit]").click()
    return page.locator(".calendar__address").inner_text()


def see_the_line(page: Page) -> None:
    open_desk(page)
    row = page.locator("tr", has_text="Jono Esimerkki")
    expect(row).to_contain_text("Jonotuslistalla")
    expect(page.locator("tr", has_text="Etana Esimerkki")).to_contain_text("Verkossa")


def open_desk(page: Page) -> None:
    """From the list of events, in which publishing ends."""
    page.locator("tr", has_text=TITLE).get_by_role("link", name="Järjestäjän pöytä").click()


def move(page: Page, starts: datetime) -> None:
    page.get_by_role("link", name="Muokkaa tapahtuman sivua").click()
    write_times(page, starts)
    open_actions(page)
    page.locator("[name=action-publish]").click()
    expect(page.locator(".messages .success")).to_contain_text(TITLE)
