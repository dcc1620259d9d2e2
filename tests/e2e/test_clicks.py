"""How many clicks it takes: a story from the admin's home to the approver, from the approver's mail to the readers, and into each language; and a
newsletter's issue from its beginning to its being sent in three languages."""

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
LANGUAGE_AT_MOST = 4
# What the translator types, in the order of the screen.
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
    stories = server.call("tests.e2e.places.editing.list_of_stories")
    for language, words in WORDS.items():
        translator = Hand(author.page)
        translate(translator, stories, language, words)
        print(f"clicks into {language}: {translator.clicks} (at most {LANGUAGE_AT_MOST}, whatever the number of texts)")
        assert translator.clicks <= LANGUAGE_AT_MOST
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
    fields = page.locator(".k-sheet textarea")
    expect(fields).to_have_count(len(words))
    translator.click(fields.first)
    for text in words:
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    translator.click(page.get_by_role("button", name="Tallenna ja julkaise"))
    expect(page.locator(".messages .success").last).to_be_visible()


def body_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


# ---- an issue, from its beginning to its being sent in three languages
ISSUE = "Marraskuun kirje: vuorot, tulokset ja tapahtumat"
ISSUE_AT_MOST = 12
ISSUE_WORDS = {
    "svenska": {
        ISSUE: "Novemberbrevet: skift, resultat och evenemang",
        "Tiiviisti": "I korthet",
        "Avaus": "Det hände i november.",
    },
    "English": {
        ISSUE: "The November letter: shifts, results and events",
        "Tiiviisti": "In short",
        "Avaus": "What happened.",
    },
}


def test_a_new_editor_sends_an_issue_in_three_languages_with_few_clicks(server: Server, open_page: OpenPage) -> None:
    editor = Hand(open_page("viestija"))
    compose(editor)
    translate_issue(editor)
    editor.click(editor.page.get_by_role("button", name="Pyydä hyväksyntää"))
    expect(editor.page.locator(".messages .success")).to_be_visible()
    mail = server.wait_for_mail("hallinta@example.org", subject=ISSUE)
    approver = Hand(open_page("hallinta"))
    approver.page.goto(next(word for word in re.findall(r"https?://\S+", body_of(mail)) if "/send/" in word))
    approver.clicks += 1  # the button in the mail
    expect(approver.page.locator(".k-check--passed").first).to_be_visible(timeout=30_000)
    approver.click(approver.page.get_by_role("button", name=re.compile("^Hyväksy ja lähetä")))
    expect(approver.page.get_by_role("heading", name="Kaikki kappaleet on käsitelty")).to_be_visible(timeout=60_000)
    print(f"\nclicks: editor {editor.clicks}, approver {approver.clicks} (at most {ISSUE_AT_MOST} together)")
    assert editor.clicks + approver.clicks <= ISSUE_AT_MOST
    for subject in (ISSUE, *(words[ISSUE] for words in ISSUE_WORDS.values())):
        assert server.mails("", subject), f"nobody got “{subject}”"


def compose(editor: Hand) -> None:
    page = editor.page
    page.goto("/admin/")
    editor.click(page.locator(".k-choices").get_by_role("link", name="Uutiskirjeen numero", exact=True))
    editor.click(page.locator("[name=title]"))
    for name, words in (("title", ISSUE), ("preview_text", "Tiiviisti"), ("lead", "Avaus")):
        tab_to(page, name)
        page.keyboard.type(words)
    editor.click(page.get_by_role("button", name="Tallenna luonnos"))
    expect(page.locator(".messages .success")).to_contain_text(ISSUE)
    editor.click(page.locator("[data-side-panel-toggle=issue]"))
    editor.click(page.get_by_role("button", name="Täydennä"))
    expect(page.locator(".messages .success")).to_contain_text("Lisättiin")


def tab_to(page: Page, name: str) -> None:
    """By the tab key: between two fields of the editor stand buttons for comments."""
    for _press in range(12):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not lead to {name}")


def translate_issue(editor: Hand) -> None:
    page = editor.page
    editor.click(page.get_by_role("link", name="Käännä ja julkaise"))
    expect(page.locator(".k-sheet")).to_be_visible()
    empty = [area for area in page.locator(".k-sheet textarea").all() if not area.input_value()]
    codes = {"sv": "svenska", "en": "English"}
    editor.click(empty[0])
    for area in empty:
        tab_to(page, str(area.get_attribute("name")))
        source = area.locator("xpath=ancestor::*[@role='group']").locator(".k-sheet__source p").inner_text()
        page.keyboard.type(ISSUE_WORDS[codes[str(area.get_attribute("lang"))]][source])
    editor.click(page.get_by_role("button", name="Tallenna ja julkaise"))
    expect(page.get_by_role("heading", name="Kenelle numero lähtee")).to_be_visible()
