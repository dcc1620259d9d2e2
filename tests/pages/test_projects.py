"""Projects: their pages in three languages, what narrows them, the list of operations, and who may do what."""

from __future__ import annotations

import csv
import io
import json
from copy import deepcopy
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from base.roles import Role
from contacts import people
from contacts.models import Person, ProjectParty
from contacts.people import export_person
from pages.models import ProjectPage, ResultPage
from tests import factories
from themes.models import Project, Region

Part = ProjectParty.Part


@pytest.fixture(scope="module")
def made(shared_db):
    return factories.make_projects_page(factories.make_home(factories.make_theme(key="tyoelama")))


@pytest.fixture
def section(db, made):
    return deepcopy(made)


@pytest.fixture
def home(section):
    return section.get_parent().specific


def party(project, part=Part.BENEFICIARY, **values):
    if "person" not in values:
        values = {"organisation": factories.make_organisation(project.theme, **values)}
    row = ProjectParty(project=project, part=part, **values)
    row.full_clean()
    row.save()
    return row


def translated(page, code, **words):
    other = page.copy_for_translation(Locale.objects.get(language_code=code), copy_parents=True)
    for name, value in words.items():
        setattr(other, name, value)
    other.save_revision().publish()
    return other


def text_at(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.cookies == {}
    return answer.content.decode()


def test_a_project_shows_its_facts_and_parties(client, section):
    facts = {"code": "KT-7", "total_cost_eur": "486000", "cofinancing_rate": "70", "starts": "2023-03-01", "ends": "2026-08-31"}
    project = factories.make_project(section.theme, website="https://hanke.example.org/", intervention_code="144", **facts)
    project.regions.set(Region.objects.filter(code="06"))
    project.sub_themes.add(factories.make_sub_theme(section.theme, name_fi="Työhyvinvointi"))
    party(project, name_fi="Harjuvirta Oy")
    party(project, Part.CONTRACTOR, name_fi="Saimaan Tutkimus Oy")
    party(project, Part.STEERING, name_fi="ELY-keskus")
    text = text_at(client, factories.make_project_page(section, project).url)
    for words in (
        "KT-7",
        "486\xa0000\xa0€",
        "70\xa0%",
        "1. maaliskuuta 2023",
        "31. elokuuta 2026",
        "Harjuvirta Oy",
        "Saimaan Tutkimus Oy",
        "Pirkanmaa",
    ):
        assert words in text, words
    for words in ("ELY-keskus", "Työhyvinvointi", "ESF+", "4.g", "144 ", project.purpose_fi, "hanke.example.org", "Euroopan unionin osarahoittama"):
        assert words in text, words


@pytest.mark.parametrize(
    ("code", "steering", "rate"), [("sv", "Styrgrupp", "Unionens medfinansieringsgrad"), ("en", "Steering group", "Union co-financing rate")]
)
def test_a_project_speaks_its_language(client, section, code, steering, rate):
    project = factories.make_project(section.theme)
    party(project, Part.STEERING, **{f"name_{language}": f"Toimielin {language}" for language in ("fi", "sv", "en")})
    page = translated(factories.make_project_page(section, project), code, title="Annan")
    text = text_at(client, page.url)
    for words in (
        f'<html lang="{code}"',
        steering,
        rate,
        f"Toimielin {code}",
        getattr(project, f"purpose_{code}"),
        getattr(project, f"location_{code}"),
    ):
        assert words in text, words
    assert "Toimielin fi" not in text


def test_what_is_told_of_a_project_stands_on_its_page_and_leads_back(client, home, section):
    project = factories.make_project(section.theme)
    about = factories.make_project_page(section, project)
    place = factories.make_section(home)
    result = factories.publish(ResultPage(title="Tulos", slug="tulos", lead="L", finding="Havainto", evidence="Peruste", project=project), place)
    story = factories.make_story(place, title="Hankkeesta kerrotaan", project=project)
    factories.make_story(place, title="Muusta kerrotaan")
    calendar = factories.make_events_page(home)
    event = factories.make_event_page(calendar, title="Hankkeen tapahtuma", project=project)
    factories.make_event_page(calendar, title="Hankkeen sisäinen", project=project, scope="internal")
    text = text_at(client, about.url)
    for page in (result, story, event):
        assert f'href="{page.url}"' in text
        shown = text_at(client, page.url)
        assert page is event or f'href="{about.url}"' in shown
    assert "Muusta kerrotaan" not in text
    assert "Hankkeen sisäinen" not in text


def test_a_project_whose_page_is_a_draft_is_named_and_not_linked(client, home, section):
    about = factories.make_project_page(section)
    story = factories.make_story(factories.make_section(home), project=about.project)
    about.unpublish()
    text = text_at(client, story.url)
    assert about.project.name in text
    assert about.slug not in text


def test_projects_are_narrowed_by_sub_theme_and_region(client, section):
    health, skills = (factories.make_sub_theme(section.theme, key=key, name_fi=key.title()) for key in ("health", "skills"))
    for title, code, theme in (("Tampereella", "06", health), ("Vaasassa", "15", skills), ("Molempia", "06", skills)):
        project = factories.make_project(section.theme)
        project.regions.set(Region.objects.filter(code=code))
        project.sub_themes.add(theme)
        factories.make_project_page(section, project, title=title)
    factories.make_project_page(section, title="Koko maassa")

    def shown(query):
        text = text_at(client, f"{section.url}{query}")
        return {title for title in ("Tampereella", "Vaasassa", "Molempia", "Koko maassa") if title in text}

    assert len(shown("")) == 4
    # A project of no region concerns the whole country.
    assert shown("?region=06") == {"Tampereella", "Molempia", "Koko maassa"}
    assert shown("?sub_theme=skills") == {"Vaasassa", "Molempia"}
    assert shown("?sub_theme=skills&region=06") == {"Molempia"}
    text = text_at(client, f"{section.url}?region=06")
    assert "3 hanketta" in text
    assert 'href="?region=06&amp;sub_theme=skills"' in text


@pytest.mark.parametrize("query", ["?region=nowhere", "?sub_theme=%00%27--&page=-9", "?page=9999999999", "?region=" + "6" * 5000])
def test_whatever_is_asked_gets_a_page(client, section, query):
    factories.make_project_page(section)
    assert client.get(f"{section.url}{query}").status_code == 200


def test_an_empty_section_says_what_would_be_here(client, section):
    assert "Hankkeilla ei ole vielä sivuja" in text_at(client, section.url)


def test_a_project_has_one_page(section):
    first = factories.make_project_page(section)
    with pytest.raises(ValidationError, match="on jo sivu"):
        factories.make_project_page(section, first.project)
    assert ProjectPage.objects.live().count() == 1


def test_a_project_is_described_to_search_engines(client, section):
    page = factories.make_project_page(section)
    party(page.project, name_fi="Harjuvirta Oy")
    [graph] = [json.loads(part.split("</script>")[0]) for part in text_at(client, page.url).split('<script type="application/ld+json">')[1:]]
    [described] = [part for part in graph["@graph"] if part["@type"] == "Project"]
    assert described["identifier"] == page.project.code
    assert described["member"] == [{"@type": "Organization", "name": "Harjuvirta Oy"}]


def test_the_search_finds_a_project_by_its_beneficiary_and_code(client, section):
    project = factories.make_project(section.theme, code="KT-0777")
    party(project, name_fi="Harjuvirran kehitysyhtiö")
    page = factories.make_project_page(section, project)
    for question in ("kehitysyhtiön", "KT-0777"):
        assert page.title in text_at(client, f"/fi/search/?q={question}"), question


# ---- the list of operations
def read_csv(client, language="fi"):
    answer = client.get(f"/{language}/operations/tyoelama.csv")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


HEADINGS = {
    "fi": ["Toimen koodi", "Toimen nimi", "Tuensaaja", "Toimeksisaaja", "Tarkoitus sekä odotetut tai toteutuneet saavutukset", "Alkamispäivä"],
    "sv": ["Insatsens kod", "Insatsens namn", "Stödmottagare", "Uppdragstagare", "Syfte och förväntade eller faktiska resultat", "Startdatum"],
    "en": [
        "Code of the operation",
        "Name of the operation",
        "Beneficiary",
        "Contractor",
        "Purpose and expected or actual achievements",
        "Start date",
    ],
}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_csv_holds_what_the_article_asks_in_each_language(client, section, language):
    facts = {"code": "KT-1", "total_cost_eur": "1950000.5", "cofinancing_rate": "72.5", "starts": "2022-09-01", "ends": "2027-12-31"}
    project = factories.make_project(section.theme, intervention_code="146", **facts)
    project.regions.set(Region.objects.filter(code__in=("06", "15")))
    party(project, name_fi="Säätiö", name_sv="Stiftelsen", name_en="Foundation")
    party(project, Part.CONTRACTOR, name_fi="Arvioija")
    party(project, Part.STEERING, name_fi="ELY-keskus")
    head, row = read_csv(client, language)
    assert head[:6] == HEADINGS[language]
    beneficiary = {"fi": "Säätiö", "sv": "Stiftelsen", "en": "Foundation"}[language]
    theme = section.theme
    expected = ["KT-1", project.name_fi, beneficiary, "Arvioija", project.purpose_fi, "2022-09-01", "2027-12-31", "1950000,50", "ESF+"]
    expected += [f"4.g {theme.objective_fi}", "72,50", project.location_fi, "FI197 / FI195", "FI", "146", project.intervention_type_fi]
    for name in ("name", "purpose", "location", "intervention_type"):
        expected = [value.replace(getattr(project, f"{name}_fi"), getattr(project, f"{name}_{language}")) for value in expected]
    expected[9] = f"4.g {getattr(theme, f'objective_{language}')}"
    assert row == expected


def test_the_json_holds_the_same_with_numbers_as_numbers(client, section):
    project = factories.make_project(section.theme, total_cost_eur="1950000.5")
    party(project, name_fi="Säätiö")
    made = json.loads(client.get("/sv/operations/tyoelama.json").content)
    assert made["language"] == "sv"
    [operation] = made["operations"]
    assert operation["total_cost_eur"] == 1950000.5
    assert operation["code"] == project.code
    assert operation["beneficiary"] == ["Säätiö"]
    assert operation["starts"] == "2024-01-01"


def test_a_project_without_a_page_is_on_the_list(client, section):
    factories.make_project(section.theme)
    factories.make_project(factories.make_theme())
    assert len(read_csv(client)) == 2


@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(client, section, formula):
    project = factories.make_project(section.theme, name_fi=formula, location_fi=formula)
    party(project, name_fi=formula)
    [_head, row] = read_csv(client)
    assert [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert row[1] == f"'{formula}"


def test_a_cell_keeps_its_separators_and_lines(client, section):
    factories.make_project(section.theme, purpose_fi='Ensin; sitten "heti"\nja lopuksi')
    [_head, row] = read_csv(client)
    assert row[4] == 'Ensin; sitten "heti" ja lopuksi'


def test_a_natural_person_is_named_as_beneficiary_alone_and_for_two_years(client, section):
    project = factories.make_project(section.theme)
    person = factories.make_person(section.theme, first_name="Maija", last_name="Esimerkki")
    party(project, person=person)
    party(project, Part.CONTRACTOR, person=person)
    assert read_csv(client)[1][2:4] == ["Maija Esimerkki", "Luonnollinen henkilö"]
    with time_machine.travel(timezone.now() + timedelta(days=731)):
        assert read_csv(client)[1][2:4] == ["Luonnollinen henkilö", "Luonnollinen henkilö"]


def test_an_erased_person_leaves_the_operation_without_a_name(client, section):
    project = factories.make_project(section.theme)
    person = factories.make_person(section.theme, first_name="Maija", last_name="Esimerkki")
    party(project, person=person)
    assert "contacts.ProjectParty" in export_person(person)
    people.erase_person(person)
    assert read_csv(client)[1][2] == "Luonnollinen henkilö"


def test_merged_people_are_one_party(section):
    project = factories.make_project(section.theme)
    winner, loser = (factories.make_person(section.theme) for _ in range(2))
    for person in (winner, loser):
        party(project, person=person)
    party(project, Part.CONTRACTOR, person=loser)
    people.merge_people(winner=winner, loser=loser)
    assert sorted(ProjectParty.objects.values_list("part", "person")) == [("beneficiary", winner.pk), ("contractor", winner.pk)]


def test_a_party_is_one_of_the_two(section):
    project = factories.make_project(section.theme)
    for values in ({}, {"organisation": factories.make_organisation(section.theme), "person": factories.make_person(section.theme)}):
        with pytest.raises(ValidationError):
            ProjectParty(project=project, **values).full_clean()


def test_the_list_is_not_sent_again_to_who_has_it(client, section):
    factories.make_project(section.theme)
    tag = client.get("/fi/operations/tyoelama.csv")["ETag"]
    assert client.get("/fi/operations/tyoelama.csv", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("path", ["nothing.csv", "tyoelama.xml", "tyoelama.csv/"])
def test_there_is_no_other_list(client, section, path):
    assert client.get(f"/fi/operations/{path}").status_code == 404


def test_the_section_leads_to_the_lists_in_its_language(client, section):
    factories.make_project_page(section)
    assert 'href="/fi/operations/tyoelama.csv"' in text_at(client, section.url)


# ---- checks of the register
@pytest.mark.parametrize(
    ("name", "value"),
    [("ends", "2020-01-01"), ("total_cost_eur", "-1"), ("cofinancing_rate", "101"), ("code", "ei näin"), ("intervention_code", "14")],
)
def test_a_wrong_fact_is_refused_with_its_field(home, name, value):
    with pytest.raises(ValidationError) as refused:
        factories.make_project(home.theme, **{name: value})
    assert list(refused.value.message_dict) == [name]


def test_a_code_is_unique_also_between_themes(home):
    factories.make_project(home.theme, code="KT-1")
    with pytest.raises(ValidationError) as refused:
        factories.make_project(factories.make_theme(), code="KT-1")
    assert list(refused.value.message_dict) == ["code"]


def test_the_database_holds_cost_and_rate(home):
    project = factories.make_project(home.theme)
    with pytest.raises(IntegrityError):
        Project.objects.filter(pk=project.pk).update(cofinancing_rate=101)


# ---- who may do what
KEEPERS = {Role.COORDINATORS, Role.ADMINISTRATORS}
EDITORS = {Role.COMMUNICATIONS, Role.ORGANISERS, Role.ADMINISTRATORS}


@pytest.mark.parametrize("role", [*Role, None])
def test_the_register_is_kept_by_coordinators_and_the_pages_by_editors(cast, section, role):
    page = factories.make_project_page(section)
    row = party(page.project)
    client = cast.enter(role)
    register = [
        reverse(Project.snippet_viewset.get_url_name("edit"), args=[page.project.pk]),
        reverse(ProjectParty.snippet_viewset.get_url_name("edit"), args=[row.pk]),
    ]
    for address in register:
        assert (client.get(address).status_code == 200) == (role in KEEPERS), address
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert (client.get(edit).status_code == 200) == (role in EDITORS)


def test_a_coordinator_gives_a_project_its_party(cast, section):
    project = factories.make_project(section.theme)
    organisation = factories.make_organisation(section.theme)
    address = reverse(ProjectParty.snippet_viewset.get_url_name("add"))
    form = {"project": project.pk, "part": "steering", "organisation": organisation.pk, "person": "", "listed_on": "24.11.2026"}
    assert cast.enter(Role.COORDINATORS).post(address, form).status_code == 302
    assert project.parties.get().organisation == organisation
    assert Person.objects.count() == 0
    assert cast.enter(Role.COMMUNICATIONS).post(address, form).status_code in {302, 403}
    assert project.parties.count() == 1
