"""All texts of a page in all languages on one screen."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from base.roles import Role
from base.translations.states import State, states_of
from pages.models import StoryPage
from tests import factories
from tests.translations.making import fill, translated

LINKED = '<p>Lue <a href="https://example.org/">kyselyn tulokset</a> ja <b>tule</b></p><p>Toinen</p>'


@pytest.fixture(scope="module")
def made_front(made):
    """The section in each language."""
    section = made.get_parent().specific
    for code in ("sv", "en"):
        translated(section.get_parent().specific, code)
        translated(section, code)
    return section


@pytest.fixture
def front(db, made_front):
    return deepcopy(made_front)


@pytest.fixture
def draft(front):
    goal = factories.make_goal(front.theme)
    story = factories.make_story_draft(front, title="Otsikko & muuta", lead="Kyselyyn vastasi moni", body=[("paragraph", LINKED)])
    story.goals.set([goal])
    story.save_revision()
    return story


def url(page):
    return reverse("translations:sheet", args=[page.pk])


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def fields(page):
    """Of the form as it stands, by the text's label, its number and its language."""
    found = {}
    for row in page.select(".k-sheet__row"):
        label = row.h3.text
        for area in row.select("textarea"):
            number = sum(key[0] == label and key[2] == area["lang"] for key in found)
            found[label, number, area["lang"]] = area
    return found


def data_of(page):
    values = {area["name"]: area.text.removeprefix("\n") for area in page.select("textarea")}
    return values | {hidden["name"]: hidden["value"] for hidden in page.select(".k-sheet input[type=hidden]")}


class Screen:
    def __init__(self, client, page) -> None:
        self.client, self.url = client, url(page)
        self.read(client.get(self.url))

    def read(self, answer):
        self.answer, self.page = answer, soup(answer)
        self.fields = fields(self.page)
        return answer

    def write(self, words, action="save", **more):
        """Types each text's words, by its place; the answer's page is read again."""
        data = data_of(self.page)
        for place, text in words.items():
            data[self.fields[place]["name"]] = text
        answer = self.client.post(self.url, data | {"action": action} | more)
        return self.read(answer if answer.status_code != 302 else self.client.get(self.url))


ALL_SV = {
    ("Otsikko", 0, "sv"): "Rubrik & annat",
    ("Ingressi", 0, "sv"): "Ingress",
    ("Teksti", 0, "sv"): 'Läs <a id="a1">enkätens svar</a> och <b>kom</b>',
    ("Teksti", 1, "sv"): "Den andra",
}


@pytest.fixture
def screen(cast, draft):
    client = cast.enter(Role.COMMUNICATIONS)
    return Screen(client, draft)


def version(draft, code):
    return Page.objects.get(translation_key=draft.translation_key, locale__language_code=code).specific


def test_every_text_stands_beside_a_field_for_each_other_language_and_looking_writes_nothing(screen, draft):
    assert set(screen.fields) == {(label, number, code) for label, number, _sv in ALL_SV for code in ("sv", "en")}
    assert not TranslationSource.objects.filter(object_id=draft.translation_key).exists()
    assert not Page.objects.filter(translation_key=draft.translation_key).exclude(pk=draft.pk).exists()
    rich = screen.page.select(".k-sheet__source")[2]
    assert rich.b.text == "tule"
    assert rich.select_one("u").text == "kyselyn tulokset [a1]"


def test_what_is_saved_is_in_the_translations_own_editor_and_in_their_drafts(screen, draft):
    screen.write(ALL_SV)
    swedish = version(draft, "sv").get_latest_revision_as_object()
    assert (swedish.title, swedish.lead) == ("Rubrik & annat", "Ingress")
    assert swedish.body[0].value.source == '<p>Läs <a href="https://example.org/">enkätens svar</a> och <b>kom</b></p><p>Den andra</p>'
    assert not swedish.live
    # English was not written, so it was not started.
    assert [state.state for state in states_of([draft])[draft.translation_key]] == [State.DRAFT, State.DRAFT, State.MISSING]
    row = Translation.objects.get(source__object_id=draft.translation_key)
    assert row.get_progress()[0] == row.get_progress()[1]
    editor = screen.client.get(reverse("wagtailadmin_pages:edit", args=[swedish.pk])).content.decode()
    assert "Den andra" in editor
    assert screen.fields["Otsikko", 0, "sv"].text.strip() == "Rubrik & annat"
    assert StringTranslation.objects.filter(data="Rubrik &amp; annat", last_translated_by__username="viola").exists()


