"""The public pages: they render, they are one act of outreach in all languages, and their queries do not grow."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from contacts.models import Outreach
from tests import factories


@pytest.fixture
def home(db):
    """Its own for each test: one of them has transactions."""
    return factories.make_home(factories.make_theme())


@pytest.fixture
def section(home):
    return factories.make_section(home)


def test_a_story_is_shown_in_its_frame(client, section):
    goal = factories.make_goal(section.theme)
    story = factories.make_story(
        section, goals=[goal], title="Vartti joka viikko", body=[("heading", "Alku"), ("quote", {"text": "Toimii.", "source": "Esihenkilö"})]
    )
    page = client.get(story.url)
    assert page.status_code == 200
    text = page.content.decode()
    assert '<html lang="fi"' in text
    for words in ("Vartti joka viikko", "Alku", "Toimii.", "Esihenkilö", "Euroopan unionin osarahoittama"):
        assert words in text
    assert page.cookies == {}


def test_publishing_records_one_outreach_with_its_goals(section):
    goal = factories.make_goal(section.theme)
    story = factories.make_story(section, goals=[goal])
    outreach = Outreach.objects.get(item_key=story.translation_key)
    assert list(outreach.goals.all()) == [goal]
    story.save_revision().publish()
    assert Outreach.objects.filter(item_key=story.translation_key).count() == 1


def test_a_translation_is_the_same_outreach_and_is_linked(client, section):
    story = factories.make_story(section, goals=[factories.make_goal(section.theme)])
    swedish = story.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    swedish.title = "Artikel"
    swedish.save_revision().publish()
    assert Outreach.objects.count() == 1
    text = client.get(story.url).content.decode()
    assert 'hreflang="sv"' in text
    assert swedish.url in text


def test_a_draft_is_no_outreach_and_not_shown(client, section):
    story = factories.make_story(section, title="Luonnos", goals=[factories.make_goal(section.theme)])
    story.unpublish()
    assert client.get(f"/fi/{section.slug}/{story.slug}/").status_code == 404


def test_who_finds_nothing_at_an_address_may_search(client, section):
    answer = client.get("/fi/ei-ole/")
    assert answer.status_code == 404
    assert answer.content.decode().count('role="search"') == 1


def test_the_front_page_shows_the_newest_in_a_fixed_number_of_queries(client, pages_number, section):
    goal = factories.make_goal(section.theme)
    for number in range(5):
        factories.make_story(section, goals=[goal], title=f"Juttu {number}")
    client.get("/fi/")
    with CaptureQueriesContext(connection) as captured:
        text = client.get("/fi/").content.decode()
    assert [f"Juttu {number}" in text for number in range(5)] == [False, False, True, True, True]
    # The page with its theme and locale; stories, results, practices; calendar. The rest is remembered.
    assert len(captured) == 5
