"""The editorial calendar in the browser: planned, moved by keyboard and by drag, written from, and done."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e.test_path import publish

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.conftest import OpenPage

TITLE = "Näin verkosto jakaa palvelutarpeet"


def plan(page: Page, title: str, kind: str, day: date) -> Locator:
    """By a coordinator, from the day's "+" if it is in sight. Gives the entry."""
    page.goto(f"{reverse('desk:calendar_plan')}?day={day}")
    page.fill("[name=title]", title)
    page.select_option("[name=kind]", kind)
    assert page.input_value("[name=planned_on]") == str(day)
    page.locator("[name=goals]").first.check()
    page.locator("form[method=post] button.button").last.click()
    entry = page.locator(".cal__entry", has_text=title)
    expect(entry).to_be_visible()
    return entry


def test_a_coordinator_plans_and_moves_and_a_communicator_writes_it(open_page: OpenPage) -> None:
    page, day = open_page("koordinaattori"), first_day()
    entry = plan(page, TITLE, "story", day)
    assert day_of(entry) == day

    entry.locator("[data-pick]").focus()
    page.keyboard.press("Enter")
    said = page.locator("[data-said]")
    expect(said).to_contain_text(TITLE)
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    wanted = day + timedelta(days=8)
    expect(page.locator(f"[data-day='{wanted}']")).to_have_class(re.compile("cal__day--target"))
    expect(said).to_contain_text(str(wanted.day))
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-day='{wanted}'] .cal__entry", has_text=TITLE)).to_be_visible()
    expect(entry.locator("[data-pick]")).to_be_focused()
    page.reload()
    assert day_of(entry) == wanted

    # Picked up and left: nothing changes.
    entry.locator("[data-pick]").focus()
    for key in ("Enter", "ArrowRight", "Escape"):
        page.keyboard.press(key)
    expect(page.locator(".cal--moving")).to_have_count(0)
    assert day_of(entry) == wanted

    writer = open_page("viestija")
    writer.goto(page.url)
    writer.locator(".cal__entry", has_text=TITLE).get_by_role("link", name=re.compile(r"Write|Kirjoita")).click()
    expect(writer.locator("[name=title]")).to_have_value(TITLE)
    assert writer.locator("[name=goals]:checked").count() == 1
    assert writer.locator("[name=audiences]:checked").count() >= 1
    writer.fill("[name=lead]", "Palvelutarpeet kootaan yhteen paikkaan, ja jokainen näkee ne.")
    writer.locator(".public-DraftEditor-content").first.click()
    writer.keyboard.type("Tarpeet kirjataan kerran kuussa.")
    writer.wait_for_function("() => [...document.querySelectorAll('[name^=body-][name$=-value]')].some((field) => field.value.includes('kirjataan'))")
    publish(writer, TITLE)
    # Back in the calendar, where it is done.
    done = writer.locator(".cal__entry--done", has_text=TITLE)
    expect(done).to_be_visible()
    assert writer.locator(".cal__entry", has_text=TITLE).count() == 1
    assert day_of(done) == date.today()
    assert done.locator("[data-pick]").count() == 0


def test_it_is_dragged_to_another_day(open_page: OpenPage) -> None:
    page, day = open_page("koordinaattori"), first_day()
    entry, wanted = plan(page, "Raahattava", "post", day), day + timedelta(days=1)
    entry.drag_to(page.locator(f"[data-day='{wanted}'] .cal__head"))
    expect(page.locator(f"[data-day='{wanted}'] .cal__entry", has_text="Raahattava")).to_be_visible()
    page.reload()
    assert day_of(entry) == wanted


def test_on_a_telephone_it_is_a_list_and_the_form_moves_it(open_page: OpenPage) -> None:
    page, day = open_page("koordinaattori", width=360), first_day()
    entry = plan(page, "Puhelimella", "post", day)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    entry.locator("[data-pick]").click()
    page.fill("[name=to]", str(day + timedelta(days=2)))
    page.locator("form[method=post] button.button").last.click()
    expect(page.locator(f"[data-day='{day + timedelta(days=2)}'] .cal__entry", has_text="Puhelimella")).to_be_visible()


def first_day() -> date:
    """A Monday with two weeks after it in its month's sheet: the second of the month that follows."""
    first = (date.today().replace(day=1) + timedelta(days=32)).replace(day=8)
    return first + timedelta(days=-first.weekday() % 7)


def day_of(entry: Locator) -> date:
    return date.fromisoformat(str(entry.evaluate("(one) => one.closest('[data-day]').dataset.day")))