@pytest.mark.parametrize(
    ("place", "words", "told"),
    [
        (("Otsikko", 0, "sv"), "r" * 256, "255"),
        (("Teksti", 0, "sv"), "Läs mer och <b>kom</b>", '<a id="a1">'),
        (("Teksti", 0, "sv"), 'Läs <a id="a2">enkätens svar</a> och <a id="a1">kom</a>', "a2"),
        (("Teksti", 0, "sv"), 'Läs <a id="a1">enkätens svar</a> och <b>kom', "</b>"),
        (("Teksti", 0, "sv"), 'Läs <a id="a1">enkätens svar och</b> kom', "</b>"),
        (("Teksti", 0, "sv"), 'Läs <a id="a1">enkätens svar</a> <script>alert(1)</script>', "<script>"),
        (("Teksti", 0, "sv"), 'Läs <a id="a1" onclick="x()">enkätens svar</a>', "<a>"),
        (("Teksti", 0, "sv"), 'Läs <a id="a1">enkätens svar</a> <div>kom</div>', "<div>"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(screen, draft, place, words, told):
    answer = screen.write(ALL_SV | {place: words})
    assert answer.status_code == 422
    area = screen.fields[place]
    assert area.text.strip() == words
    assert area["aria-invalid"] == "true"
    described = screen.page.find(id=next(name for name in area["aria-describedby"].split() if name.startswith("error-"))).text
    assert told in described
    assert screen.page.select_one(f'.k-sheet__errors a[href="#{area["name"]}"]')
    # The others are kept.
    other = next(known for known in ALL_SV if known != place and known[0] != place[0])
    assert StringTranslation.objects.filter(data__in=[ALL_SV[other], ALL_SV[other].replace("&", "&amp;")]).exists()
    assert not StringTranslation.objects.filter(data=words).exists()
    assert screen.write({place: ALL_SV[place]}).status_code == 200
    assert version(draft, "sv").get_latest_revision_as_object().title == "Rubrik & annat"


def test_all_languages_are_published_together(screen, draft):
    english = {(label, number, "en"): words.replace("sv", "en") for (label, number, _sv), words in ALL_SV.items()}
    screen.write(ALL_SV | english, "publish", publish=["sv", "en"])
    assert [state.state for state in states_of([draft])[draft.translation_key]] == [State.PUBLISHED] * 3
    assert screen.client.get(version(draft, "sv").url).status_code == 200


def test_a_language_without_words_is_named_and_nothing_is_published(screen, draft):
    words = dict(list(ALL_SV.items())[:-1])
    assert screen.write(words, "publish", publish=["sv", "en"]).status_code == 422
    told = [link.text for link in screen.page.select(".k-sheet__errors a")]
    assert told == ["Otsikko, English", "Teksti, svenska"]
    assert not StoryPage.objects.get(pk=draft.pk).live
    # Without English, and with the last text.
    screen.write({("Teksti", 1, "sv"): "Den andra"}, "publish", publish=["sv"])
    assert [state.state for state in states_of([draft])[draft.translation_key]] == [State.PUBLISHED, State.PUBLISHED, State.MISSING]


def test_what_the_publication_checks_refuse_is_told_by_language_and_nothing_goes_out(screen, draft):
    wrong = {("Teksti", 0, "sv"): 'Läs <a id="a1">här</a> och <b>kom</b>', ("Ingressi", 0, "sv"): "Ingress {{fornamn}} lorem ipsum dolor sit amet"}
    answer = screen.write(ALL_SV | wrong, "publish", publish=["sv"])
    if answer.status_code == 200:
        pytest.fail("the checks let it pass")
    assert [strong.text for strong in screen.page.select(".k-sheet__errors strong")] == ["svenska"]
    assert not Page.objects.filter(translation_key=draft.translation_key, live=True).exists()
    assert version(draft, "sv").get_latest_revision_as_object().lead.startswith("Ingress {{")


def test_two_who_write_at_once_lose_nothing(screen, draft, cast):
    screen.write(ALL_SV)
    mine, theirs = Screen(screen.client, draft), Screen(screen.client, draft)
    theirs.write({("Ingressi", 0, "sv"): "Deras"})
    # What I have not touched stays theirs.
    mine.write({("Otsikko", 0, "sv"): "Min rubrik"})
    assert version(draft, "sv").get_latest_revision_as_object().lead == "Deras"
    mine, theirs = Screen(screen.client, draft), Screen(screen.client, draft)
    theirs.write({("Ingressi", 0, "sv"): "Deras igen"})
    assert mine.write({("Ingressi", 0, "sv"): "Min"}).status_code == 422
    assert "Deras igen" in mine.page.select_one(".k-sheet .error-message").text
    assert mine.fields["Ingressi", 0, "sv"].text.strip() == "Min"
    mine.write({})
    assert version(draft, "sv").get_latest_revision_as_object().lead == "Min"


def test_words_of_a_text_that_the_source_does_not_have_any_more_are_shown(screen, draft):
    changed = StoryPage.objects.get(pk=draft.pk).get_latest_revision_as_object()
    changed.lead = "Uusi johdanto"
    changed.save_revision()
    assert screen.write(ALL_SV, "publish", publish=["sv"]).status_code == 422
    assert "Ingress" in screen.page.select_one(".k-sheet__errors").text
    assert not StoryPage.objects.get(pk=draft.pk).live
    assert screen.fields["Ingressi", 0, "sv"].text.strip() == ""


def test_a_changed_source_shows_what_it_said_and_the_former_words(screen, draft):
    screen.write(ALL_SV, "publish", publish=["sv"])
    story = StoryPage.objects.get(pk=draft.pk)
    story.lead = "Kyselyyn vastasi moni uusi"
    story.save_revision().publish()
    screen = Screen(screen.client, draft)
    cell = screen.fields["Ingressi", 0, "sv"].parent
    assert (cell.select_one("del").text, cell.select_one("[data-words]")["data-words"]) == ("Kyselyyn vastasi moni", "Ingress")
    screen.write({("Ingressi", 0, "sv"): "Ny ingress"})
    # Public until it is published again.
    assert version(draft, "sv").lead == "Ingress"
    screen.write({}, "publish", publish=["sv"])
    assert version(draft, "sv").lead == "Ny ingress"


def test_an_emptied_field_takes_the_words_away(screen, draft):
    screen.write(ALL_SV)
    screen.write({("Ingressi", 0, "sv"): ""})
    assert version(draft, "sv").get_latest_revision_as_object().lead == "Kyselyyn vastasi moni"
    assert not StringTranslation.objects.filter(data="Ingress").exists()


def test_the_same_text_elsewhere_is_suggested(screen, draft, front):
    screen.write(ALL_SV)
    other = Screen(
        screen.client, factories.make_story_draft(front, title="Otsikko & muuta", lead="029 534 5000", body=[("paragraph", "<p>Toinen</p>")])
    )
    assert other.fields["Otsikko", 0, "sv"].text.strip() == "Rubrik & annat"
    assert other.fields["Ingressi", 0, "en"].text.strip() == "029 534 5000"
    assert other.fields["Teksti", 0, "sv"].text.strip() == "Den andra"
    assert other.fields["Teksti", 0, "en"].text.strip() == ""


def test_a_language_whose_section_is_missing_is_told(cast, section):
    client, section = cast.enter(Role.COMMUNICATIONS), factories.make_section(section.get_parent().specific)
    page = Screen(client, factories.make_story_draft(section)).page
    assert not page.select("textarea")
    assert len(re.findall(section.title, page.select_one("#main").text)) == 2


def test_a_translation_that_is_kept_by_hand_is_left_alone(screen, draft):
    screen.write(ALL_SV)
    Translation.objects.filter(target_locale__language_code="sv").update(enabled=False)
    assert {code for *_place, code in Screen(screen.client, draft).fields} == {"en"}


def test_only_who_may_write_the_page_and_translate(cast, draft):
    for role in (Role.COORDINATORS, Role.PROJECTS, None):
        assert cast.enter(role).get(url(draft)).status_code in {302, 403}
    cast.client.logout()
    assert cast.client.post(url(draft), {"action": "save"}).status_code == 302
    assert not TranslationSource.objects.filter(object_id=draft.translation_key).exists()


def test_from_a_translation_to_the_sheet_of_its_source(screen, draft):
    screen.write(ALL_SV)
    assert screen.client.get(url(version(draft, "sv"))).url == url(draft)


def test_saving_and_looking_shows_the_language_that_was_written(screen, draft):
    data = data_of(screen.page) | {screen.fields["Otsikko", 0, "en"]["name"]: "Title", "action": "look"}
    answer = screen.client.post(screen.url, data)
    assert "look=en" in answer.url
    page = soup(screen.client.get(answer.url.partition("#")[0]))
    assert "Title" in screen.client.get(page.select_one("iframe")["src"]).content.decode()


def test_queries_do_not_grow_with_the_texts(screen, draft, front):
    def asked(number):
        story = factories.make_story_draft(front, body=[("paragraph", f"<p>Kappale {at}</p>") for at in range(number)])
        with CaptureQueriesContext(connection) as queries:
            assert len(Screen(screen.client, story).fields) == 2 * (number + 2)
        return len(queries)

    asked(1)
    assert asked(40) <= asked(2) + 2


def test_the_address_follows_the_translated_title(screen, draft):
    screen.write(ALL_SV, "publish", publish=["sv"])
    assert version(draft, "sv").slug == "rubrik-annat"
    assert Locale.objects.count() == 3
    fill(version(draft, "sv"))
