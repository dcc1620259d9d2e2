"""Files of every kind: vCards of three versions, merged cells, titles, and whom rows may be."""

from __future__ import annotations

import io
import tracemalloc

import openpyxl
import pytest

from base.spreadsheets import Unreadable
from contacts import purposes
from contacts.importing import actions, cards, reading
from contacts.models import ContactImport, ContactPoint, Organisation, Person
from contacts.models import Role as Post
from tests import factories

NEW = """BEGIN:VCARD
VERSION:4.0
FN:Åke Öström
N:Öström;Åke;;;
item1.EMAIL;PREF=2:toinen@example.org
item2.EMAIL;PREF=1:ake@example.org
ORG:Kuusiharju Oy;Talous
TITLE:Johtaja\\, varalla
TEL;VALUE=uri;TYPE="voice,cell":tel:+358-40-1234567
ADR:;;Katu 1;Vaasa;;65100;Suomi
LANG:sv-FI
CATEGORIES:Messut,Uusi
NOTE:Pitkä muistiin
 pano
REV:20200101T000000Z
END:VCARD
"""
OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:H=E4kkinen;Aino
EMAIL;INTERNET:aino@example.org
TEL;WORK;VOICE:040 123 4567
PHOTO;JPEG;ENCODING=BASE64:
/9j/4AAQSkZJRg==
AAAA

ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=84ij=C3=A4 =
Oy
END:VCARD
"""


@pytest.fixture
def theme(db):
    return factories.make_theme()


def bring(theme, content, name="lista", **options):
    content = content.encode() if isinstance(content, str) else content
    return actions.bring(
        reading.take(io.BytesIO(content)),
        theme=theme,
        file_name=name,
        why=actions.Why("messulista", purposes.usual(theme, purposes.COOPERATION)),
        **options,
    )


def workbook(*rows, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(held := io.BytesIO())
    return held.getvalue()


# ---- vCards
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cards_of_three_versions_in_one_file(theme, end):
    report = bring(theme, (NEW + OLD + "BEGIN:VCARD\nVERSION:3.0\nFN:Siiri Salo\nEND:VCARD\n").replace("\n", end))
    assert (report.bringing.created, report.problems) == (3, [])
    ake, aino, siiri = Person.objects.order_by("pk")
    assert (ake.last_name, ake.email, ake.city, ake.language) == ("Öström", "ake@example.org", "Vaasa", "sv")
    assert set(ake.contact_points.values_list("value", flat=True)) == {"toinen@example.org", "+358-40-1234567"}
    unit = ake.roles.get().organisation
    assert (unit.name_fi, unit.parent.name_fi, ake.roles.get().title) == ("Talous", "Kuusiharju Oy", "Johtaja, varalla")
    assert set(ake.tags.values_list("name", flat=True)) == {"Messut", "Uusi"}
    assert (aino.first_name, aino.last_name, aino.roles.get().organisation.name_fi) == ("Aino", "Häkkinen", "Äijä Oy")
    assert (siiri.first_name, siiri.last_name) == ("Siiri", "Salo")
    assert {"NOTE", "UID"} <= set(report.left)


def test_a_fold_may_divide_a_letter(theme):
    name = "Ö".encode()
    bring(theme, b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:" + name[:1] + b"\r\n " + name[1:] + "ström;Åke;;;\r\nEND:VCARD\r\n".encode())
    assert Person.objects.get().last_name == "Öström"


def test_a_broken_card_costs_itself_alone(theme):
    report = bring(theme, "BEGIN:VCARD\nVERSION:3.0\nN:Salo;Siiri;;;\n" + OLD + "BEGIN:VCARD\nFN:kesken\n")
    assert (report.bringing.created, report.bringing.refused) == (1, 2)
    assert [problem.row for problem in report.problems] == [1, 3]


@pytest.mark.parametrize("fold", [True, False])
def test_a_picture_of_twenty_megabytes_stays_behind(fold):
    line = b"A" * 74
    picture = (b"\r\n ".join([line] * 270_000)) if fold else b"A" * 20_000_000
    content = NEW.encode().replace(b"NOTE:", b"PHOTO;ENCODING=b;TYPE=JPEG:" + picture + b"\r\nNOTE:")
    file = io.BytesIO(content)
    tracemalloc.start()
    kept = reading.take(file, most=100_000)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
    assert kept == NEW.encode().replace(b"NOTE:", b"NOTE:")
    assert [line.cells[0] for line in cards.lines(kept)] == ["last_name", "Öström"]


def test_cards_in_utf_16_and_a_card_of_an_organisation(theme):
    body = "BEGIN:VCARD\nVERSION:3.0\nN:;;;;\nFN:Firma Oy\nORG:Firma Oy;\nEMAIL:info@firma.example\nEND:VCARD\n"
    bring(theme, (NEW + body).encode("utf-16"))
    assert set(Person.objects.values_list("last_name", "email")) == {("Öström", "ake@example.org"), ("", "info@firma.example")}


def test_a_file_that_is_too_large_says_so():
    with pytest.raises(Unreadable):
        reading.take(io.BytesIO(b"a;b\n" * 1000), most=1000)
    with pytest.raises(Unreadable):
        reading.take(io.BytesIO(NEW.encode() * 10), most=1000)


# ---- units
def card(name, org):
    return f"BEGIN:VCARD\nVERSION:4.0\nN:{name};Eka;;;\nORG:{org}\nEND:VCARD\n"


def tree():
    return {body.name_fi: body.parent and body.parent.name_fi for body in Organisation.objects.select_related("parent")}


def test_units_of_cards_stand_below_what_they_are_a_part_of_and_go_again(theme):
    cards_of = card("Salo", "Kuusiharju Oy;Talous;Palkat") + card("Berg", "KUUSIHARJU OY;talous") + card("Ek", "Satama Ab;Talous")
    report = bring(theme, cards_of)
    assert sorted(Organisation.objects.values_list("name_fi", "parent__name_fi"), key=str) == [
        ("Kuusiharju Oy", None), ("Palkat", "Talous"), ("Satama Ab", None), ("Talous", "Kuusiharju Oy"), ("Talous", "Satama Ab"),
    ]  # fmt: skip
    assert report.bringing.organisations == 5
    where = {role.person.last_name: (role.organisation.name_fi, role.organisation.parent.name_fi) for role in Post.objects.all()}
    assert where == {"Salo": ("Palkat", "Talous"), "Berg": ("Talous", "Kuusiharju Oy"), "Ek": ("Talous", "Satama Ab")}
    assert bring(theme, cards_of, dry_run=True).bringing.doubled == 3
    # Found again: nothing is made twice.
    more = bring(theme, card("Dal", "Satama Ab;Talous") + card("Holm", "Talous"))
    assert (more.bringing.organisations, Organisation.objects.filter(name_fi="Talous", parent=None).count()) == (1, 1)
    actions.undoing.undo(more.bringing)
    actions.undoing.undo(report.bringing)
    assert not Organisation.objects.exists()


def test_a_unit_below_an_organisation_that_is_there(theme):
    body = factories.make_organisation(theme, name_fi="Kuusiharju Oy")
    report = bring(theme, "Sukunimi;Organisaatio;Yksikkö\nSalo;Kuusiharju Oy;Talous; \nBerg;;Talous\n")
    assert tree() == {"Kuusiharju Oy": None, "Talous": "Kuusiharju Oy"}
    assert [(problem.row, problem.heading) for problem in report.problems] == [(3, "Yksikkö")]
    actions.undoing.undo(report.bringing)
    assert list(Organisation.objects.all()) == [body]


def test_a_unit_with_people_of_their_own_stays_with_what_is_above_it(theme):
    report = bring(theme, card("Salo", "Kuusiharju Oy;Talous"))
    mine = factories.make_person(theme, first_name="Oma")
    Post.objects.create(person=mine, organisation=Organisation.objects.get(name_fi="Talous"))
    actions.undoing.undo(report.bringing)
    assert tree() == {"Talous": "Kuusiharju Oy", "Kuusiharju Oy": None}


def test_who_works_in_a_unit_works_in_the_organisation(theme, aino):
    assert bring(theme, "Etunimi;Sukunimi;Organisaatio;Yksikkö\nAino;Häkkinen;Kuusiharju Oy;Talous\n", dry_run=True).bringing.doubled == 1


# ---- workbooks
def test_merged_cells_count_for_each_row_and_titles_are_passed_over(theme):
    rows = (
        ["Osallistujat 2026", None, None, None],
        ["Nimi", "Organisaatio", "Email", "Email"],
        ["Aino Häkkinen", "Kuusiharju Oy", "aino@example.org", None],
        ["Åke Öström", None, "ake@example.org", "ake2@example.org"],
        ["Toinen ryhmä", None, None, None],
        ["Siiri Salo", "Satama Ab", "siiri@example.org", None],
    )
    report = bring(theme, workbook(*rows, merged=("A1:D1", "B3:B4", "A5:D5")))
    assert set(Post.objects.values_list("person__last_name", "organisation__name_fi")) == {
        ("Häkkinen", "Kuusiharju Oy"), ("Öström", "Kuusiharju Oy"), ("Salo", "Satama Ab"),
    }  # fmt: skip
    assert [(problem.row, problem.value) for problem in report.problems] == [(5, "Toinen ryhmä")]


def test_a_heading_in_two_rows(theme):
    rows = (["Nimi", "Yhteystiedot", None], [None, "Email", "Puhelin"], ["Aino Häkkinen", "aino@example.org", "040 1234567"])
    bring(theme, workbook(*rows, merged=("A1:A2", "B1:C1")))
    assert Person.objects.get().last_name == "Häkkinen"
    assert ContactPoint.objects.get().value == "040 1234567"


def test_formulas_without_results_are_told(theme):
    with pytest.raises(Unreadable):
        bring(theme, workbook(["Nimi", "Email"], ["Aino Häkkinen", '=CONCAT("aino","@example.org")']))
    assert not ContactImport.objects.exists()


# ---- whom a row may be
@pytest.fixture
def aino(theme):
    person = factories.make_person(theme, first_name="Aino", last_name="Häkkinen", email="aino@example.org")
    Post.objects.create(person=person, organisation=factories.make_organisation(theme, name_fi="Kuusiharju Oy"))
    ContactPoint.objects.create(person=person, medium="phone", value="+358 40 1234567")
    return person


@pytest.mark.parametrize(
    ("row", "is_like"),
    [
        ("Aino;Häkkinen;;;Kuusiharju Oy", True),
        ("Aino;Hakkinnen;;;Kuusiharju Oy", True),
        ("Anio;Häkkinen;;;kuusiharju oy", True),
        ("Häkkinen;Aino;;;Kuusiharju Oy", True),
        ("Aino;Häkkinen;;040 123 4567;Satama Ab", True),
        ("Aino;Häkkinen;;;", True),
        ("Bo;Berg;aino@example.org;;", True),
        ("Aino;Häkkinen;;;Satama Ab", False),
        ("Aino;Virtanen;;;Kuusiharju Oy", False),
        ("Bo;Berg;;040 123 4567;Satama Ab", False),
        ("Aino;Häkkinen;toinen@example.org;;", False),
    ],
)
def test_somebody_who_may_be_there_already(theme, aino, row, is_like):
    report = bring(theme, f"Etunimi;Sukunimi;Email;Puhelin;Organisaatio\n{row}\n", dry_run=True)
    assert [found.person for found in report.duplicates] == [aino.pk] * is_like
    assert report.bringing.created == (not is_like)


def test_a_shared_number_says_nothing(theme, aino):
    for number in range(4):
        other = factories.make_person(theme, first_name=f"N{number}", last_name=f"M{number}", email="")
        ContactPoint.objects.create(person=other, medium="phone", value="0401234567")
    report = bring(theme, "Etunimi;Sukunimi;Puhelin;Organisaatio\nAino;Häkkinen;040 1234567;Satama Ab\n", dry_run=True)
    assert report.bringing.created == 1


def test_rows_of_one_file_that_are_one_person(theme):
    heading = "Tunnus;Etunimi;Sukunimi;Email;Organisaatio;Kunta\n"
    sheet = f"{heading}1;Aino;Häkkinen;;Kuusiharju Oy;\n1;;;aino@example.org;;Vaasa\n;Ainoo;Häkkinen;;Kuusiharju Oy;\n"
    report = bring(theme, sheet)
    assert (report.bringing.created, report.bringing.known, report.bringing.doubled) == (1, 1, 1)
    aino = Person.objects.get()
    assert (aino.email, aino.city) == ("aino@example.org", "Vaasa")
    assert Organisation.objects.count() == 1


def test_a_filled_in_address_is_taken_back(theme):
    aino = factories.make_person(theme, first_name="Aino", last_name="Häkkinen", email="", external_id="1")
    report = bring(theme, "Tunnus;Email\n1;aino@example.org\n1;toinen@example.org\n")
    aino.refresh_from_db()
    assert aino.email == "aino@example.org"
    actions.undoing.undo(report.bringing)
    aino.refresh_from_db()
    assert (aino.email, aino.contact_points.count(), Person.objects.count()) == ("", 0, 1)


def test_a_workbook_that_breaks_on_the_way_brings_nothing(theme, monkeypatch):
    def breaking(content, bringing):
        yield from list(rows(content, bringing))
        raise Unreadable("broken")

    rows = reading.rows
    monkeypatch.setattr(actions.reading, "rows", breaking)
    with pytest.raises(Unreadable):
        bring(theme, "Sukunimi;Organisaatio\nSalo;Satama\n")
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()
    assert not ContactImport.objects.exists()
