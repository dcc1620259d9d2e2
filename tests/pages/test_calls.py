"""Calls for projects: a page and a row by the clock, joint calls of several themes, and what is refused."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import querydict_from_html

from base.gate.guard import NotPublishable
from base.page_cache import SECONDS_HEADER
from base.roles import Role
from contacts.models import Outreach
from desk.opening import translate
from pages.models import CallPage, CallsPage
from tests import factories
from themes.models import AnyTheme, Region
from themes.teams import put_into_teams

HELSINKI = ZoneInfo("Europe/Helsinki")
OPENS, CLOSES = datetime(2026, 11, 2, 9, tzinfo=HELSINKI), datetime(2027, 1, 15, 16, 15, tzinfo=HELSINKI)
TIMES = {"opens_at": OPENS, "closes_at": CLOSES}


@pytest.fixture(scope="module")
def made_section(shared_db):
    return factories.make_calls_page(factories.make_home(factories.make_theme(fund="ESF+")))


def text_at(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.cookies == {}
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_call_says_what_for_whom_when_and_how(client, section):
    theme = section.theme
    page = factories.make_call_page(
        section,
        title="Muutoskyky",
        authority=factories.make_organisation(theme, name_fi="ELY-keskus", name_sv="NTM-centralen"),
        amount_eur=1_200_000,
        regions=list(Region.objects.filter(code="06")),
        sub_themes=[factories.make_sub_theme(theme, name_fi="Osaaminen", name_sv="Kompetens")],
        how_to_apply="<p>Kirjaudu palveluun.</p>",
        phone="+358 (0)29 000 0000",
        **TIMES,
    )
    with time_machine.travel(CLOSES - timedelta(days=12)):
        text = text_at(client, page.url)
    words = ["Auki 15. tammikuuta 2027 kello 16.15 asti", "12 päivää jäljellä", "2. marraskuuta 2026 kello 9.00", "ELY-keskus", "ESF+", "1 200 000 €"]
    words += ["Kehittäminen", "Kunnat", "Osaaminen", "Pirkanmaa", "Kirjaudu palveluun.", 'href="https://asiointi.example.org/"']
    words += ['href="mailto:a@example.org"', 'href="tel:+3580290000000"', theme.objective_fi]
    assert [word for word in words if word not in text] == []
    [graph] = [json.loads(part.split("</script>")[0]) for part in text.split('<script type="application/ld+json">')[1:]]
    [grant] = [part for part in graph["@graph"] if part["@type"] == "MonetaryGrant"]
    assert grant["amount"] == {"@type": "MonetaryAmount", "value": "1200000.00", "currency": "EUR"}
    assert grant["potentialAction"]["endTime"] == "2027-01-15T16:15+02:00"
    for question in ("muutoskyvyn", "Pirkanmaalla", "ELY-keskuksen"):
        found = text_at(client, f"/fi/search/?q={question}")
        assert "Muutoskyky" in found, question
        assert "Hankehaku" in found
    feed = text_at(client, f"{section.feed_path}.atom")
    assert "2. marraskuuta 2026 kello 9.00 – 15. tammikuuta 2027 kello 16.15" in feed
    act = Outreach.objects.get(item_key=page.translation_key)
    assert (act.kind, [region.code for region in act.regions.all()]) == (Outreach.Kind.FUNDING_CALL, ["06"])


def test_a_translation_has_words_of_its_own_and_follows_the_facts(client, section):
    words = {"title": "Muutoskyky", "lead": "Haku työpaikoille", "what_is_funded": "<p>Kehittäminen</p>", "who_may_apply": "<p>Kunnat</p>"}
    page = factories.make_call_page(section, further_themes=[AnyTheme.objects.get(pk=factories.make_theme().pk)], **words, **TIMES)
    translate(section, {"fi": {"title": section.title}, "sv": {"title": "Utlysningar"}})
    utlysningar = CallsPage.objects.get(locale__language_code="sv")
    assert all(word in text_at(client, utlysningar.url) for word in ("Muutoskyky", "på finska"))
    swedish = {
        "title": "Förmåga till förändring",
        "lead": "Utlysning till arbetsplatser",
        "what_is_funded": "Utveckling",
        "who_may_apply": "Kommuner",
    }
    translate(page, {"fi": {**words, "what_is_funded": "Kehittäminen", "who_may_apply": "Kunnat"}, "sv": swedish})
    other = CallPage.objects.get(locale__language_code="sv")
    assert (other.slug, other.closes_at, other.further_themes.count()) == ("formaga-till-forandring", CLOSES, 1)
    page.closes_at, page.amount_eur = CLOSES + timedelta(days=7), 500_000
    page.save_revision().publish()
    with time_machine.travel(CLOSES):
        text = text_at(client, other.url)
    words = ["Öppen till den 22 januari 2027 kl. 16.15", "7 dagar kvar", "500 000 €", "Utveckling", "Kommuner", "Vem som kan söka"]
    assert [word for word in words if word not in text] == []
    for address in (utlysningar.url, f"{utlysningar.feed_path}.atom"):
        listed = text_at(client, address)
        assert "Förmåga till förändring" in listed
        assert "Muutoskyky" not in listed


@pytest.mark.parametrize(
    ("moment", "state", "rest"),
    [
        (OPENS - timedelta(seconds=1), "Avautuu 2. marraskuuta 2026 kello 9.00", ""),
        (OPENS, "Auki 15. tammikuuta 2027 kello 16.15 asti", "74 päivää jäljellä"),
        (CLOSES - timedelta(days=1), "Auki 15. tammikuuta 2027 kello 16.15 asti", "päättyy huomenna"),
        (CLOSES - timedelta(seconds=1), "Auki 15. tammikuuta 2027 kello 16.15 asti", "päättyy tänään"),
        (CLOSES, "Päättynyt 15. tammikuuta 2027 kello 16.15", ""),
    ],
    ids=["before", "opens", "last day but one", "last second", "closed"],
)
def test_a_page_and_its_list_say_where_the_call_stands(client, section, moment, state, rest):
    page = factories.make_call_page(section, **TIMES)
    with time_machine.travel(moment, tick=False):
        for url in (page.url, section.url):
            text = text_at(client, url)
            assert state in text
            assert rest in text
            assert ("jäljellä" in text) == ("jäljellä" in rest)
        text, is_closed = text_at(client, page.url), moment >= CLOSES
        assert ("Hakemuksia ei enää oteta vastaan" in text) == is_closed
        assert ('href="https://asiointi.example.org/"' in text) != is_closed


@pytest.mark.parametrize(
    ("before", "rest"),
    [(timedelta(minutes=1), "päättyy tänään"), (timedelta(hours=23), "päättyy tänään"), (timedelta(hours=25), "päättyy huomenna")],
)
def test_a_call_that_closes_at_midnight_closes_on_the_day_before(client, section, before, rest):
    """Also over the day on which the clocks are put back."""
    for midnight in (datetime(2026, 11, 21, tzinfo=HELSINKI), datetime(2026, 10, 26, tzinfo=HELSINKI)):
        page = factories.make_call_page(section, opens_at=midnight - timedelta(days=20), closes_at=midnight)
        with time_machine.travel(midnight - before, tick=False):
            assert rest in text_at(client, page.url)


@pytest.mark.parametrize(("before", "kept"), [(timedelta(hours=1), 60), (timedelta(seconds=12), 12), (timedelta(0), 60)])
def test_no_copy_outlives_the_moment(client, section, before, kept):
    """Neither of the page nor of a list that it stands in, be it another theme's."""
    other = factories.make_theme()
    theirs = factories.make_calls_page(factories.make_front(other, section.get_parent()))
    page = factories.make_call_page(section, further_themes=[AnyTheme.objects.get(pk=other.pk)], **TIMES)
    for turn in (OPENS, CLOSES):
        with time_machine.travel(turn - before, tick=False):
            assert {client.get(one.url)[SECONDS_HEADER] for one in (page, section, theirs)} == {str(kept)}


