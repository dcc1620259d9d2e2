"""How many clicks it takes: a story from the admin's home to the approver, from the approver's mail to the readers, and into each language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

TITLE = "Vuorot suunnitellaan yhdessä"
GOAL = "Työpaikat ottavat hankkeiden hyviä käytäntöjä omaan käyttöönsä"
AUTHOR_AT_MOST, APPROVER_AT_MOST = 10, 2
LANGUAGE_AT_MOST, TEXT_AT_MOST = 4, 2
# What the translator types, in the order of the editor.
WORDS = {
    "svenska": ["Skiften planeras tillsammans", "Verkstadens morgonskift planerar sin vecka själv.", "Timmen finns i allas kalender."],
    "English": ["Shifts are planned together", "The workshop's morning shift plans its own week.", "The hour is in everybody's calendar."],
}


class Hand:
    """Clicks and counts. Typing, and the tab key between two fields, are no clicks."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1


def test_a_story_is_written_approved_and_translated_with_few_clicks(server: Server, open_page: OpenPage) -> None:
    author = Hand(open_page("viestija"))
    write(author)
    mail = server.wait_for_mail("koordinaattori@example.org", subject=f"Odottaa hyväksyntääsi: {TITLE}")
    link = next(word for word in re.findall(r"https?://\S+", body_of(mail)) if "/approval/" in word)
    approver = Hand(open_page("koordinaattori"))
    approver.page.goto(link)
    approver.clicks += 1  # the button in the mail
    expect(approver.page.locator("iframe.k-preview")).to_be_visible()
    approver.click(approver.page.get_by_role("button", name="Hyväksy ja julkaise"))
    expect(approver.page.locator(".messages .success")).to_contain_text(TITLE)
    told = server.wait_for_mail("viestija@example.org", subject=f"Hyväksytty: {TITLE}")
    reader = open_page()
    reader.goto(next(word for word in re.findall(r"https?://\S+", body_of(told)) if "/fi/" in word))
    expect(reader.get_by_role("heading", level=1)).to_have_text(re.compile(TITLE.split()[0]))
    print(f"\nclicks: author {author.clicks} (at most {AUTHOR_AT_MOST}), approver {approver.clicks} (at most {APPROVER_AT_MOST})")
    assert author.clicks <= AUTHOR_AT_MOST
    assert approver.clicks <= APPROVER_AT_MOST
    stories = server.call("tests.e2e.places.list_of_stories")
    for language, words in WORDS.items():
        translator = Hand(author.page)
        translate(translator, stories, language, words)
        print(f"clicks into {language}: {translator.clicks} (at most {LANGUAGE_AT_MOST} and {TEXT_AT_MOST} for each of {len(words)} texts)")
        assert translator.clicks <= LANGUAGE_AT_MOST + TEXT_AT_MOST * len(words)
        reader.get_by_role("contentinfo").get_by_role("link", name=language).click()
        expect(reader.get_by_role("heading", level=1)).to_have_text(re.compile(words[0].split()[0]))


def write(author: Hand) -> None:
    page = author.page
    page.goto("/admin/")
    author.click(page.locator(".k-choices").get_by_role("link", name="Juttu", exact=True))
    author.click(page.locator("[name=title]"))
    page.keyboard.type(TITLE)
    author.click(page.locator("[name=lead]"))
    page.keyboard.type("Konepajan aamuvuoro suunnittelee viikkonsa itse. Siihen riittää tunti maanantaisin.")
    author.click(page.locator(".c-sf-add-button").first)
    author.click(page.get_by_role("option", name="Teksti", exact=True))
    page.locator(".public-DraftEditor-content").first.wait_for()
    author.click(page.locator(".public-DraftEditor-content").first)
    page.keyboard.type("Tunti on kalenterissa koko väelle, ja sen vetää joka viikko eri ihminen.")
    page.wait_for_function(
        "() => [...document.querySelectorAll('[name^=body-][name$=-value]')].some((field) => field.value.includes('kalenterissa'))"
    )
    author.click(page.get_by_role("checkbox", name=GOAL))
    author.click(page.locator("button[aria-label*=esikatselu i]").first)
    expect(page.frame_locator("iframe#w-preview-iframe, iframe[title]").first.get_by_role("heading", level=1)).to_contain_text(
        "Vuorot", timeout=30_000
    )
    author.click(page.locator("footer [data-w-dropdown-target=toggle]").last)
    author.click(page.locator("[name=action-submit]"))
    expect(page.locator(".messages .success")).to_contain_text(TITLE)


def translate(translator: Hand, stories: str, language: str, words: list[str]) -> None:
    """From the list of stories to the readers of the language."""
    page = translator.page
    page.goto(stories)
    translator.click(page.locator("tr", has_text=TITLE).get_by_role("link", name=language))
    translator.click(page.get_by_role("button", name="Aloita kääntäminen"))
    untranslated, save = page.get_by_role("button", name="Käännä", exact=True), page.get_by_role("button", name="Tallenna", exact=True)
    for number, text in enumerate(words):
        expect(untranslated).to_have_count(len(words) - number)
        translator.click(untranslated.first)
        page.keyboard.type(text)
        translator.click(save)
        expect(save).to_have_count(0)
    translator.click(page.get_by_role("button", name=re.compile("^Julkaise")))
    expect(page.locator(".messages .success")).to_be_visible()


def body_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())
