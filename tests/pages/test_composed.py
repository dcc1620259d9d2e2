"""The composed pages: the front page until somebody composes it, and after; landing pages."""

from __future__ import annotations

from datetime import timedelta

from bs4 import BeautifulSoup
from django.utils import timezone

from pages.models import LandingPage
from tests import factories


def headings(client, url):
    return [found.get_text(" ", strip=True) for found in BeautifulSoup(client.get(url).content, "html.parser").select("main h2")]


def test_an_empty_front_page_shows_stories_results_and_events(client, home):
    section = factories.make_section(home)
    story = factories.make_story(section)
    event = factories.make_event_page(factories.make_events_page(home), title="Tuleva tapahtuma")
    assert headings(client, "/fi/") == ["Uusimmat jutut", "Tulokset ja hyvät käytännöt", "Tulevat tapahtumat"]
    text = client.get("/fi/").content.decode()
    assert story.title in text
    assert event.title in text


def test_what_editors_compose_stands_in_its_place(client, home):
    home.body = [
        ("heading", "Aloita tästä"),
        ("paragraph", "<p>Valitse yksi kolmesta.</p>"),
        ("call_to_action", {"title": "Hae mukaan", "text": "", "label": "Täytä hakemus", "page": None, "url": "https://example.org/haku"}),
    ]
    home.save_revision().publish()
    page = BeautifulSoup(client.get("/fi/").content, "html.parser")
    assert [band["class"] for band in page.select("main .section")] == [["section", "prose"], ["section"]]
    assert page.select_one(".call-to-action a")["href"] == "https://example.org/haku"
    assert "Uusimmat jutut" not in page.get_text()


def test_a_landing_page_has_no_date_and_can_be_found(client, home):
    page = factories.publish(LandingPage(title="Työnimun viikko", slug="viikko", lead="Viikko vartteja", body=[("paragraph", "<p>Teksti</p>")]), home)
    assert "<time" not in client.get(page.url).content.decode().partition("<main")[2].partition("</main>")[0]
    assert page.digest().date is None
    assert page.url in client.get("/fi/search/", {"q": "työnimu"}).content.decode()


def test_newest_pages_are_no_text_of_the_page_itself(home):
    from pages.texts import html_of, text_of

    factories.make_story(factories.make_section(home), title="Juttu muualla")
    home.body = [("newest", {"what": "stories", "title": "", "number": 3, "leads": False}), ("paragraph", "<p>Oma teksti</p>")]
    assert text_of(html_of(home)) == "Oma teksti"


def test_events_are_narrowed_by_sub_theme_and_region(client, home):
    from themes.models import Region, SubTheme

    calendar = factories.make_events_page(home)
    region = Region.objects.get(code="19")
    theme = SubTheme.objects.create(theme=home.theme, key="oppiminen", name_fi="Oppiminen")
    both = factories.make_event_page(calendar, title="Molemmat")
    both.regions, both.sub_themes = [region], [theme]
    both.save_revision().publish()
    factories.make_event_page(calendar, title="Ei kumpaakaan")
    now = timezone.now()
    factories.make_event_page(calendar, title="Mennyt", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    home.body = [("events", {"title": "Pohjoisessa", "sub_theme": "oppiminen", "region": "19", "number": 5})]
    home.save_revision().publish()
    text = client.get("/fi/").content.decode()
    assert "Molemmat" in text
    assert "Ei kumpaakaan" not in text
    assert "Mennyt" not in text


def test_without_events_the_front_page_says_so(client, home):
    factories.make_events_page(home)
    assert "Tapahtumia ei ole tulossa" in client.get("/fi/").content.decode()