def test_calls_stand_by_their_state_and_are_narrowed(client, section):
    health, skills = (factories.make_sub_theme(section.theme, key=key, name_fi=key.title()) for key in ("health", "skills"))
    region = list(Region.objects.filter(code="06"))
    factories.make_call_page(section, title="Alfa", opens=-50, closes=-5)
    factories.make_call_page(section, title="Beeta", opens=3, closes=40, regions=region)
    factories.make_call_page(section, title="Gamma", closes=30, sub_themes=[health])
    factories.make_call_page(section, title="Delta", closes=9, sub_themes=[skills], regions=region)
    factories.make_call_page(section, title="Eeta", opens=-50, closes=-2)

    def shown(query=""):
        text = text_at(client, f"{section.url}{query}")
        return sorted((title for title in ("Alfa", "Beeta", "Gamma", "Delta", "Eeta") if f">{title}<" in text), key=text.index)

    assert shown() == ["Delta", "Gamma", "Beeta", "Eeta", "Alfa"]
    text = text_at(client, section.url)
    titles = ["Avoimet haut", "Tulevat haut", "Päättyneet haut"]
    assert sorted(titles, key=text.index) == titles
    assert "5 hankehakua" in text
    # What names no region or sub-theme is for all of them.
    assert shown("?region=15") == ["Gamma", "Eeta", "Alfa"]
    assert shown("?sub_theme=skills") == ["Delta", "Beeta", "Eeta", "Alfa"]
    assert shown("?sub_theme=skills&region=06") == ["Delta", "Beeta", "Eeta", "Alfa"]
    assert "Ei vielä yhtään hakua" in text_at(client, factories.make_calls_page(section.get_parent()).url)


