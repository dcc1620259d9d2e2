"""From a plan to the steering group's report, as three people do it in Finnish."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e.server import Server
from tests.e2e.test_path import World, publish
from tests.mail import sink as sinks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

PLAN, GOAL = "Kevään viestintäsuunnitelma", "Kunnat tietävät, mistä tukea saa"
STORY, MEETING, CALL = "Näin kunta löysi tuen", "Kuntien aamukahvit", "Soitto kunnanjohtajalle"


@pytest.fixture(scope="module")
def world(browser: Browser, data_with_demo: Callable[[], Path]) -> Iterator[World]:
    """Of its own: what it plans and approves would stand in other tests' way."""
    server = Server(data_with_demo())
    try:
        server.start()
        yield World(server, sinks.Sink(), browser)
    finally:
        server.stop()


def test_from_a_plan_to_the_steering_groups_report(world: World) -> None:
    plan = write_a_plan(world)
    approve(world, plan)
    for title, kind in ((STORY, "story"), (MEETING, "meeting"), (CALL, "call")):
        plan_outreach(world, title, kind)
    write_the_story(world)
    found = world.server.call("tests.e2e.outreach.least_covered")["people"]
    for title, (_pk, email) in zip((MEETING, CALL), found, strict=True):
        hold(world, title, email)
    goal = see_the_goal_move(world)
    report = make_a_report(world, goal)
    approve(world, report)
    page = world.at("hallinta")
    page.goto(report)
    expect(page.locator("a[href*='/versions/'], a[href*='/version/'], a[href$='/1/']").first).to_be_visible()


def write_a_plan(world: World) -> str:
    """With the wizard; then the goal gets what is expected of it. Gives the plan's address."""
    page = world.at("koordinaattori")
    page.goto(reverse("desk:plan_new"))
    page.locator("[name=name_fi]").fill(PLAN)
    go_on(page)
    page.locator("[name=audiences]").first.check()
    go_on(page)
    page.locator("[name=goal-own-0-wanted]").check()
    page.locator("[name=goal-own-0-name]").fill(GOAL)
    go_on(page)
    expect(page.locator(".plan__items")).to_contain_text(GOAL)
    go_on(page)
    expect(page.locator(".messages .success")).to_contain_text(PLAN)
    plan = page.url
    page.get_by_role("link", name="Muokkaa sen tavoitteita").click()
    page.locator("main").get_by_role("link", name=GOAL).first.click()
    page.locator("#id_expected_results-ADD").click()
    page.locator("[name=expected_results-0-measure]").select_option("meetings")
    for name, number in (("baseline", "0"), ("low", "1"), ("target", "2"), ("high", "4")):
        page.locator(f"[name=expected_results-0-{name}]").fill(number)
    page.locator("[name=expected_results-0-due]").fill(f"31.12.{date.today().year}")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Tallenna").first.click()
    expect(page.locator(".messages .success")).to_contain_text(GOAL)
    return plan


def approve(world: World, address: str) -> None:
    """The second person: what the first has made is looked at, and approved with a note."""
    page = world.at("hallinta")
    page.goto(address)
    expect(page.locator("main")).to_contain_text(GOAL)
    page.locator("#id_note").fill("Ohjausryhmän kokous")
    page.get_by_role("button", name=re.compile("^Hyväksy")).click()
    expect(page.locator(".messages .success")).to_be_visible()


def plan_outreach(world: World, title: str, kind: str) -> None:
    page = world.at("koordinaattori")
    page.goto(f"{reverse('desk:calendar_plan')}?day={date.today()}")
    page.locator("[name=title]").fill(title)
    page.locator("[name=kind]").select_option(kind)
    page.get_by_role("checkbox", name=GOAL).check()
    page.locator("form[method=post] button.button").last.click()
    expect(entry(page, title)).to_be_visible()


def entry(page: Page, title: str) -> Locator:
    return page.locator(".cal__entry", has_text=title)


