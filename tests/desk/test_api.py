"""The public API: what it gives and what it never gives, paging, caching, errors; and its own description, held by schemathesis."""

from __future__ import annotations

import os
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import schemathesis
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from wagtail.models import PageViewRestriction

from base.roles import Role
from desk.api import guarding
from desk.api.endpoints import description
from pages.models import PracticePage, ResultPage
from tests import factories
from themes.models import Practice, Region, Scope

# `API_EXAMPLES=500` looks longer.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "12"))
KINDS = ("stories", "results", "practices", "projects", "services", "events")


@pytest.fixture(scope="module")
def made_world(made_home, made_section):
    """One of each kind."""
    theme = made_home.theme
    topic, region = factories.make_sub_theme(theme, key="osaaminen"), Region.objects.get(code="06")
    story = factories.make_story(made_section, title="Juttu rajapinnasta", sub_themes=[topic], regions=[region])
    words = {"lead": "Ingressi", "body": [("paragraph", "<p>Teksti</p>")]}
    result = factories.publish(ResultPage(title="Tulos", slug="tulos", finding="Löydös", evidence="Näyttö", **words), made_section)
    told = dict.fromkeys(("problem", "how_it_works", "who_has_used", "how_to_start"), "<p>Teksti</p>")
    practice = Practice.objects.create(theme=theme, key="tapa", name_fi="Tapa")
    factories.publish(PracticePage(title="Käytäntö", slug="kaytanto", lead="Ingressi", practice=practice, **told), made_section)
    project = factories.make_project_page(factories.make_projects_page(made_home))
    project.project.regions.add(region)
    factories.make_service_page(factories.make_services_page(made_home), regions=[region])
    calendar = factories.make_events_page(made_home)
    factories.make_event_page(calendar)
    return {"story": story, "result": result, "calendar": calendar, "region": region, "topic": topic}


@pytest.fixture
def world(home, section, made_world):
    cache.clear()
    return made_world


