"""Two themes on one installation: one has a host name of its own."""

from __future__ import annotations

import json
import re
from copy import deepcopy

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from base.gate.subject import render
from events import actions, links
from mail.engine import deliver_now
from mail.models import Delivery
from newsletters import issues, subscriptions
from tests import factories
from tests.themes.worlds import HOST, make_world, page_at
from themes.mails import mail_look
from themes.places import address_of


@pytest.fixture(scope="module", params=["a tree of its own", "below the other"])
def made(request, shared_db):
    with transaction.atomic():
        yield make_world(nested=request.param == "below the other", hostname=HOST)
        transaction.set_rollback(True)


@pytest.fixture
def with_host(db, made):
    return deepcopy(made)


def test_each_host_shows_its_theme(client, with_host):
    for host, mine, others in (("localhost", with_host.ours, with_host.other), (HOST, with_host.other, with_host.ours)):
        page = page_at(client, "/fi/jutut/", host).content.decode()
        assert f'<span class="brand__name">{mine.name_fi}</span>' in page
        assert f"Juttu {mine.name_fi}" in page
        assert f"Juttu {others.name_fi}" not in page
        assert f'<link rel="canonical" href="http://{host}/fi/jutut/">' in page
        assert f'hreflang="fi" href="http://{host}/fi/jutut/"' in page
    assert with_host.other.look_url in page


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


def test_the_gate_renders_a_page_at_its_own_host(with_host):
    page = with_host.stories[1].specific
    assert f'href="http://{HOST}/fi/jutut/' in render(page)


def test_forms_of_one_host_are_not_taken_from_another(client, with_host):
    with translation.override("fi"):
        path = reverse("events:confirm", args=["token"])
    answer = client.post(path, headers={"host": HOST, "origin": "http://localhost"})
    assert answer.status_code == 403
