"""The pages that stand at the foot of every other one."""

from __future__ import annotations

import tomllib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.demo.content import FOLDER
from desk.opening import STANDING, open_standing
from pages.models import AccessibilityPage, InformationPage, PrivacyPage
from tests import factories

CONTENT = tomllib.loads((FOLDER / "pages.toml").read_text(encoding="utf-8"))["standing"]


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def home(shared_db):
    return factories.make_home(factories.make_theme())


@pytest.fixture(scope="module")
def opened(home):
    for code in ("sv", "en"):
        home.copy_for_translation(home.locale.__class__.objects.get(language_code=code)).save_revision().publish()
    open_standing(home, CONTENT)
    return home


def page_in(model, language):
    return model.objects.get(locale__language_code=language)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_each_stands_at_the_foot_in_its_language(client, opened, language):
    text = client.get(f"/{language}/").content.decode()
    for key in STANDING:
        assert f">{CONTENT[key]['title'][language]}</a>" in text


def test_opening_again_adds_nothing(opened):
    open_standing(opened, CONTENT)
    assert [model.objects.count() for model in STANDING.values()] == [3] * len(STANDING)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ["täyttää lain vaatimukset", "osittain", "14 päivän kuluessa", "Traficom", "PDF-tiedostoista", "Ei vielä korjattu"]),
        ("sv", ["uppfyller kraven", "delvis", "inom 14 dagar", "Traficom", "PDF-filer"]),
        ("en", ["meets the requirements", "in part", "within 14 days", "Traficom", "PDF files"]),
    ],
)
def test_the_statement_says_what_the_act_asks_for(client, opened, language, words):
    page = page_in(AccessibilityPage, language)
    response = client.get(page.url)
    assert response.status_code == 200
    text = response.content.decode()
    assert [word for word in [*words, page.authority_url, page.feedback_email, "306/2019"] if word not in text] == []


@pytest.mark.parametrize("conformance", AccessibilityPage.Conformance.values)
def test_each_state_has_its_own_sentence(client, home, conformance):
    words = {"assessment": "<p>Arvio</p>", "authority_name": "Valvoja", "authority_url": "https://valvoja.example.org/"}
    page = factories.publish(AccessibilityPage(title="Seloste", slug="seloste", conformance=conformance, **words), home)
    text = " ".join(client.get(page.url).content.decode().split())
    told = {"full": "Sivusto täyttää lain vaatimukset (WCAG 2.2 A, AA).", "none": "Sivusto ei täytä lain vaatimuksia (WCAG 2.2 A, AA)."}
    assert told.get(conformance, "Sivusto täyttää lain vaatimukset (WCAG 2.2 A, AA) osittain.") in text
    assert timezone.localdate().isoformat() in text


def test_the_notice_has_every_point_of_article_13_in_order(client, opened):
    for language in ("fi", "sv", "en"):
        page = page_in(PrivacyPage, language)
        text = client.get(page.url).content.decode()
        found = [text.index(CONTENT["privacy"][name][language][0].split("&")[0]) for name in PrivacyPage.POINTS]
        assert found == sorted(found)


def test_queries_of_the_foot_do_not_grow(client, home):
    def queries(number):
        for count in range(number):
            factories.publish(InformationPage(title=f"Sivu {count}", slug=f"sivu-{number}-{count}", body=[("paragraph", "<p>Teksti</p>")]), home)
        client.get(home.url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(home.url).status_code == 200
        return len(captured)

    assert queries(2) == queries(10)