# ---- joint calls
@pytest.fixture
def joint(section):
    """A call of one theme that names two more, of which one has a list of calls."""
    home = section.get_parent()
    second, third = (factories.make_theme(name_fi=name) for name in ("Jatkuva oppiminen", "Kolmas"))
    theirs = factories.make_calls_page(factories.make_front(second, home))
    factories.make_front(third, home)
    others = list(AnyTheme.objects.filter(pk__in=[second.pk, third.pk]).order_by("pk"))
    page = factories.make_call_page(section, title="Yhdessä", sub_themes=[factories.make_sub_theme(section.theme)], further_themes=others)
    return SimpleNamespace(page=page, theirs=theirs, second=second)


def test_a_joint_call_stands_in_the_lists_of_its_themes_at_one_address(client, section, joint):
    factories.make_sub_theme(joint.second, key="theirs")
    names = f"{section.theme.name_fi}, Jatkuva oppiminen, Kolmas"
    assert names in text_at(client, joint.page.url)
    for url in (section.url, joint.theirs.url, f"{joint.theirs.url}?sub_theme=theirs"):
        text = text_at(client, url)
        assert f"Yhteinen haku: {names}" in text
        assert f'href="{joint.page.url}"' in text
    assert "Yhdessä" in text_at(client, f"{joint.theirs.feed_path}.json")
    joint.page.unpublish()
    for url in (section.url, joint.theirs.url, f"{joint.theirs.feed_path}.json"):
        assert "Yhdessä" not in text_at(client, url)


def test_a_theme_with_a_host_of_its_own_finds_its_joint_calls(client, section, settings):
    settings.ALLOWED_HOSTS = ["localhost", "oppiminen.example.org"]
    other = factories.make_theme()
    theirs = factories.make_calls_page(factories.make_front(other, hostname="oppiminen.example.org"))
    page = factories.make_call_page(section, title="Yhdessä", further_themes=[AnyTheme.objects.get(pk=other.pk)])
    for address in (theirs.get_url_parts()[2], "/fi/search/?q=yhdessä"):
        answer = client.get(address, headers={"host": "oppiminen.example.org"})
        assert f'href="http://localhost{page.get_url_parts()[2]}"' in answer.content.decode(), address
    assert page.title not in client.get("/fi/sitemap.xml", headers={"host": "oppiminen.example.org"}).content.decode()


