"""Every form that asks for personal data links to the privacy notice, once there is one."""

from __future__ import annotations

from bs4 import BeautifulSoup

from pages.models import PrivacyPage
from tests import factories


def forms(client, home):
    newsletter = factories.make_newsletter(home.theme)
    letter = factories.make_newsletter_page(home, newsletter)
    body = [("paragraph", "<p>Teksti</p>"), ("sign_up", {"newsletter": newsletter.key, "title": "", "text": ""})]
    story = factories.make_story(factories.make_section(home), body=body)
    event = factories.make_event_page(factories.make_events_page(home))
    places = {letter.url: "#subscribe-form", story.url: "#sign-up", event.url: "#register-form", f"/fi/newsletters/{letter.pk}/link/": "#link-form"}
    return {path: BeautifulSoup(client.get(path).content, "html.parser").select_one(form) for path, form in places.items()}


def test_forms_link_to_the_notice(client, home):
    points = dict.fromkeys(PrivacyPage.POINTS, "<p>Teksti</p>")
    notice = factories.publish(PrivacyPage(title="Tietosuojaseloste", slug="tietosuoja", lead="Näin", **points), home)
    found = forms(client, home)
    assert {path: bool(form.select_one(f"a[href='{notice.url}']")) for path, form in found.items()} == dict.fromkeys(found, True)


def test_without_a_notice_there_is_no_dead_link(client, home):
    assert [form.select("a") for form in forms(client, home).values()] == [[]] * 4
