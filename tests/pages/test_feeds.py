"""The feeds of sections, read by a parser that is not ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from bs4 import BeautifulSoup
from wagtail.models import Locale, PageViewRestriction

from pages.models import ResultPage
from tests import factories


@pytest.fixture(scope="module")
def made_section(shared_db):
    return factories.make_section(factories.make_home(factories.make_theme()), title="Jutut & muuta", lead="Mitä kokeiltiin")


@pytest.fixture
def story(section):
    return factories.make_story(
        section, title='Vartti < "tunti"', lead="Lyhyt & hyvä", body=[("paragraph", '<p>Katso <a href="/fi/muu/">muu</a>.</p>')]
    )


def atom(client, section, language="fi"):
    answer = client.get(f"/{language}/feeds/{section.slug}.atom")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    parsed = feedparser.parse(answer.content, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return parsed


def test_an_atom_feed_has_all_that_a_reader_needs(client, section, story):
    parsed = atom(client, section)
    assert parsed.feed.title.startswith("Jutut & muuta – ")
    assert parsed.feed.subtitle == "Mitä kokeiltiin"
    assert parsed.feed.language == "fi"
    links = {link.rel: link.href for link in parsed.feed.links}
    assert links == {"alternate": f"http://localhost{section.url}", "self": f"http://localhost/fi/feeds/{section.slug}.atom"}
    (entry,) = parsed.entries
    assert (entry.title, entry.summary, entry.link) == ('Vartti < "tunti"', "Lyhyt & hyvä", f"http://localhost{story.url}")
    assert 'href="http://localhost/fi/muu/"' in entry.content[0].value
    assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == story.first_published_at.replace(microsecond=0)
    assert parsed.feed.author


def test_a_json_feed_says_the_same(client, section, story):
    answer = client.get(f"/fi/feeds/{section.slug}.json")
    assert answer["Content-Type"].startswith("application/feed+json")
    feed, parsed = json.loads(answer.content), atom(client, section)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"http://localhost/fi/feeds/{section.slug}.json"
    (item,) = feed["items"]
    (entry,) = parsed.entries
    assert (item["id"], item["url"], item["content_html"]) == (entry.id, entry.link, entry.content[0].value)
    assert datetime.fromisoformat(item["date_published"]) == story.first_published_at


def test_a_change_keeps_the_id_and_moves_the_date(client, section, story):
    before = atom(client, section)
    story.slug, story.title = "toinen", "Toinen"
    story.save_revision().publish()
    type(story).objects.filter(pk=story.pk).update(last_published_at=story.first_published_at + timedelta(hours=1))
    after = atom(client, section)
    assert after.entries[0].id == before.entries[0].id
    assert after.entries[0].link != before.entries[0].link
    assert after.feed.updated_parsed > before.feed.updated_parsed


def test_each_language_has_its_own(client, section, story):
    swedish = story.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    swedish.title = "Artikel"
    swedish.save_revision().publish()
    parsed = atom(client, swedish.get_parent(), "sv")
    assert [entry.title for entry in parsed.entries] == ["Artikel"]
    assert parsed.entries[0].id != atom(client, section).entries[0].id
    assert parsed.feed.language == "sv"


def test_a_result_brings_its_finding(client, section):
    goal = factories.make_goal(section.theme)
    factories.publish(ResultPage(title="Tulos", slug="tulos", lead="L", finding="Löytö <1>", evidence="Näyttö"), section, goals=[goal])
    html = atom(client, section).entries[0].content[0].value
    assert "Löytö &lt;1&gt;" in html
    assert "Näyttö" in html


def test_what_is_not_public_is_not_in_a_feed(client, section, story):
    hidden = factories.make_story(section, title="Salainen")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    gone = factories.make_story(section, title="Poistettu")
    gone.unpublish()
    assert [entry.title for entry in atom(client, section).entries] == [story.title]


def test_who_has_it_gets_nothing_again(client, section, story):
    path = f"/fi/feeds/{section.slug}.atom"
    first = client.get(path)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(path, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    assert client.post(path).status_code == 405


def test_there_is_no_feed_of_what_is_not_there(client, section):
    for path in ("/fi/feeds/ei-ole.atom", f"/fi/feeds/{section.slug}.rss", f"/sv/feeds/{section.slug}.atom"):
        assert client.get(path).status_code == 404


def test_a_section_tells_of_its_feeds(client, section, story):
    soup = BeautifulSoup(client.get(section.url).content, "html.parser")
    for kind in ("atom+xml", "feed+json"):
        link = soup.find("link", rel="alternate", type=f"application/{kind}")
        assert client.get(link["href"]).status_code == 200