def write_the_story(world: World) -> None:
    """The communicator finds it on the home, and the editor is one click away."""
    page = world.at("viestija")
    page.goto("/admin/")
    page.locator("[data-home=week] li", has_text=STORY).locator("a[href$='/write/'], a.button").last.click()
    expect(page.locator("[name=title]")).to_have_value(STORY)
    expect(page.get_by_role("checkbox", name=GOAL)).to_be_checked()
    page.locator("[name=lead]").fill("Kunta sai tuen kahdessa viikossa, ja kertoo, miten se kävi.")
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.type("Hakemus mahtui yhdelle sivulle.")
    page.wait_for_function("() => [...document.querySelectorAll('[name^=body-][name$=-value]')].some((field) => field.value.includes('yhdelle'))")
    publish(page, STORY)
    expect(page.locator(".cal__entry--done", has_text=STORY)).to_be_visible()


def hold(world: World, title: str, email: str) -> None:
    """From the calendar to the log, where goal and title stand already."""
    page = world.at("koordinaattori")
    page.goto(reverse("desk:calendar"))
    entry(page, title).get_by_role("link", name=re.compile("^Kirjoita")).click()
    expect(page.locator("#log_what")).to_have_value(title)
    page.locator("#log_who").fill(email)
    page.locator("#log_who").press("End")
    page.wait_for_selector("#log_found [id^=who-], [id^=who-]")
    page.locator("#log_who").press("Enter")
    expect(page.locator("input[name=people]:checked")).to_have_count(1)
    page.locator("#log_what").press("Enter")
    page.wait_for_url("**/contacts/log/*/")


def see_the_goal_move(world: World) -> str:
    """On the desk and behind it: two contacts of the two expected. Gives the goal's address."""
    page = world.at("koordinaattori")
    page.goto(reverse("desk:overview"))
    standing = page.locator(".k-rows > div", has=page.get_by_role("link", name=GOAL))
    expect(standing).to_contain_text(re.compile(r"\b2 .*2"))
    page.get_by_role("link", name=GOAL).first.click()
    for title in (STORY, MEETING, CALL):
        expect(page.locator(".outreach-line", has_text=title)).to_be_visible()
    return page.url


def make_a_report(world: World, goal: str) -> str:
    page = world.at("koordinaattori")
    page.goto(reverse("reports:new"))
    page.locator("[name=kind][value=steering-group]").check()
    today = date.today()
    page.locator("[name=starts]").fill(f"1.1.{today.year}")
    page.locator("[name=ends]").fill(f"{today.day}.{today.month}.{today.year}")
    page.keyboard.press("Escape")
    for code in ("sv", "en"):
        page.locator(f"[name=languages][value={code}]").uncheck()
    for box in page.locator("[name=goals]").all():
        box.set_checked(bool(goal.rstrip("/").endswith(f"/{box.get_attribute('value')}")))
    page.get_by_role("button", name="Aloita raportti").click()
    page.wait_for_url(re.compile(r"/reporting/\d+/"))
    report = reverse("reports:report", args=[re.findall(r"/reporting/(\d+)/", page.url)[0]])
    page.goto(reverse("reports:write", args=[re.findall(r"/reporting/(\d+)/", page.url)[0]]))
    for field in page.locator("main textarea[name^=section-][name$=text_fi]:not([name^=section-new])").all():
        if not field.input_value():
            field.fill("Ohjausryhmälle kerrotaan, mitä kevään aikana tehtiin.")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".messages .success")).to_be_visible()
    page.goto(report)
    # From its figure to the goal, and from there to whom the act reached.
    page.locator(f".report table a[href$='{goal[goal.index('/admin') :]}']").first.click()
    page.locator(".outreach-line", has_text=MEETING).get_by_role("link").click()
    expect(page.locator("main")).to_contain_text(MEETING)
    return report


def go_on(page: Page) -> None:
    page.locator(".plan__buttons button[value=next]").click()