def test_a_joint_call_stays_one_when_its_own_editors_save_it(client, section, joint, cast):
    """They work in their own theme alone, and see no rows of others."""
    viola = cast.user(Role.COMMUNICATIONS)
    put_into_teams(user=viola, places=[(section.theme_id, Role.COMMUNICATIONS.value)])
    client.force_login(viola)
    address = reverse("wagtailadmin_pages:edit", args=[joint.page.pk])
    form = client.get(address).content.decode()
    assert "Yhteinen haku teemojen kanssa" in form
    assert "Jatkuva oppiminen" in form
    typed = {"title": "Yhdessä taas", "action-publish": "action-publish"}
    refused = client.post(address, form_at(client, address, **typed, closes_at="1.1.2020 12.00"))
    assert refused.context["form"].errors == {"closes_at": ["Haun täytyy päättyä sen jälkeen, kun se avautuu."]}
    answer = client.post(address, form_at(client, address, **typed))
    assert answer.status_code == 302, answer.context["form"].errors
    page = CallPage.objects.get(pk=joint.page.pk)
    assert (page.title, page.further_themes.count()) == ("Yhdessä taas", 2)
    assert page.get_latest_revision_as_object().further_themes.count() == 2


def form_at(client, address, **values):
    """What the editor's form sends when nothing but `values` was typed."""
    found = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form")
    return {**{name: found.getlist(name) for name in found}, "body-count": "0", **values}


def test_where_there_is_one_theme_nothing_joint_is_asked(client, section, cast):
    client, address = cast.enter(Role.COMMUNICATIONS), reverse("wagtailadmin_pages:add", args=["pages", "callpage", section.pk])
    assert f'href="{address}"' in client.get(reverse("wagtailadmin_home")).content.decode()
    form = client.get(address).content.decode()
    assert "Kuka voi hakea" in form
    assert "Yhteinen haku" not in form


# ---- what is refused
def test_what_is_wrong_is_said_at_its_field(section):
    for values, field in (({"phone": "soita"}, "phone"), ({"amount_eur": -1}, "amount_eur")):
        with pytest.raises(ValidationError) as refused:
            factories.make_call_page(section, **(TIMES | values))
        assert list(refused.value.message_dict) == [field]
    for values, code in (({"apply_url": ""}, "access"), ({"email": ""}, "contact")):
        with pytest.raises(NotPublishable) as refusal:
            factories.make_call_page(section, **values)
        assert [finding.code for finding in refusal.value.findings] == [f"call.{code}"]


def test_a_call_has_a_calendar_file_of_its_own(client, section):
    page = factories.make_call_page(section, title="Muutoskyky", **TIMES)
    factories.make_call_page(section, title="Toinen", **TIMES)
    with time_machine.travel(OPENS - timedelta(days=3)):
        address = reverse("events:moments", args=[page.pk])
        assert f'href="{address}"' in text_at(client, page.url)
        answer = client.get(address)
        entries = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        feed = icalendar.Calendar.from_ical(client.get(f"{reverse('events:feed')}?theme={section.theme.key}").content).walk("VEVENT")
        assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert answer["Content-Disposition"].endswith('.ics"')
    assert [(entry["SUMMARY"], entry.start) for entry in entries] == [("Haku avautuu: Muutoskyky", OPENS), ("Haku päättyy: Muutoskyky", CLOSES)]
    # Whoever follows the theme's calendar too has each moment once.
    assert {str(entry["UID"]) for entry in entries} < {str(entry["UID"]) for entry in feed}
    with time_machine.travel(CLOSES + timedelta(hours=1)):
        assert address not in text_at(client, page.url)
    page.unpublish()
    assert [client.get(reverse("events:moments", args=[pk])).status_code for pk in (page.pk, section.pk, 0)] == [404, 404, 404]
