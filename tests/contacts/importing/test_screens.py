"""A coordinator brings a file in the admin: maps it, mends it, decides on duplicates, and takes it back."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from base.roles import Role
from base.tasks import in_this_process
from contacts import notes, people, purposes
from contacts.importing import actions
from contacts.models import ContactImport, Person
from contacts.models import Role as Post
from tests import factories
from themes.models import TeamMember, Theme
from themes.teams import put_into_teams

MESSY = """Messujen osallistujat;;;;
Etunimi;Sukunimi;Sposti;Työpaikka;Muuta;Alkaa
Aino;Häkkinen;aino@example.org;Kuusiharju Oy;;1.3.2026
Bertta;Salo;bertta(at)example.org;Satama Ab;;31.2.2026
Aino;Hakkinen;toinen@example.org;Kuusiharju Oy;;
;;;Satama Ab;;
"""


@pytest.fixture
def theme(db):
    return factories.make_theme()


@pytest.fixture
def kaisa(cast, theme):
    return cast.enter(Role.COORDINATORS)


def send(kaisa, content=MESSY, **values):
    content = content.encode() if isinstance(content, str) else content
    theme = Theme.objects.order_by("pk").first()
    given = {"source": "Messut 2026", "purpose": purposes.usual(theme, purposes.COOPERATION).pk} | values
    file = SimpleUploadedFile(values.get("name", "lista.csv"), content)
    return kaisa.post(reverse("contacts_import_start"), given | {"theme": theme.pk, "file": file})


def columns_of(kaisa, path):
    return {name: field.value() or "" for name, field in ((bound.name, bound) for bound in kaisa.get(path).context["form"])}


def counts(kaisa, path):
    shown = kaisa.get(path).context
    return shown["coming"], len({problem["row"] for problem in shown["problems"]}), len(shown["duplicates"])


def bring(kaisa, path, capture, **values):
    with in_this_process(), capture(execute=True):
        return kaisa.post(path, columns_of(kaisa, path) | {"bring": "1"} | values)


def test_a_messy_file_is_mended_decided_on_brought_and_taken_back(kaisa, theme, django_capture_on_commit_callbacks):
    known = factories.make_person(theme, first_name="Aino", last_name="Häkkinen", email="aino.h@example.org", city="")
    Post.objects.create(person=known, organisation=factories.make_organisation(theme, name_fi="Kuusiharju Oy"))
    path = send(kaisa)["Location"]
    assert counts(kaisa, path) == (0, 2, 2)
    # Mended where they stand: nothing else is lost.
    typed = columns_of(kaisa, path) | {"look": "1", "cell-4-2": "bertta@example.org", "cell-4-5": "ei päivä", "choice-3": str(known.pk)}
    kaisa.post(path, typed)
    shown = kaisa.get(path).content.decode()
    assert 'value="ei päivä"' in shown
    assert 'value="bertta@example.org"' not in shown
    kaisa.post(path, columns_of(kaisa, path) | {"look": "1", "cell-4-5": "1.4.2026", "cell-6-0": "Cia", "choice-5": "another"})
    assert counts(kaisa, path) == (4, 0, 2)
    assert Person.objects.count() == 1
    answer = bring(kaisa, path, django_capture_on_commit_callbacks)
    assert answer["Location"] == path
    found = ContactImport.objects.get()
    assert (found.created, found.known, found.refused, found.doubled, found.content, found.looked) == (3, 1, 0, 0, None, None)
    assert (found.mended, found.choices, found.heading) == ({}, {}, [])
    bertta = Person.objects.get(first_name="Bertta")
    assert (bertta.email, bertta.sources(), bertta.roles.get().starts.isoformat()) == ("bertta@example.org", "Messut 2026", "2026-04-01")
    assert {point.value for point in known.contact_points.all()} == {"aino@example.org"}
    assert Person.objects.get(email="toinen@example.org").last_name == "Hakkinen"
    listing = reverse("wagtailsnippets_contacts_person:list")
    assert len(kaisa.get(f"{listing}?brought_by={found.pk}").context["object_list"]) == 3
    # A note on one, and all is taken back.
    notes.add_note(bertta, "Tavattu", by=None)
    undo = reverse("contacts_import_undo", args=[found.pk])
    assert kaisa.get(undo).status_code == 200
    assert Person.objects.count() == 4
    with in_this_process(), django_capture_on_commit_callbacks(execute=True):
        kaisa.post(undo)
    assert set(Person.objects.values_list("pk", flat=True)) == {known.pk, bertta.pk}
    assert not known.contact_points.exists()
    kept = kaisa.get(path).context["kept"]
    assert [one["name"] for one in kept] == ["Bertta Salo"]
    assert "muistiinpano" in kept[0]["reasons"].lower()
    assert kaisa.get(undo).status_code == 200


def test_columns_are_chosen_and_remembered(kaisa, theme, django_capture_on_commit_callbacks):
    sheet = "Kuka;Mistä\nAino Häkkinen;Kuusiharju Oy\n"
    path = send(kaisa, sheet)["Location"]
    assert "coming" not in kaisa.get(path).context
    refused = kaisa.post(path, {"column-0": "name", "column-1": "name", "look": "1"})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"column-1"}
    assert kaisa.post(path, {"column-0": "", "column-1": "organisation", "look": "1"}).status_code == 422
    # What was not looked at with these columns is looked at first.
    bring(kaisa, path, django_capture_on_commit_callbacks, **{"column-0": "name", "column-1": "organisation"})
    assert not Person.objects.exists()
    bring(kaisa, path, django_capture_on_commit_callbacks)
    assert Person.objects.get().last_name == "Häkkinen"
    again = send(kaisa, "KUKA;Mistä\nÅke Öström;Satama\n")["Location"]
    assert kaisa.get(again).context["coming"] == 1
    assert columns_of(kaisa, again) == {"column-0": "name", "column-1": "organisation"}


def test_a_file_with_no_heading_and_one_with_titles(kaisa, theme):
    for content, coming in (("Aino;Häkkinen;aino@example.org\n", 0), ("Lista 2026;;\n\nNimi;Email\nAino Häkkinen;aino@example.org\n", 1)):
        path = send(kaisa, content)["Location"]
        assert kaisa.get(path).context.get("coming", 0) == coming


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 none", b"\x00\x01\x02" * 999, b"email\n"])
def test_a_file_that_is_none_is_told_at_its_field(kaisa, theme, content):
    answer = send(kaisa, content)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"file"}
    assert answer.context["form"]["source"].value() == "Messut 2026"
    assert not ContactImport.objects.exists()


def test_why_they_may_be_held_is_asked_for(kaisa, theme):
    answer = send(kaisa, source="", purpose="")
    assert set(answer.context["form"].errors) == {"source", "purpose"}


def test_who_may_not_add_people_brings_none(cast, theme, kaisa):
    path = send(kaisa)["Location"]
    number = ContactImport.objects.get().pk
    for role in (Role.COMMUNICATIONS, Role.ORGANISERS):
        other = cast.enter(role)
        for name in ("contacts_imports", "contacts_import_start"):
            assert other.get(reverse(name)).status_code in (302, 403)
        for name in ("contacts_import", "contacts_import_undo", "contacts_import_left_out"):
            assert other.get(reverse(name, args=[number])).status_code in (302, 403)
        assert other.post(path, {"bring": "1"}).status_code in (302, 403)
    assert not ContactImport.objects.exclude(asked_at=None).exists()


def test_an_import_of_another_theme_is_not_there(cast, theme, kaisa):
    send(kaisa)
    other = ContactImport.objects.get()
    put_into_teams(user=cast.user(Role.COORDINATORS), places=[(factories.make_theme().pk, TeamMember.Part.COORDINATORS)])
    for name in ("contacts_import", "contacts_import_undo", "contacts_import_left_out"):
        assert kaisa.get(reverse(name, args=[other.pk])).status_code == 404
    assert kaisa.post(reverse("contacts_import_undo", args=[other.pk])).status_code == 404


def test_a_choice_that_was_not_offered_is_none(cast, kaisa, theme, django_capture_on_commit_callbacks):
    put_into_teams(user=cast.user(Role.COORDINATORS), places=[(theme.pk, TeamMember.Part.COORDINATORS)])
    stranger = factories.make_person(factories.make_theme(), first_name="", last_name="Outo", email="outo@example.org")
    known = factories.make_person(theme, first_name="Aino", last_name="Häkkinen", email="", city="")
    Post.objects.create(person=known, organisation=factories.make_organisation(theme, name_fi="Kuusiharju Oy"))
    path = send(kaisa, "Etunimi;Sukunimi;Organisaatio;Kunta\nAino;Häkkinen;Kuusiharju Oy;Vaasa\n")["Location"]
    bring(kaisa, path, django_capture_on_commit_callbacks, **{"choice-2": str(stranger.pk)})
    assert ContactImport.objects.get().doubled == 1
    stranger.refresh_from_db()
    assert stranger.city != "Vaasa"


def test_a_worker_that_died_brings_no_row_twice(kaisa, theme, monkeypatch):
    sheet = "Sukunimi;Organisaatio\n" + "".join(f"Salo{number};Firma {number % 3}\n" for number in range(10))
    path = send(kaisa, sheet)["Location"]
    monkeypatch.setattr(actions, "BATCH", 4)
    kaisa.post(path, columns_of(kaisa, path) | {"bring": "1"})
    bringing = ContactImport.objects.get()
    assert bringing.is_on_its_way
    shown = kaisa.get(path).context
    assert (shown["done"], shown["whole"]) == (0, 10)
    calls = []

    def die(self, verdicts):
        if calls:
            raise KeyboardInterrupt
        calls.append(verdicts)
        return write(self, verdicts)

    write = actions.Writer.write
    monkeypatch.setattr(actions.Writer, "write", die)
    with pytest.raises(KeyboardInterrupt):
        actions.go_on(bringing.pk)
    assert Person.objects.count() == 4
    monkeypatch.setattr(actions.Writer, "write", write)
    actions.go_on_with_all()
    actions.go_on(bringing.pk)
    assert Person.objects.count() == 10
    bringing.refresh_from_db()
    assert (bringing.created, bringing.rows, bringing.organisations, bringing.content) == (10, 10, 3, None)


def test_what_is_taken_back_on_its_way_stays_away(kaisa, theme, monkeypatch):
    path = send(kaisa, "Sukunimi\nSalo\nLehto\n")["Location"]
    kaisa.post(path, columns_of(kaisa, path) | {"bring": "1"})
    bringing = ContactImport.objects.get()
    kaisa.post(reverse("contacts_import_undo", args=[bringing.pk]))
    actions.go_on(bringing.pk)
    assert not Person.objects.exists()
    bringing.refresh_from_db()
    assert bringing.content is None


def test_files_are_not_kept(kaisa, theme):
    send(kaisa)
    ContactImport.objects.update(began_at=timezone.now() - timedelta(hours=23))
    actions.forget_files()
    assert ContactImport.objects.exists()
    ContactImport.objects.update(began_at=timezone.now() - timedelta(hours=25))
    actions.forget_files()
    assert not ContactImport.objects.exists()
    path = send(kaisa)["Location"]
    kaisa.post(path, {"forget": "1"})
    assert not ContactImport.objects.exists()


def test_who_is_erased_does_not_wait_in_a_file(kaisa, theme):
    person = factories.make_person(theme, first_name="Aino", last_name="Häkkinen", email="muu@example.org")
    send(kaisa, "Etunimi;Sukunimi\nÅke;Öström\n")
    path = send(kaisa)["Location"]
    assert "contacts.ContactImport" in people.export_person(person)
    people.erase_person(person)
    # The file of others is left alone.
    assert [row.content is None for row in ContactImport.objects.order_by("pk")] == [False, True]
    assert "Häkkinen" not in str(list(ContactImport.objects.values_list("looked", "mended", "heading")))
    assert kaisa.get(path).status_code == 200


def test_rows_with_errors_are_taken_along(kaisa, theme):
    path = send(kaisa, 'Sukunimi;Email\n"=HYPERLINK(""http://evil.example"")";a@example.org\nSalo;ei\n')["Location"]
    taken = kaisa.get(f"{path}left-out.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(taken), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["2", "3"]
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_duplicates_beside_the_register_ask_no_more_for_more(kaisa, theme):
    def asked(number):
        lines = ""
        for row in range(number):
            name = f"Nimi{'abcdefghijklmnopqrstuvwxyz'[row]}xyz"
            person = factories.make_person(theme, first_name="Aino", last_name=name, email="")
            body = factories.make_organisation(theme)
            Post.objects.create(person=person, organisation=body)
            lines += f"Aino;{name};{body.name_fi}\n"
        path = send(kaisa, f"Etunimi;Sukunimi;Organisaatio\n{lines}")["Location"]
        kaisa.get(path)
        with CaptureQueriesContext(connection) as found:
            assert kaisa.get(path).context["duplicates"]
        return len(found)

    assert asked(20) <= asked(2) + 1


def test_signs_and_lengths_that_no_database_takes_are_errors_of_their_cell(kaisa, theme, django_capture_on_commit_callbacks):
    long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 30}.example"
    path = send(kaisa, f"Etunimi;Sukunimi;Sähköposti\0\nAi\0no;Häkkinen;\nBo;Berg;{long}\nCia;Dal;cia@example.org\n")["Location"]
    assert counts(kaisa, path) == (1, 2, 0)
    kaisa.post(path, columns_of(kaisa, path) | {"look": "1", "cell-2-0": "Ai\0no"})
    assert counts(kaisa, path) == (2, 1, 0)
    bring(kaisa, path, django_capture_on_commit_callbacks)
    assert set(Person.objects.values_list("first_name", flat=True)) == {"Aino", "Cia"}
