"""Open data: the public page in three languages, the workbook, and what the list of operations lacks."""

from __future__ import annotations

import io
import json
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from base.roles import Role
from contacts.models import ProjectParty
from tests import factories
from themes.models import Project


@pytest.fixture
def theme(home):
    return home.theme


def full(theme, **values):
    """A project that lacks nothing."""
    project = factories.make_project(theme, intervention_code="146", **values)
    ProjectParty.objects.create(project=project, organisation=factories.make_organisation(theme, name_fi="Säätiö"))
    return project


def sheet(client, theme, language="fi"):
    answer = client.get(f"/{language}/operations/{theme.key}.xlsx")
    assert answer.status_code == 200
    return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows())


def test_the_workbook_has_numbers_and_days_as_such(client, theme):
    full(theme, total_cost_eur="1950000.5")
    head, row = sheet(client, theme)
    found = {cell.value: value.value for cell, value in zip(head, row, strict=True)}
    assert found["Kokonaiskustannukset, euroa"] == pytest.approx(1950000.5)
    assert isinstance(found["Alkamispäivä"], datetime)
    assert found["Tuensaaja"] == "Säätiö"


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)", "+1"])
def test_no_cell_of_the_workbook_is_a_formula(client, theme, formula):
    full(theme, name_fi=formula)
    [_head, row] = sheet(client, theme)
    assert [cell.value for cell in row if cell.data_type == "f"] == []
    assert row[1].value == formula


def test_the_workbook_is_not_sent_again_to_who_has_it(client, theme):
    project, address = full(theme), f"/fi/operations/{theme.key}.xlsx"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    Project.objects.filter(pk=project.pk).update(total_cost_eur=Decimal(5))
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_the_list_says_when_it_changed(client, theme):
    def changed():
        return json.loads(client.get(f"/fi/operations/{theme.key}.json").content)["changed"]

    assert changed() is None
    project = full(theme)
    first = changed()
    party = project.parties.get()
    party.part = "contractor"
    party.save()
    second = changed()
    party.delete()
    assert first < second < changed()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_page_says_what_there_is_and_under_which_licence(client, theme, home, language):
    if language != "fi":
        home.copy_for_translation(factories.Locale.objects.get(language_code=language)).save_revision().publish()
    full(theme)
    answer = client.get(f"/{language}/open-data/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for form in ("csv", "xlsx", "json"):
        assert f"/{language}/operations/{theme.key}.{form}" in page
    assert "creativecommons.org/licenses/by/4.0/" in page
    assert "/api/v1/openapi.json" in page
    assert "/api/v1/practices?language=" in page
    assert not answer.cookies


# ---- what is lacking
def test_a_project_that_lacks_something_is_told_to_the_staff_and_stands_empty(client, theme, cast):
    whole, short = full(theme), factories.make_project(theme)
    answer = cast.enter(Role.COORDINATORS).get(reverse("desk:operations_report"))
    assert [row["code"] for row in answer.context["rows"]] == [short.code]
    assert answer.context["rows"][0]["lacking"] == ["Tuensaaja", "Toimenpidetyypin koodi"]
    assert whole.code not in [row["code"] for row in answer.context["rows"]]
    [operation] = [row for row in json.loads(client.get(f"/fi/operations/{theme.key}.json").content)["operations"] if row["code"] == short.code]
    assert (operation["beneficiary"], operation["intervention_code"]) == ([], "")


def test_a_list_that_lacks_nothing_says_so(theme, cast):
    full(theme)
    answer = cast.enter(Role.COORDINATORS).get(reverse("desk:operations_report"))
    assert answer.context["rows"] == []


@pytest.mark.parametrize(("role", "status"), [(Role.COMMUNICATIONS, 302), (Role.ORGANISERS, 302), (Role.ADMINISTRATORS, 200), (Role.PROJECTS, 403)])
def test_who_reads_what_is_lacking(theme, cast, role, status):
    assert cast.enter(role).get(reverse("desk:operations_report")).status_code == status


def test_queries_do_not_grow_with_projects(theme, cast):
    staff = cast.enter(Role.COORDINATORS)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(reverse("desk:operations_report")).status_code == 200
        return len(captured)

    full(theme)
    queries()
    few = queries()
    for _count in range(5):
        factories.make_project(theme)
        full(theme)
    assert queries() == few
