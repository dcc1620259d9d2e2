"""What a reader gets where a page is not in their language."""

from __future__ import annotations

from copy import deepcopy

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from tests import factories
from tests.translations.making import translated


@pytest.fixture(scope="module")
def made_swedish_section(made):
    section = made.get_parent().specific
    translated(section.get_parent().specific, words={"title": "Framsida"})
    return translated(section, words={"title": "Artiklar"})


@pytest.fixture
def swedish_section(db, made_swedish_section):
    return deepcopy(made_swedish_section)


def soup(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, answer
    return BeautifulSoup(answer.content, "html.parser")


def switch(page, code):
    return page.select_one(f'.menu__languages a[lang="{code}"]')


def test_the_switch_leads_to_what_there_is_in_the_readers_language(client, story, swedish_section):
    link = switch(soup(client, story.url), "sv")
    assert link["href"] == f"/sv/untranslated/{story.pk}/"
    assert (link["rel"], link["hreflang"]) == (["nofollow"], "sv")
    assert "ej översatt" in link.text
    page = soup(client, link["href"])
    assert page.html["lang"] == "sv"
    assert page.h1.text == "Sidan finns inte på svenska"
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"
    assert not page.select('link[rel="alternate"][hreflang]')
    found = page.select_one(f'main a[href="{story.url}"]')
    assert (found["lang"], found.text) == ("fi", story.title)
    assert switch(page, "fi")["href"] == story.url
    assert switch(page, "sv")["aria-current"] == "true"


def test_the_notice_gives_way_to_the_translation(client, story, swedish_section):
    swedish = translated(story, words={"title": "En artikel"})
    assert client.get(f"/sv/untranslated/{story.pk}/").url == swedish.url
    assert switch(soup(client, story.url), "sv")["href"] == swedish.url


def test_no_notice_of_what_nobody_may_see(client, section, swedish_section):
    draft = factories.make_story_draft(section)
    assert client.get(f"/sv/untranslated/{draft.pk}/").status_code == 404
    assert client.get("/sv/untranslated/999999/").status_code == 404


def test_hreflang_names_translations_alone_and_each_names_the_other(client, story, swedish_section):
    assert {link["hreflang"] for link in soup(client, story.url).select('link[rel="alternate"][hreflang]')} == {"fi", "x-default"}
    swedish = translated(story, words={"title": "En artikel"})
    named = [
        {(link["hreflang"], link["href"]) for link in soup(client, page.url).select('link[rel="alternate"][hreflang]')} for page in (story, swedish)
    ]
    assert named[0] == named[1]
    assert {code for code, _url in named[0]} == {"fi", "sv", "x-default"}


def test_lists_show_what_is_missing_in_the_language_that_there_is(client, story, section, swedish_section):
    own = translated(factories.make_story(section), words={"title": "En artikel"})
    for url in (swedish_section.url, swedish_section.get_parent().url):
        page = soup(client, url)
        links = {link.text: link.get("lang") for link in page.select(".story-row__title a")}
        assert links == {own.title: None, story.title: "fi"}
        row = page.select_one('.story-row__title a[lang="fi"]').find_parent("article")
        assert row.select_one(".story-row__language").text == "på finska"
        assert row.select_one(".story-row__lead")["lang"] == "fi"
    assert {link.text for link in soup(client, section.url).select(".story-row__title a")} >= {story.title}
    assert own.title not in soup(client, section.url).text


def test_events_too(client, home):
    calendar = factories.make_events_page(home)
    event = factories.make_event_page(calendar)
    page = soup(client, translated(calendar, words={"title": "Evenemang"}).url)
    assert page.select_one(".event-row__title a")["lang"] == "fi"
    assert event.title in page.text
    assert "på finska" in page.text


def test_an_alias_is_no_page_in_the_language(client, story, swedish_section):
    alias = story.copy_for_translation(Locale.objects.get(language_code="sv"), alias=True)
    type(alias).objects.filter(pk=alias.pk).update(live=True)
    answer = client.get(alias.url)
    assert answer.url == f"/sv/untranslated/{alias.pk}/"
    assert "finska" in soup(client, f"/sv/untranslated/{story.pk}/").text.lower()
    assert soup(client, swedish_section.url).select_one(".story-row__title a")["href"] == story.url
    assert alias.url not in client.get("/sv/sitemap.xml").content.decode()
    assert story.title not in client.get(f"/sv/feeds/{swedish_section.slug}.atom").content.decode()


def test_an_address_in_the_wrong_language_is_offered_the_page(client, story, swedish_section):
    wrong = story.url.replace("/fi/", "/sv/")
    found = soup(client, wrong, 404).select_one("main ul a")
    assert (found["href"], found["lang"]) == (story.url, "fi")
    swedish = translated(story, words={"title": "En artikel"})
    assert [link["href"] for link in soup(client, wrong, 404).select("main ul a")] == [swedish.url]
    assert not soup(client, "/sv/ingenting/alls/", 404).select("main ul")


def test_the_search_names_what_is_in_another_language_alone(client, section, swedish_section):
    story = factories.make_story(section, title="Varttitunnin työnimu")
    page = soup(client, "/sv/search/?q=työnimu")
    row = page.select_one('section[aria-labelledby="elsewhere"] a')
    assert (row["href"], row["lang"]) == (story.url, "fi")
    assert not soup(client, "/fi/search/?q=työnimu").select('section[aria-labelledby="elsewhere"]')


def test_lists_cost_the_same_for_more_pages_in_another_language(client, section, swedish_section):
    def cost(url):
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        return len(found)

    factories.make_story(section)
    few = cost(swedish_section.url)
    for _number in range(8):
        factories.make_story(section)
    assert cost(swedish_section.url) == few
