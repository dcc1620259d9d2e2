"""What pages say of themselves to search engines and to those who share them."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.db.models import F
from wagtail.models import Locale, PageViewRestriction

from base.models import User
from base.pages import listed_pages, web_address
from events.models import Event, Mode, Pool
from tests import factories
from themes.models import Scope

MAP = {"": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def section(home):
    return factories.make_section(home)


@pytest.fixture
def calendar(home):
    return factories.make_events_page(home)


def soup(client, page, query=""):
    return BeautifulSoup(client.get(page.url + query).content, "html.parser")


def described(client, page):
    """By type."""
    (script,) = soup(client, page).find_all("script", type="application/ld+json")
    found = json.loads(script.string)
    assert found["@context"] == "https://schema.org"
    return {part["@type"]: part for part in found["@graph"]}


def meta(page_soup):
    return {tag["property"]: tag["content"] for tag in page_soup.find_all("meta", property=True)}


def swedish_of(page):
    translation = page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    translation.save_revision().publish()
    return translation


def links(page_soup):
    return {link["hreflang"]: link["href"] for link in page_soup.select("link[rel=alternate][hreflang]")}


def test_languages_are_told_both_ways_and_absolutely(client, section):
    story = factories.make_story(section)
    alone = soup(client, story)
    assert links(alone) == {"fi": web_address(story), "x-default": web_address(story)}
    swedish = swedish_of(story)
    both = {"fi": web_address(story), "sv": web_address(swedish), "x-default": web_address(story)}
    assert links(soup(client, story)) == links(soup(client, swedish)) == both
    assert all(url.startswith("http://localhost/") for url in both.values())
    assert soup(client, swedish).select_one("link[rel=canonical]")["href"] == web_address(swedish)
    assert meta(soup(client, story))["og:locale:alternate"] == "sv_SE"


def test_a_later_sheet_is_a_page_of_its_own(client, section, monkeypatch):
    monkeypatch.setattr("pages.models.ROWS_A_PAGE", 1)
    for _ in range(2):
        factories.make_story(section)
    for query, expected in {"?page=2": "?page=2", "?page=1": "", "?page=x": "", "?utm_source=a": ""}.items():
        assert soup(client, section, query).select_one("link[rel=canonical]")["href"] == web_address(section) + expected


def test_a_story_can_be_shared(client, section):
    story = factories.make_story(section, title='Vartti "tunti" <b>', lead="Lyhyt & hyvä")
    told = meta(soup(client, story))
    assert (told["og:title"], told["og:description"], told["og:type"]) == ('Vartti "tunti" <b>', "Lyhyt & hyvä", "article")
    assert (told["og:url"], told["og:locale"], told["og:site_name"]) == (web_address(story), "fi_FI", section.theme.name_fi)
    assert told["article:published_time"]


def test_nothing_breaks_out_of_the_description(client, section):
    title = "</script><script>alert(1)</script><!-- \u2028 &"
    story = factories.make_story(section, title=title, lead=title)
    assert "<script>alert" not in client.get(story.url).content.decode()
    found = described(client, story)
    assert found["NewsArticle"]["headline"] == title
    assert [step["item"] for step in found["BreadcrumbList"]["itemListElement"]] == [
        web_address(page) for page in (section.get_parent(), section, story)
    ]
    assert found["NewsArticle"]["publisher"]["@id"] == found["Organization"]["@id"]


def test_the_front_page_names_site_and_office(client, section):
    found = described(client, section.get_parent())
    assert set(found) == {"Organization", "WebSite"}
    assert found["WebSite"]["url"] == "http://localhost/fi/"


@pytest.mark.parametrize(
    ("mode", "attendance", "places"),
    [
        (Mode.IN_PERSON, "OfflineEventAttendanceMode", ["Place"]),
        (Mode.ONLINE, "OnlineEventAttendanceMode", ["VirtualLocation"]),
        (Mode.HYBRID, "MixedEventAttendanceMode", ["Place", "VirtualLocation"]),
    ],
)
def test_an_event_is_described_without_the_link_of_those_who_registered(client, calendar, mode, attendance, places):
    page = factories.make_event_page(calendar, mode=mode, online_link="https://meet.example.org/secret", capacity=1)
    event = described(client, page)["Event"]
    assert "meet.example.org" not in client.get(page.url).content.decode()
    assert event["eventAttendanceMode"] == f"https://schema.org/{attendance}"
    assert [place["@type"] for place in event["location"]] == places
    assert event["startDate"][-6:] in {"+02:00", "+03:00"}
    assert event["eventStatus"].endswith("EventScheduled")
    assert event["offers"]["availability"].endswith("InStock")
    Pool.objects.update(taken=F("capacity"))
    assert described(client, page)["Event"]["offers"]["availability"].endswith("SoldOut")
    Event.objects.update(is_cancelled=True)
    cancelled = described(client, page)["Event"]
    assert cancelled["eventStatus"].endswith("EventCancelled")
    assert "offers" not in cancelled


def test_an_internal_event_tells_nothing(client, calendar):
    page = factories.make_event_page(calendar, scope=Scope.INTERNAL)
    client.force_login(User.objects.create_superuser("paa", "paa@example.org", "paa-salasana-71"))
    shown = soup(client, page)
    assert shown.select_one("meta[name=robots]")["content"] == "noindex"
    assert not shown.find_all("script", type="application/ld+json")
    assert not shown.select("link[rel=canonical]")
    assert page.pk not in listed_pages().values_list("pk", flat=True)


def test_an_issue_is_listed_once_it_was_sent(home):
    letter = factories.make_newsletter_page(home, factories.make_newsletter(home.theme))
    issue = factories.make_issue(letter)
    assert not issue.is_listed()
    inside = factories.make_newsletter_page(home, factories.make_newsletter(home.theme, scope=Scope.INTERNAL))
    assert not inside.is_listed()
    assert letter.is_listed()


# ---- the map of the site
def mapped(client, language="fi"):
    """Alternates by address."""
    answer = client.get(f"/{language}/sitemap.xml")
    assert answer["Content-Type"].startswith("application/xml")
    found = {}
    for url in ElementTree.fromstring(answer.content).findall("url", MAP):
        found[url.find("loc", MAP).text] = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", MAP)}
    return found


def test_the_map_has_every_listed_page_with_its_languages(client, home, section, calendar):
    story = factories.make_story(section, slug="äijä")
    swedish = swedish_of(story)
    factories.make_event_page(calendar)
    found = mapped(client) | mapped(client, "sv")
    assert set(found) == {web_address(page) for page in listed_pages()}
    assert found[web_address(story)] == found[web_address(swedish)]
    assert found[web_address(story)] == {"fi": web_address(story), "sv": web_address(swedish), "x-default": web_address(story)}


def test_the_map_leaves_out_what_nobody_should_find(client, section, calendar):
    hidden = factories.make_story(section)
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    inside = factories.make_event_page(calendar, scope=Scope.INTERNAL)
    gone = factories.make_story(section)
    address = web_address(gone)
    gone.unpublish()
    assert not {web_address(hidden), web_address(inside), address} & set(mapped(client))


def test_robots_find_the_map(client, home):
    lines = client.get("/robots.txt").content.decode().splitlines()
    (address,) = [line.removeprefix("Sitemap: ") for line in lines if line.startswith("Sitemap")]
    index = ElementTree.fromstring(client.get(address.removeprefix("http://localhost")).content)
    maps = [place.text.removeprefix("http://localhost") for place in index.findall("sitemap/loc", MAP)]
    assert [client.get(path).status_code for path in maps] == [200, 200, 200]
