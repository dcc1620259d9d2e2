"""What a person does with their own data by the signed link."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
import vobject
from django.utils import translation
from pypdf import PdfReader
from wagtail.models import ModelLogEntry

from base.public_forms import new_token
from base.roles import Role
from contacts import notes, people
from contacts.models import ContactPoint, Person, Tag
from contacts.models import Role as Post
from contacts.privacy import links
from contacts.privacy.vcard import escaped, folded
from mail.models import Delivery
from tests import factories


@pytest.fixture
def person(db):
    theme = factories.make_theme()
    factories.make_home(theme)
    person = factories.make_person(theme, first_name="Aino", last_name="Esimerkki; Öhman, os.", email="aino@example.org", city="Kemi", language="fi")
    body = factories.make_organisation(theme, name_fi="Työ & elämä oy")
    Post.objects.create(person=person, organisation=body, title="Johtaja")
    ContactPoint.objects.create(person=person, value="+358 40 123 4567", kind="mobile")
    notes.add_note(person, "Tavattiin messuilla.", by=None)
    person.tags.add(Tag.objects.create(theme=theme, name="Asiantuntija"))
    return person


def path(person, to="own_data"):
    with translation.override("fi"):
        return links.path_of(person, to)


def test_the_page_shows_what_is_held_in_words(client, person):
    answer = client.get(path(person))
    page = answer.content.decode()
    for part in ("aino@example.org", "Kemi", "+358 40 123 4567", "Työ &amp; elämä oy", "Johtaja", "Tavattiin messuilla."):
        assert part in page
    assert "public_task" not in page
    held = {one.kind: [label for label, _value in one.pairs] for one in answer.context["held"]}
    assert held["Tunniste"] == ["Tunniste"]
    assert held["Henkilön käyttötarkoitus"][:2] == ["Käyttötarkoitus", "Oikeusperuste"]
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("to", ["own_data", "erase", "own_json", "own_vcard", "own_pdf"])
def test_a_link_that_is_cut_or_of_somebody_erased_opens_nothing(client, person, to):
    whole = path(person, to)
    token = whole.split("/own-data/")[1].split("/")[0]
    assert client.get(whole.replace(token, token[:-2])).status_code == 404
    people.erase_person(person)
    assert client.get(whole).status_code == 404


def test_a_person_corrects_their_own_data(client, person):
    told = {"first_name": "Aino", "last_name": "Toinen", "city": "Oulu", "language": "sv", "token": new_token()}
    assert client.post(path(person), told).status_code == 302
    person.refresh_from_db()
    assert (person.last_name, person.city, person.language, person.email) == ("Toinen", "Oulu", "sv", "aino@example.org")
    entry = ModelLogEntry.objects.get(action="contacts.corrected")
    assert sorted(entry.data["fields"]) == ["city", "language", "last_name"]
    assert "Esimerkki" not in json.dumps(entry.data)


def test_a_wrong_correction_is_told_and_keeps_what_was_typed(client, person):
    answer = client.post(path(person), {"first_name": "x" * 101, "last_name": "Toinen", "language": "fi", "token": new_token()})
    assert answer.status_code == 422
    assert answer.context["form"].errors["first_name"]
    assert 'value="Toinen"' in answer.content.decode()
    person.refresh_from_db()
    assert person.first_name == "Aino"


def test_the_exports_hold_all_of_it_and_are_logged(client, person):
    told = json.loads(client.get(path(person, "own_json")).content)["data"]
    assert told["contacts.Person"][0]["email"] == "aino@example.org"
    assert set(told) >= set(people.export_person(person)) - {"wagtailcore.ModelLogEntry"}
    card = client.get(path(person, "own_vcard"))
    assert card["Content-Type"] == "text/vcard; charset=utf-8"
    read = vobject.readOne(card.content.decode())
    assert (read.version.value, read.n.value.family, read.email.value, read.tel.value) == (
        "4.0", "Esimerkki; Öhman, os.", "aino@example.org", "+358 40 123 4567",
    )  # fmt: skip
    assert read.org.value == ["Työ & elämä oy"]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(client.get(path(person, "own_pdf")).content)).pages)
    for part in ("aino@example.org", "Kemi", "Johtaja", "Tavattiin messuilla."):
        assert part in text
    assert sorted(entry.data["format"] for entry in ModelLogEntry.objects.filter(action="contacts.exported")) == ["json", "pdf", "vcf"]


def test_a_list_that_is_taken_along_is_logged_without_names(client, cast, person):
    staff = cast.enter(Role.COORDINATORS)
    told = b"".join(staff.get("/admin/snippets/contacts/person/?export=csv").streaming_content).decode()
    assert "aino@example.org" in told
    assert "None" not in told
    assert "Työ & elämä oy" in b"".join(staff.get("/admin/snippets/contacts/organisation/?export=csv").streaming_content).decode()
    entry, of_bodies = ModelLogEntry.objects.filter(action="contacts.exported").order_by("pk")
    assert entry.data == {"format": "csv", "rows": Person.objects.count(), "of": "person"}
    assert of_bodies.data == {"format": "csv", "rows": 1, "of": "organisation"}
    assert str(entry.object_id) == str(person.theme_id)


def test_erasing_asks_first_and_then_leaves_nothing(client, person):
    address = path(person, "erase")
    assert client.get(address).status_code == 200
    assert Person.objects.filter(pk=person.pk).exists()
    assert client.post(address).status_code == 200
    assert not Person.objects.filter(pk=person.pk).exists()
    entry = ModelLogEntry.objects.get(action="contacts.erased")
    assert "Esimerkki" not in entry.label


def test_another_site_s_form_erases_nobody(client, person):
    assert client.post(path(person, "erase"), headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert Person.objects.filter(pk=person.pk).exists()


def test_the_staff_send_the_link_to_the_person_s_own_address(client, cast, person):
    staff = cast.enter(Role.COORDINATORS)
    assert staff.post(f"/admin/contacts/{person.pk}/own-data-link/").status_code == 302
    copy = Delivery.objects.get()
    assert copy.address == "aino@example.org"
    assert b"own-data" in bytes(copy.mime).replace(b"=\r\n", b"")
    assert staff.get(f"/admin/contacts/{person.pk}/own-data-link/").status_code == 405
    assert cast.enter(Role.ORGANISERS).post(f"/admin/contacts/{person.pk}/own-data-link/").status_code in (302, 403)
    assert Delivery.objects.count() == 1


def test_a_card_s_lines_are_short_and_whole():
    line = "FN:" + escaped("Ääkkönen\nEND:VCARD; \\, " * 20)
    parts = folded(line).split(b"\r\n")
    assert all(len(part) <= 75 for part in parts)
    assert b"".join([parts[0], *(part[1:] for part in parts[1:])]).decode() == line
    assert "\n" not in line
