"""Two themes on one installation: one with a host name of its own, or as a section of the other's site."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from base.gate.subject import render
from desk.opening import check_host, give_host
from events import actions, links
from mail.engine import deliver_now
from mail.models import Delivery
from newsletters import issues, subscriptions
from tests import factories
from themes.mails import mail_look
from themes.places import address_of

HOST = "oppiminen.localhost"


def make_world(*, nested: bool, hostname: str = "") -> SimpleNamespace:
    ours, other = factories.make_theme(name_fi="Työelämä"), factories.make_theme(name_fi="Oppiminen", accent="#2a6f4f")
    home = factories.make_home(ours)
    front = factories.make_front(other, home if nested else None, hostname, slug="oppiminen", title="Oppiminen")
    sections = [factories.make_section(place, slug="jutut") for place in (home, front)]
    stories = [factories.make_story(section, title=f"Juttu {section.theme.name_fi}") for section in sections]
    return SimpleNamespace(ours=ours, other=other, home=home, front=front, sections=sections, stories=stories)


@pytest.fixture(params=["a tree of its own", "below the other"])
def with_host(request, db):
    return make_world(nested=request.param == "below the other", hostname=HOST)


@pytest.fixture
def section(db):
    return make_world(nested=True)


def page_at(client, path, host="localhost"):
    return client.get(path, headers={"host": host})


def test_each_host_shows_its_theme(client, with_host):
    for host, mine, others in (("localhost", with_host.ours, with_host.other), (HOST, with_host.other, with_host.ours)):
        page = page_at(client, "/fi/jutut/", host).content.decode()
        assert f'<span class="brand__name">{mine.name_fi}</span>' in page
        assert f"Juttu {mine.name_fi}" in page
        assert f"Juttu {others.name_fi}" not in page
        assert f'<link rel="canonical" href="http://{host}/fi/jutut/">' in page
        assert f'hreflang="fi" href="http://{host}/fi/jutut/"' in page
    assert with_host.other.look_url in page


def test_a_theme_with_a_host_stands_there_alone(client, db):
    make_world(nested=True, hostname=HOST)
    answer = page_at(client, "/fi/oppiminen/jutut/")
    assert (answer.status_code, answer["Location"]) == (302, f"http://{HOST}/fi/jutut/")
    assert "X-Page-Cache" not in answer.headers


def test_sitemap_and_robots_are_of_the_host(client, with_host):
    for host, mine, others in (("localhost", 0, 1), (HOST, 1, 0)):
        assert f"Sitemap: http://{host}/sitemap.xml" in page_at(client, "/robots.txt", host).content.decode()
        assert f"http://{host}/fi/sitemap.xml" in page_at(client, "/sitemap.xml", host).content.decode()
        urls = re.findall("<loc>(.*?)</loc>", page_at(client, "/fi/sitemap.xml", host).content.decode())
        assert with_host.stories[mine].full_url in urls
        assert with_host.stories[others].full_url not in urls
        assert all(url.startswith(f"http://{host}/fi/") for url in urls)


def test_feeds_are_of_the_host(client, with_host):
    for host, mine in (("localhost", 0), (HOST, 1)):
        feed = json.loads(page_at(client, "/fi/feeds/jutut.json", host).content)
        assert feed["feed_url"] == f"http://{host}/fi/feeds/jutut.json"
        assert [item["url"] for item in feed["items"]] == [with_host.stories[mine].full_url]


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


def test_not_found_at_a_host(client, with_host):
    assert '<span class="brand__name">Oppiminen</span>' in page_at(client, "/fi/ei-ole/", HOST).content.decode()


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "oppiminen.localhost@evil.example", "a\tb", ""])
def test_an_unknown_host_is_refused_clearly(client, with_host, host):
    answer = page_at(client, "/fi/", host)
    assert answer.status_code == 400
    assert "Tästä osoitteesta ei ole palvelua" in answer.content.decode()
    assert "evil" not in answer.content.decode()


def test_no_address_is_taken_from_the_request(client, with_host):
    """A host that is allowed and is nobody's gets the default site, with the addresses of that one."""
    for path in ("/fi/jutut/", "/robots.txt", "/sitemap.xml", "/fi/sitemap.xml", "/fi/feeds/jutut.atom"):
        assert "muu.localhost" not in page_at(client, path, "muu.localhost:9999").content.decode().replace('href="/', "")


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


def test_mails_lead_to_the_host_of_their_theme(client, with_host):
    here = f"http://{HOST}"
    assert (address_of(with_host.ours), address_of(with_host.other)) == ("http://localhost", here)
    assert mail_look(with_host.other).address() == here
    goal = factories.make_goal(with_host.other)
    letter = factories.make_newsletter_page(with_host.front, factories.make_newsletter(with_host.other), goals=[goal])
    asked = subscriptions.ask_subscription(newsletter=letter.newsletter, email="lukija@example.org", language="fi")
    assert subscriptions.confirm_url(asked).startswith(f"{here}/fi/newsletters/")
    subscriptions.confirm_subscription(asked, how="test")
    issue = factories.make_issue(letter, goals=[goal], body=[("item", with_host.stories[1])])
    mailing = issues.send_issue(issue)
    assert mailing.base_url == here
    deliver_now(mailing.pk)
    copy = Delivery.objects.get(mailing=mailing)
    assert copy.state == Delivery.State.SENT
    mime = bytes(mailing.variants.get().mime).replace(b"=\r\n", b"")
    assert f"{here}/fi/newsletters/".encode() in mime
    assert b"http://localhost" not in mime


def test_links_of_an_event_lead_to_the_host_of_its_theme(with_host):
    event = factories.make_event_page(factories.make_events_page(with_host.front)).event
    registration = actions.ask_registration(
        event=event, email="a@example.org", first_name="A", last_name="B", language="fi", organisation="", needs=""
    )
    assert links.registration_url(registration).startswith(f"http://{HOST}/fi/events/registration/")


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


def test_the_gate_renders_a_page_at_its_own_host(with_host):
    page = with_host.stories[1].specific
    assert f'href="http://{HOST}/fi/jutut/' in render(page)


def test_forms_of_one_host_are_not_taken_from_another(client, with_host):
    with translation.override("fi"):
        path = reverse("events:confirm", args=["token"])
    answer = client.post(path, headers={"host": HOST, "origin": "http://localhost"})
    assert answer.status_code == 403
