"""What is remembered between requests: it saves queries, and every change ends it at once, on the page and for who may see it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from base import remembered
from tests import factories

# The page with its theme, locale, project and picture.
QUERIES_OF_A_STORY = 1


@pytest.fixture
def story(pages_number):
    return factories.make_story(factories.make_section(factories.make_home(factories.make_theme())), title="Kahvi")


def text_at(client, url):
    answer = client.get(url)
    return answer.content.decode() if answer.status_code == 200 else answer.status_code


def test_a_story_takes_few_queries(client, story):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(story.url)
        return len(captured)

    assert queries() > QUERIES_OF_A_STORY
    assert queries() == QUERIES_OF_A_STORY
    for _ in range(5):
        factories.make_story(story.get_parent())
    client.get(story.url)
    assert queries() == QUERIES_OF_A_STORY


def test_what_the_frame_shows_follows_its_changes(client, story):
    other = factories.make_story(story.get_parent(), title="Tee")
    section = story.get_parent().specific
    site = Site.objects.get()
    assert "Tee" in text_at(client, story.url)
    other.title = "Kaakao"
    other.save_revision().publish()
    assert "Kaakao" in text_at(client, story.url)
    other.unpublish()
    assert "Kaakao" not in text_at(client, story.url)
    section.title = "Uusi osasto"
    section.save_revision().publish()
    assert "Uusi osasto" in text_at(client, story.url)
    story.theme.name_fi = "Uusi teema"
    story.theme.save()
    assert "Uusi teema" in text_at(client, story.url)
    site.root_page = section
    site.save()
    assert text_at(client, story.url) == 404


def test_a_page_that_moves_or_goes_is_not_found_where_it_was(client, story):
    old, elsewhere = story.url, factories.make_section(story.get_parent().get_parent().specific)
    assert "Kahvi" in text_at(client, old)
    story.move(elsewhere, pos="last-child")
    new = Page.objects.get(pk=story.pk).url
    assert text_at(client, old) in (301, 404)
    assert "Kahvi" in text_at(client, new)
    Page.objects.get(pk=story.pk).specific.unpublish()
    assert text_at(client, new) == 404
    Page.objects.get(pk=story.pk).delete()
    assert text_at(client, new) == 404


def test_a_restriction_holds_at_once(client, story):
    assert "Kahvi" in text_at(client, story.url)
    restriction = PageViewRestriction.objects.create(page=story.get_parent(), restriction_type="login")
    assert text_at(client, story.url) == 302
    restriction.delete()
    assert "Kahvi" in text_at(client, story.url)


def test_an_alias_is_as_restricted_as_its_source(client, story):
    alias = story.create_alias(update_slug="toinen")
    assert "Kahvi" in text_at(client, alias.url)
    PageViewRestriction.objects.create(page=story, restriction_type="login")
    assert text_at(client, alias.url) == 302


def test_made_up_addresses_fill_no_memory(client, story):
    # The frame of what is not found is remembered once, for whatever address.
    for address in (story.url, "/fi/ei-ole/"):
        client.get(address)
    before = len(remembered._kept.values)
    for number in range(10):
        assert client.get(f"/fi/ei-ole-{number}/").status_code == 404
    assert len(remembered._kept.values) == before


def test_the_memory_has_a_limit(monkeypatch, pages_number):
    monkeypatch.setattr(remembered, "MOST_VALUES", 3)
    for number in range(10):
        assert remembered.remember(number, lambda number=number: number) == number
    assert len(remembered._kept.values) <= 3


def test_a_transaction_remembers_nothing_and_a_change_in_the_middle_makes_it_old(pages_number):
    made = iter(range(9))
    read = lambda: remembered.remember("key", lambda: next(made))  # noqa: E731
    with transaction.atomic():
        assert [read(), read()] == [0, 1]

    def change():
        pages_number.bump()
        return next(made)

    assert remembered.remember("key", change) == 2
    assert [read(), read()] == [3, 3]


def test_the_clock_ends_it(pages_number, monkeypatch):
    assert remembered.remember("key", lambda: 1) == 1
    monkeypatch.setattr(remembered.time, "monotonic", lambda: remembered._kept.until + 1)
    assert remembered.remember("key", lambda: 2) == 2
