"""Contacts from files as people have them: what comes, what is told by cell, and what is taken back."""

from __future__ import annotations

import json
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.spreadsheets import Unreadable
from contacts import notes, purposes, search
from contacts.importing import actions, undoing
from contacts.importing.rows import date_of
from contacts.models import ContactImport, ContactPoint, Organisation, Person, Role, Tag
from tests import factories

SHEET = """Tunnus;Etunimi;Sukunimi;Sähköposti;Puhelin;Puhelin;Organisaatio;Titteli;Alkaa;Kunta;Maakunta;Kieli;Tunnisteet;Sukunimi
1;Aino;Häkkinen;aino@example.org;040 123 4567;;Kuusiharju Oy;Johtaja;1.3.2026;Tampere;Pirkanmaa;fi;Messut, Uusi;Vanha
2;Åke;Öström;ake@example.org;;+358 9 1234;kuusiharju oy;;2026-03-01;Vasa;15;sv;messut;
3;Siiri;Salo;;0401234567;;Satama Ab;;;;;;;
"""
BAD = """external_id,first_name,last_name,email,region,starts,phone
1,Aino,Häkkinen,aino@@example.org,,,
2,"=HYPERLINK(""http://evil.example"")",Salo,,,,
3,Bo,Berg,bo@example.org,Narnia,31.2.2026,
4,,,,,,
5,Cia,Dal,cia@example.org,,,soita minulle
6,'=Erikoinen,Ek,ek@example.org,,31/5/2026,+358 40 1
"""


@pytest.fixture
def theme(db):
    return factories.make_theme()


def bring(theme, content, **options):
    content = content.encode() if isinstance(content, str) else content
    why = actions.Why("messulista", purposes.usual(theme, purposes.COOPERATION))
    return actions.bring(content, theme=theme, file_name="lista.csv", why=why, **options)


def told(report):
    return {(problem.row, problem.heading) for problem in report.problems}


def test_a_sheet_with_finnish_headings_comes(theme):
    report = bring(theme, SHEET)
    assert (report.bringing.rows, report.bringing.created, report.bringing.organisations) == (3, 3, 2)
    assert report.left == ["Sukunimi"]
    aino, ake, _siiri = Person.objects.order_by("pk")
    assert (aino.external_id, aino.city, aino.region.name_fi, aino.sources()) == ("1", "Tampere", "Pirkanmaa", "messulista")
    assert (ake.last_name, ake.language, ake.region.code) == ("Öström", "sv", "15")
    assert {role.organisation.name_fi for role in Role.objects.filter(person__in=[aino, ake])} == {"Kuusiharju Oy"}
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {"040 123 4567", "+358 9 1234", "0401234567"}
    assert set(Tag.objects.values_list("name", flat=True)) == {"Messut", "Uusi"}
    assert [found.contact for found in search.find("kuusih hakk")] == [aino]


def test_what_is_wrong_is_told_by_cell_and_the_rest_comes(theme):
    report = bring(theme, BAD)
    assert told(report) == {
        (2, "email"), (3, "first_name"), (4, "region"), (4, "starts"), (5, ""), (6, "phone"),
    }  # fmt: skip
    assert [(problem.column, problem.value) for problem in report.problems if problem.row == 2] == [(4, "aino@@example.org")]
    assert (report.bringing.refused, report.bringing.created) == (5, 1)
    # What an export of ours has marked comes back as it was.
    assert Person.objects.get().first_name == "=Erikoinen"


@pytest.mark.parametrize("cell", ["2026-05-31", "31.5.2026", "31/05/2026", "31-5-2026", "20260531", "46173", "2026-05-31T00:00:00"])
def test_a_day_in_any_form(cell):
    assert date_of(cell).isoformat() == "2026-05-31"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_file_in_any_encoding(theme, encoding):
    bring(theme, SHEET.encode(encoding))
    assert list(Person.objects.order_by("pk").values_list("last_name", flat=True)) == ["Häkkinen", "Öström", "Salo"]


def test_lines_of_two_encodings_in_one_file(theme):
    head, *lines = SHEET.splitlines(keepends=True)
    bring(theme, head.encode() + lines[0].encode("cp1252") + lines[1].encode())
    assert list(Person.objects.order_by("pk").values_list("last_name", flat=True)) == ["Häkkinen", "Öström"]


