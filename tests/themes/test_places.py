"""Two themes on one installation: one is a section of the other's site."""

from __future__ import annotations

import json
import re

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Site

from desk.opening import check_host, give_host
from tests import factories
from tests.themes.worlds import HOST, make_world, page_at


@pytest.fixture(scope="module")
def made_section(shared_db):
    return make_world(nested=True)


def test_a_theme_with_a_host_stands_there_alone(client, section):
    give_host(section.front, HOST)
    answer = page_at(client, "/fi/oppiminen/jutut/")
    assert (answer.status_code, answer["Location"]) == (302, f"http://{HOST}/fi/jutut/")
    assert "X-Page-Cache" not in answer.headers


def test_a_section_has_addresses_menu_look_and_feed_of_its_own(client, section):
    page = page_at(client, "/fi/oppiminen/jutut/").content.decode()
    assert '<span class="brand__name">Oppiminen</span>' in page
    assert section.other.look_url in page
    assert re.search(r'class="brand" href="/fi/oppiminen/"', page)
    assert '<a href="/fi/oppiminen/jutut/" aria-current="page">' in page
    assert '<a href="/fi/jutut/"' not in page
    assert 'href="/fi/feeds/oppiminen/jutut.atom"' in page
    feed = json.loads(page_at(client, "/fi/feeds/oppiminen/jutut.json").content)
    assert [item["title"] for item in feed["items"]] == ["Juttu Oppiminen"]
    assert json.loads(page_at(client, "/fi/feeds/jutut.json").content)["items"][0]["title"] == "Juttu Työelämä"
    # The theme above names it in its menu.
    assert '<a href="/fi/oppiminen/"' in page_at(client, "/fi/").content.decode()
    assert "http://localhost/fi/oppiminen/jutut/" in page_at(client, "/fi/sitemap.xml").content.decode()


def test_the_front_page_shows_its_own_theme(client, section):
    front = page_at(client, "/fi/").content.decode()
    assert "Juttu Työelämä" in front
    assert "Juttu Oppiminen" not in front


@pytest.mark.parametrize(("path", "theme"), [("/fi/oppiminen/ei-ole/", "Oppiminen"), ("/fi/ei-ole/", "Työelämä"), ("/fi/oppiminenkin/", "Työelämä")])
def test_what_is_not_found_keeps_the_look(client, section, path, theme):
    answer = page_at(client, path)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert f'<span class="brand__name">{theme}</span>' in page
    assert (section.other.look_url in page) == (theme == "Oppiminen")
    assert "canonical" not in page
    assert "data-reach" not in page


def test_calendars_are_of_the_theme(client, section):
    calendars = [factories.make_events_page(place, slug="tapahtumat") for place in (section.home, section.front)]
    for calendar in calendars:
        factories.make_event_page(calendar, title=f"Tapahtuma {calendar.theme.name_fi}")
    feed = page_at(client, "/fi/events/calendar.ics").content.decode()
    assert "SUMMARY:Tapahtuma Työelämä" in feed
    assert "Oppiminen" not in feed
    path = calendars[1].feed_path
    assert path == f"/fi/events/calendar.ics?theme={section.other.key}"
    assert path in page_at(client, "/fi/oppiminen/tapahtumat/").content.decode()
    assert "SUMMARY:Tapahtuma Oppiminen" in page_at(client, path).content.decode()
    assert page_at(client, "/fi/events/calendar.ics?theme=none").status_code == 404


def test_a_host_is_given_and_taken_care_of(section):
    site = give_host(section.front, HOST)
    assert (site.hostname, site.port) == (HOST, Site.objects.get(is_default_site=True).port)
    assert section.front.full_url == f"http://{HOST}/fi/"
    assert give_host(section.front, "toinen.localhost").pk == site.pk
    for bad in ("https://oppiminen.localhost", "Oppiminen.localhost", "oppiminen.localhost:80", "a b", "oppiminen.example.net"):
        with pytest.raises(ValidationError):
            check_host(bad)
    with pytest.raises(ValidationError, match=r"toinen\.localhost"):
        give_host(section.home, "toinen.localhost")