def listed(client, kind, **asked):
    answer = client.get(f"/api/v1/{kind}", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def titles(client, kind, **asked):
    return [item["title"] for item in listed(client, kind, **asked)["items"]]


# ---- what it gives
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_list_and_one_of_it(world, client, kind):
    [item] = listed(client, kind)["items"]
    answer = client.get(f"/api/v1/{kind}/{item['id']}")
    assert answer.status_code == 200
    one = answer.json()
    assert {name: one[name] for name in item} == item
    assert isinstance(one["html"], str)
    assert client.get(urlsplit(item["url"]).path).status_code == 200


def test_facts_stand_as_the_page_has_them(world, client):
    [story] = listed(client, "stories")["items"]
    assert (story["sub_themes"], story["regions"], story["language"]) == (["osaaminen"], ["06"], "fi")
    [project] = listed(client, "projects")["items"]
    assert (project["regions"], project["kind"], project["total_cost_eur"]) == (["06"], "regional", "100000.00")
    [event] = listed(client, "events")["items"]
    assert len(event["dates"]) == 1
    [practice] = listed(client, "practices")["items"]
    assert (practice["practice"], practice["stage"]) == ("tapa", "identified")


# ---- what it never gives
def test_drafts_restricted_pages_and_internal_events_are_not_there(world, client, section):
    factories.make_story_draft(section, title="Luonnos")
    closed = factories.make_story(section, title="Rajattu")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    inside = factories.make_event_page(world["calendar"], title="Sisäinen", scope=Scope.INTERNAL)
    assert titles(client, "stories") == ["Juttu rajapinnasta"]
    assert "Sisäinen" not in titles(client, "events")
    for kind, page in (("stories", closed), ("events", inside)):
        assert client.get(f"/api/v1/{kind}/{page.translation_key}").status_code == 404


def test_whoever_is_signed_in_gets_the_same_and_no_cookie(world, client, cast):
    before = client.get("/api/v1/stories")
    after = cast.enter(Role.ADMINISTRATORS).get("/api/v1/stories")
    assert before.content == after.content
    assert not before.cookies
    assert not after.cookies


def test_a_page_that_is_not_translated_is_left_out(world, client):
    assert titles(client, "stories", language="sv") == []
    assert client.get(f"/api/v1/stories/{world['story'].translation_key}", {"language": "sv"}).status_code == 404


# ---- narrowing and paging
def test_lists_are_narrowed(world, client, section):
    factories.make_story(section, title="Koko maa")
    factories.make_story(section, title="Muualla", regions=[Region.objects.exclude(code="06").first()])
    assert set(titles(client, "stories", region="06")) == {"Juttu rajapinnasta", "Koko maa"}
    assert titles(client, "stories", sub_theme="osaaminen") == ["Juttu rajapinnasta"]
    assert len(titles(client, "stories", theme=section.theme.key)) == 3
    assert titles(client, "stories", theme="toinen") == []
    assert titles(client, "projects", region="06") != []
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    assert titles(client, "stories", changed_since=later) == []
    assert len(titles(client, "stories", changed_since="2020-01-01T00:00:00Z")) == 3


def test_pages_follow_each_other_and_nothing_is_missed(world, client, section):
    for number in range(4):
        factories.make_story(section, title=f"Sivu {number}")
    found, address = [], "/api/v1/stories?limit=2"
    while address:
        answer = client.get(address).json()
        found += [item["title"] for item in answer["items"]]
        address = answer["next"] and answer["next"].partition("://")[2].partition("/")[2].join(["/", ""])
    assert found == ["Juttu rajapinnasta", *(f"Sivu {number}" for number in range(4))]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"language": "de"}, "language"), ({"limit": "0"}, "limit"), ({"limit": "1000"}, "limit"), ({"after": "x"}, "after"),
        ({"changed_since": "eilen"}, "changed_since"), ({"region": "Uusimaa"}, "region"), ({"regoin": "06"}, "regoin"), ({"theme": "\x00"}, "theme"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_told_at_its_field(world, client, asked, field):
    answer = client.get("/api/v1/stories", asked)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_outside_of_all_calendars_is_answered(world, client, moment):
    assert client.get("/api/v1/stories", {"changed_since": moment}).status_code == 200


# ---- as programs ask
def test_who_has_it_already_gets_nothing_again(world, client, section):
    one = f"/api/v1/stories/{world['story'].translation_key}"
    for address in ("/api/v1/stories", one):
        answer = client.get(address)
        assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
        assert answer["Last-Modified"]
    assert client.get(one, headers={"if-modified-since": client.get(one)["Last-Modified"]}).status_code == 304
    tag = client.get("/api/v1/stories")["ETag"]
    world["story"].unpublish()
    assert client.get("/api/v1/stories", headers={"if-none-match": tag}).status_code == 200


def test_scripts_of_other_sites_may_read(world, client):
    assert client.get("/api/v1/stories", headers={"origin": "https://muu.example.org"})["Access-Control-Allow-Origin"] == "*"
    asked = {"origin": "https://muu.example.org", "access-control-request-method": "GET"}
    answer = client.options("/api/v1/stories", headers=asked)
    assert (answer.status_code, answer["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")


def test_it_only_reads(world, client):
    answer = client.post("/api/v1/stories", {"title": "x"})
    assert (answer.status_code, answer["Allow"], answer["Content-Type"]) == (405, "GET, HEAD", "application/problem+json")
    head = client.head("/api/v1/stories")
    assert (head.status_code, head.content) == (200, b"")
    assert client.get("/api/v1/persons").json()["status"] == 404


def test_who_asks_too_often_is_told_when_to_come_back(world, client, monkeypatch):
    monkeypatch.setattr(guarding, "RATE", "2/h")
    answers = [client.get("/api/v1/stories") for _count in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "3600"
    assert answers[-1]["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["stories", "events", "projects", "services"])
def test_queries_do_not_grow_with_rows(world, client, home, section, kind):
    makers = {
        "stories": lambda: factories.make_story(section, sub_themes=[world["topic"]], regions=[world["region"]]),
        "events": lambda: factories.make_event_page(world["calendar"]),
        "projects": lambda: factories.make_project_page(home.get_children().type(type(factories.ProjectsPage())).specific().first()),
        "services": lambda: factories.make_service_page(home.get_children().type(factories.ServicesPage).specific().first()),
    }

    def queries():
        with CaptureQueriesContext(connection) as captured:
            listed(client, kind)
        return len(captured)

    queries()
    few = queries()
    for _count in range(4):
        makers[kind]()
    queries()
    assert queries() == few


def test_an_address_that_is_none_is_answered_in_the_shape_of_the_api(db, client):
    for path in ("", "nothing", "projects/1%0A2", "projects/%0A"):
        answer = client.get(f"/api/v1/{path}")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json"), path


# ---- its own description
def test_the_description_is_openapi_3_1_and_names_each_address(world, client):
    made = client.get("/api/v1/openapi.json").json()
    assert made["openapi"] == "3.1.0"
    assert set(made["paths"]) == {f"/api/v1/{kind}{rest}" for kind in KINDS for rest in ("", "/{id}")}


@pytest.mark.parametrize("path", [f"/api/v1/{kind}{rest}" for kind in KINDS for rest in ("", "/{id}")])
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_schemathesis_finds_no_failure(world, monkeypatch, path, mode):
    """Asked as the description says, and as it does not: each answer is as it says."""
    monkeypatch.setattr(guarding, "RATE", "100000000/h")
    # Not `config.wsgi`: it turns the pool of web processes on, which no test that forks would survive.
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())[path]["GET"]
    asked = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        asked.append(case.call_and_validate().status_code)

    ask()
    assert asked
    if mode == GenerationMode.POSITIVE and "{" not in path:
        assert 200 in asked


def test_the_description_speaks_of_problems():
    answers = description()["paths"]["/api/v1/stories"]["get"]["responses"]
    assert set(answers["422"]["content"]) == {"application/problem+json"}