def test_a_workbook_comes(theme):
    book = openpyxl.Workbook()
    for row in (["Nimi", "Email", "Yritys"], ["Häkkinen, Aino", "Aino <aino@example.org>", "Kuusiharju Oy"], ["Åke Öström", None, "Satama"]):
        book.active.append(row)
    book.save(held := BytesIO())
    bring(theme, held.getvalue())
    assert list(Person.objects.order_by("pk").values_list("first_name", "last_name")) == [("Aino", "Häkkinen"), ("Åke", "Öström")]
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("content", ["", "a;b\n1;2\n", b"\0\1\2" * 500, b"PK\3\4 no workbook"])
def test_a_file_that_is_none_is_refused_whole(theme, content):
    with pytest.raises(Unreadable):
        bring(theme, content)
    assert not ContactImport.objects.exists()


def test_known_people_are_filled_in_and_never_overwritten(theme):
    known = factories.make_person(theme, email="AINO@example.org", first_name="Aino-Liisa", last_name="", city="")
    report = bring(theme, SHEET)
    known.refresh_from_db()
    assert (report.bringing.known, report.bringing.created) == (1, 2)
    assert (known.first_name, known.last_name, known.city, known.sources()) == ("Aino-Liisa", "Häkkinen", "Tampere", "test")
    assert known.roles.count() == 1
    again = bring(theme, SHEET)
    # By number, by address, and by name and organisation.
    assert (again.bringing.known, again.bringing.doubled, again.bringing.created) == (3, 0, 0)
    assert Role.objects.count() == 3


def test_possible_duplicates_are_told_beside_the_existing_person(theme):
    bring(theme, SHEET)
    same = "first_name,last_name,organisation,email\nAINO,Häkkinen,KUUSIHARJU OY,toinen@example.org\n"
    report = bring(theme, same)
    assert [(row.row, row.person_name) for row in report.duplicates] == [(2, "Aino Häkkinen")]
    kept = bring(theme, same, keep_duplicates=True)
    assert kept.bringing.created == 1
    doubled = bring(theme, SHEET, keep_duplicates=True)
    assert doubled.bringing.created == 3
    assert Person.objects.filter(email__iexact="aino@example.org").count() == 1
    assert ContactPoint.objects.filter(value="aino@example.org").exclude(person__email="aino@example.org").count() == 1


def test_of_two_rows_with_one_address_each_keeps_its_number(theme):
    bring(theme, "external_id,last_name,email\n1,Salo,salo@example.org\n2,Saloo,salo@example.org\n2,Salo,\n", keep_duplicates=True)
    assert list(Person.objects.order_by("pk").values_list("external_id", "email")) == [("1", "salo@example.org"), ("2", ""), ("", "")]


def test_a_whole_import_is_taken_back(theme):
    known = factories.make_person(theme, email="aino@example.org", last_name="", city="")
    body = factories.make_organisation(theme, name_fi="Satama Ab")
    before = (Person.objects.values_list("pk", "last_name", "city", "sought").get(), Organisation.objects.count())
    report = bring(theme, SHEET)
    # Meanwhile somebody has written a note on one.
    ake = Person.objects.get(last_name="Öström")
    notes.add_note(ake, "Tavattu", by=None)
    assert undoing.undo(report.bringing) == (1, 1)
    assert undoing.undo(report.bringing) == (0, 0)
    assert set(Person.objects.values_list("pk", flat=True)) == {known.pk, ake.pk}
    assert Person.objects.values_list("pk", "last_name", "city", "sought").get(pk=known.pk) == before[0]
    assert set(Role.objects.values_list("person", flat=True)) == {ake.pk}
    assert Organisation.objects.filter(pk=body.pk).exists()
    assert Organisation.objects.count() == before[1] + 1


def test_the_command(theme, tmp_path):
    file = tmp_path / "lista.csv"
    file.write_text(SHEET + BAD.splitlines()[1].replace(",", ";"), encoding="utf-8")

    def run(*words):
        call_command("import_contacts", *words, "--json", stdout=(out := StringIO()))
        return json.loads(out.getvalue())

    dry = run(str(file), "--dry-run")
    assert (dry["rows"], dry["created"], dry["refused"], dry["import"]) == (4, 3, 1, None)
    assert not Person.objects.exists()
    assert not ContactImport.objects.exists()
    wet = run(str(file))
    assert wet["errors"] == dry["errors"]
    assert Person.objects.count() == 3
    assert run("--undo", str(wet["import"])) == {"removed": 3, "kept": 0}
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()
    with pytest.raises(CommandError):
        call_command("import_contacts", str(tmp_path / "ei.csv"))


def test_a_row_more_is_no_query_more(theme):
    def queries(number):
        lines = "".join(f"Eka{row},Toka{row},e{row}@example.org,Firma {row % 7}\n" for row in range(number))
        with CaptureQueriesContext(connection) as found:
            bring(theme, f"first_name,last_name,email,organisation\n{lines}")
        return len(found)

    queries(10)
    # SQLite takes a statement for some fifty rows.
    assert queries(300) <= queries(10) + 15
