"""Services: their pages in three languages, what narrows them, and the staff's list of those to be checked."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from base.gate.guard import NotPublishable
from base.roles import Role
from pages.models import ServiceCheck
from pages.service_checks import check_service
from tests import factories
from themes.models import Region

A_YEAR = timedelta(days=366)


@pytest.fixture(scope="module")
def made_section(shared_db):
    return factories.make_services_page(factories.make_home(factories.make_theme()))


def text_at(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.cookies == {}
    return answer.content.decode()


def test_a_service_says_what_who_where_and_how(client, section):
    theme = section.theme
    office = factories.make_organisation(theme, name_fi="Harjuvirta Oy", name_sv="Harjuvirta Ab")
    group = factories.make_target_group(theme, name_fi="Pienet yritykset", name_sv="Små företag")
    page = factories.make_service_page(
        section,
        title="Muutosneuvonta",
        organisation=office,
        mode="both",
        languages=["sv", "fi", "fse"],
        regions=list(Region.objects.filter(code="06")),
        target_groups=[group],
        sub_themes=[factories.make_sub_theme(theme, name_fi="Osaaminen")],
        is_free=False,
        price="200 € päivältä",
        link="https://palvelu.example.org/",
        phone="+358 (0)29 000 0000",
    )
    text = text_at(client, page.url)
    words = ["Harjuvirta Oy", "Pienet yritykset", "Pirkanmaa", "Paikan päällä ja etänä", "suomi, ruotsi, suomalainen viittomakieli", "200 € päivältä"]
    words += ["Osaaminen", 'href="https://palvelu.example.org/"', 'href="mailto:a@example.org"', 'href="tel:+3580290000000"', "Tiedot tarkistettu"]
    assert [word for word in words if word not in text] == []
    assert "notice" not in text
    [graph] = [json.loads(part.split("</script>")[0]) for part in text.split('<script type="application/ld+json">')[1:]]
    [described] = [part for part in graph["@graph"] if part["@type"] == "Service"]
    assert described["provider"]["name"] == "Harjuvirta Oy"
    assert described["areaServed"] == [{"@type": "AdministrativeArea", "name": "Pirkanmaa"}]
    assert "offers" not in described
    other = page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    other.title, other.price = "Stöd i förändring", "200 € per dag"
    other.save_revision().publish()
    swedish = text_at(client, other.url)
    words = ["Harjuvirta Ab", "Små företag", "Birkaland", "finska, svenska, finskt teckenspråk", "200 € per dag", "Uppgifterna kontrollerade"]
    assert [word for word in words if word not in swedish] == []
    # A translation is the same service: one look holds for both.
    assert ServiceCheck.objects.count() == 1
    for question in ("Harjuvirta", "yritysten", "Pirkanmaalla"):
        assert page.title in text_at(client, f"/fi/search/?q={question}"), question
    row = text_at(client, section.url)
    assert "Harjuvirta Oy – Pirkanmaa" in row
    assert "Muutosneuvonta" in text_at(client, f"{section.feed_path}.atom")


def test_services_are_narrowed_by_four_choices(client, section):
    health, skills = (factories.make_sub_theme(section.theme, key=key, name_fi=key.title()) for key in ("health", "skills"))
    firms, towns = (factories.make_target_group(section.theme, key=key, name_fi=key.title()) for key in ("firms", "towns"))
    region = list(Region.objects.filter(code="06"))
    factories.make_service_page(section, title="Alfa", sub_themes=[health], target_groups=[firms], regions=region, languages=["fi", "sv"])
    factories.make_service_page(section, title="Beeta", sub_themes=[skills], target_groups=[firms, towns], languages=["en"])

    def shown(query):
        text = text_at(client, f"{section.url}{query}")
        return {title for title in ("Alfa", "Beeta") if title in text}

    assert shown("") == shown("?region=06") == shown("?target_group=firms") == {"Alfa", "Beeta"}
    assert shown("?region=15") == shown("?language=en") == shown("?sub_theme=skills") == shown("?target_group=towns") == {"Beeta"}
    assert shown("?language=sv&target_group=firms&sub_theme=health") == {"Alfa"}
    assert shown("?language=nothing") == set()
    text = text_at(client, f"{section.url}?language=sv")
    assert "1 palvelu" in text
    assert 'href="?language=sv&amp;target_group=firms"' in text


def test_an_empty_section_says_what_would_be_here(client, section):
    assert "Palveluja ei ole vielä kuvattu" in text_at(client, section.url)


def test_what_is_missing_is_said_at_its_field(section):
    for values, field in (({"phone": "soita"}, "phone"), ({"languages": []}, "languages")):
        with pytest.raises(ValidationError) as refused:
            factories.make_service_page(section, **values)
        assert list(refused.value.message_dict) == [field]
    for values, code in (({"is_free": False}, "price"), ({"price": "10 €"}, "price"), ({"email": ""}, "access")):
        with pytest.raises(NotPublishable) as refusal:
            factories.make_service_page(section, **values)
        assert [finding.code for finding in refusal.value.findings] == [f"service.{code}"]


def test_the_staff_look_at_services_once_a_year(client, section, cast):
    page = factories.make_service_page(section, title="Muutosneuvonta")
    factories.make_service_page(section, title="Työnimupaja")
    checks = reverse("service_report")
    staff = cast.enter(Role.COMMUNICATIONS)
    assert "Kaikki palvelut on tarkistettu vuoden sisällä" in staff.get(checks).content.decode()
    assert "Muutosneuvonta" in staff.get(f"{checks}?which=all").content.decode()
    with time_machine.travel(timezone.now() + A_YEAR):
        client.logout()
        assert "on tarkistettu viimeksi" in text_at(client, page.url)
        staff = cast.enter(Role.COMMUNICATIONS)
        waiting = staff.get(checks).content.decode()
        assert "Muutosneuvonta" in waiting
        assert "Työnimupaja" in waiting
        look = reverse("service_check", args=[page.pk])
        assert "a@example.org" in staff.get(look).content.decode()
        for _ in range(2):
            assert staff.post(look).status_code == 302
        # The first look is told that it was written down.
        assert "”Muutosneuvonta” on tarkistettu." in staff.get(checks).content.decode()
        assert "Muutosneuvonta" not in staff.get(checks).content.decode()
        newest, first = page.checks.all()
        assert (newest.by, newest.checked_on) == (cast.user(Role.COMMUNICATIONS), timezone.localdate())
        assert first.checked_on < newest.checked_on
        client.logout()
        assert "on tarkistettu viimeksi" not in text_at(client, page.url)


@pytest.mark.parametrize("role", [None, Role.PROJECTS])
def test_others_do_not_check_services(section, cast, role):
    page = factories.make_service_page(section)
    outsider = cast.enter(role)
    for address in (reverse("service_report"), reverse("service_check", args=[page.pk])):
        assert outsider.get(address).status_code in {302, 403}
    outsider.post(reverse("service_check", args=[page.pk]))
    assert page.checks.get().by is None


def test_publishing_again_is_no_look(section):
    page = factories.make_service_page(section)
    with time_machine.travel(timezone.now() + A_YEAR):
        page.save_revision().publish()
        assert ServiceCheck.objects.count() == 1
        check_service(page, by=None)
        assert ServiceCheck.objects.count() == 2
