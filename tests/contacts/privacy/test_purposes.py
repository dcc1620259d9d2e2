"""What people are held for: rows with a legal basis each, wherever they come from and wherever they are used."""

from __future__ import annotations

from email import message_from_bytes, policy
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils import translation

from base.roles import Role
from contacts import people, purposes
from contacts.importing import actions as importing
from contacts.importing import undoing
from contacts.merging import actions as merging
from contacts.models import HeldFor, Organisation, Person, Purpose, Segment, ThemeBody
from contacts.privacy import notices, own_data
from contacts.segments.rules import numbers_of
from events import actions as registering
from mail.models import Delivery
from newsletters import subscriptions
from tests import factories


@pytest.fixture
def theme(db):
    return factories.make_theme()


def keys_of(person):
    return sorted(person.held_for.values_list("purpose__key", flat=True))


def test_whoever_subscribes_and_registers_is_held_for_both(theme):
    person = factories.make_person(theme, email="aino@example.org")
    subscriptions.ask_subscription(newsletter=factories.make_newsletter(theme), email="AINO@example.org", language="fi")
    page = factories.make_event_page(factories.make_events_page(factories.make_home(theme)))
    for _twice in range(2):
        registering.ask_registration(event=page.event, email=person.email, first_name="Aino", last_name="E", language="fi")
    assert Person.objects.get() == person
    assert keys_of(person) == ["cooperation", "events", "newsletters"]
    assert person.held_for.get(purpose__key="newsletters").purpose.legal_basis == Purpose.LegalBasis.CONSENT


def test_a_usual_purpose_that_was_deleted_is_made_anew(theme):
    purposes.make_usual(theme)
    Purpose.objects.all().delete()
    assert purposes.usual(theme, purposes.EVENTS).name_sv == "Deltagande i evenemang"


def test_a_file_brings_the_purpose_to_known_people_too_and_its_undo_takes_it_back(theme):
    known = factories.make_person(theme, email="aino@example.org")
    fairs = Purpose.objects.create(theme=theme, name_fi="Messut", legal_basis="legitimate_interest")
    content = b"last_name,email\nEsimerkki,aino@example.org\nToinen,toinen@example.org\n"
    report = importing.bring(content, theme=theme, file_name="l.csv", why=importing.Why("messulista", fairs))
    assert keys_of(known) == ["cooperation", "messut"]
    assert keys_of(Person.objects.get(last_name="Toinen")) == ["messut"]
    assert undoing.undo(report.bringing).removed == 1
    assert keys_of(known) == ["cooperation"]
    assert HeldFor.objects.get().source == "test"


def test_the_undo_of_a_file_leaves_nobody_held_for_nothing(theme):
    known = factories.make_person(theme, email="aino@example.org")
    fairs = Purpose.objects.create(theme=theme, name_fi="Messut", legal_basis="legitimate_interest")
    report = importing.bring(b"email\naino@example.org\n", theme=theme, file_name="l.csv", why=importing.Why("messulista", fairs))
    known.held_for.filter(purpose__key="cooperation").delete()
    undoing.undo(report.bringing)
    assert keys_of(known) == ["messut"]


def test_the_command_takes_a_purpose_by_its_key(theme, tmp_path):
    file = tmp_path / "lista.csv"
    file.write_text("email\naino@example.org\n")
    with pytest.raises(CommandError, match="cooperation, events, newsletters, site"):
        call_command("import_contacts", str(file), purpose="fairs", stdout=StringIO())
    call_command("import_contacts", str(file), purpose="events", source="Ilmoittautumislista", stdout=StringIO())
    row = HeldFor.objects.get()
    assert (row.purpose.key, row.source) == ("events", "Ilmoittautumislista")


def test_two_who_become_one_are_held_for_all_of_it_and_an_undo_parts_them(theme):
    winner, loser = factories.make_person(theme), factories.make_person(theme, source="toinen lista")
    purposes.hold([loser], purposes.usual(theme, purposes.EVENTS), source="event registration")
    before = list(HeldFor.objects.order_by("pk").values())
    merge = merging.merge(winner=winner, loser=loser, by=None)
    assert keys_of(winner) == ["cooperation", "events"]
    assert winner.held_for.get(purpose__key="cooperation").source == "test"
    merging.undo(merge, by=None)
    assert list(HeldFor.objects.order_by("pk").values()) == before


def test_segments_ask_for_purpose_basis_and_source(theme):
    one, other = factories.make_person(theme), factories.make_person(theme, source="Messulista")
    purposes.hold([other], purposes.usual(theme, purposes.NEWSLETTERS), source="lomake")

    def found(key, said):
        rules = {"join": "all", "groups": [{"join": "all", "negated": False, "conditions": [{"kind": key, **said}]}]}
        return {row["pk"] for row in numbers_of(Segment(theme=theme, of=Segment.Of.PEOPLE, rules=rules))}

    assert found("basis", {"values": ["consent"]}) == {other.pk}
    assert found("purpose", {"values": [str(purposes.usual(theme, purposes.COOPERATION).pk)]}) == {one.pk, other.pk}
    assert found("source", {"text": "messu"}) == {other.pk}


# ---- the notice
def controller(theme, name, **values):
    body = Organisation.objects.create(theme=theme, key=name.lower(), name_fi=name, email=f"{name.lower()}@example.org")
    return ThemeBody.objects.create(theme=theme, organisation=body, part="coordinator", **values)


def test_the_notice_names_each_purpose_with_its_ground_its_controllers_and_how_long(theme):
    controller(theme, "Virasto", is_controller=True)
    cooperation, fairs = (
        purposes.usual(theme, purposes.COOPERATION),
        Purpose(theme=theme, name_fi="Messut", legal_basis="legitimate_interest", months=18),
    )
    fairs.save()
    fairs.controllers.add(controller(theme, "Ministeriö"))
    content = b"last_name,email\nEsimerkki,aino@example.org\n"
    importing.bring(content, theme=theme, file_name="l.csv", why=importing.Why("messulista", cooperation))
    importing.bring(content, theme=theme, file_name="l.csv", why=importing.Why("toinen lista", fairs))
    notices.send(Person.objects.all(), by=None)
    text = message_from_bytes(bytes(Delivery.objects.get().mime), policy=policy.default).get_body(("plain",)).get_content()
    of_cooperation, of_fairs = (next(line for line in text.splitlines() if name in line) for name in ("Yhteistyö teemassa", "Messut"))
    assert "6(1)(e)" in of_cooperation
    assert "Virasto" in of_cooperation
    assert "Ministeriö" not in of_cooperation
    assert all(part in of_fairs for part in ("6(1)(f)", "Ministeriö", "18"))
    assert all(part in text for part in ("messulista", "toinen lista"))


def test_no_notice_goes_while_nobody_answers_for_a_purpose(theme):
    fairs = Purpose.objects.create(theme=theme, name_fi="Messut", legal_basis="legitimate_interest")
    importing.bring(b"email\naino@example.org\n", theme=theme, file_name="l.csv", why=importing.Why("messulista", fairs))
    Person.objects.update(obtained_at="2020-01-01T00:00Z")
    assert notices.send_due() == 0
    fairs.controllers.add(controller(theme, "Ministeriö"))
    assert notices.send_due() == 1


# ---- screens
def test_own_data_tell_purpose_basis_and_source_in_the_reader_s_words(theme):
    person = factories.make_person(theme)
    purposes.hold([person], purposes.usual(theme, purposes.EVENTS), source="event registration")
    with translation.override("sv"):
        told = [value for held in own_data.held_on(person) for _label, value in held.pairs]
    assert {"Samarbete inom temat", "Deltagande i evenemang"} <= set(told)
    assert "event registration" not in told
    assert "public_task" not in told


def test_administrators_write_purposes_and_coordinators_read_them(theme, cast):
    add = reverse("wagtailsnippets_contacts_purpose:add")
    body = controller(theme, "Virasto")
    form = {
        "theme": theme.pk,
        "name_fi": "Ääni ja yhteistyö",
        "legal_basis": "public_task",
        "months": "0",
        "is_active": "on",
        "controllers": [body.pk],
    }
    client = cast.enter(Role.ADMINISTRATORS)
    refused = client.post(add, form)
    assert refused.status_code == 200
    assert refused.context["form"].errors["months"]
    assert client.post(add, form | {"months": "24"}).status_code == 302
    purpose = Purpose.objects.get()
    assert (purpose.key, purpose.months, purpose.controllers.get()) == ("aani-ja-yhteistyo", 24, body)
    purposes.hold([factories.make_person(theme, purpose=purpose)], purpose, source="x")
    client.post(reverse("wagtailsnippets_contacts_purpose:delete", args=[purpose.pk]))
    client.post(f"{reverse('wagtail_bulk_action', args=['contacts', 'purpose', 'delete'])}?id={purpose.pk}")
    assert Purpose.objects.filter(pk=purpose.pk).exists()
    listed = cast.enter(Role.COORDINATORS)
    assert "Ääni ja yhteistyö" in listed.get(reverse("wagtailsnippets_contacts_purpose:list")).content.decode()
    assert listed.post(add, form).status_code in (302, 403)
    assert Purpose.objects.count() == 1
    assert cast.enter(Role.ORGANISERS).get(reverse("wagtailsnippets_contacts_purpose:list")).status_code in (302, 403)


def test_a_person_needs_a_purpose_in_use(theme, cast):
    from tests.contacts.test_register import person_form

    add, client = reverse("wagtailsnippets_contacts_person:add"), cast.enter(Role.COORDINATORS)
    without = client.post(add, person_form(theme) | {"held_for-TOTAL_FORMS": "0"})
    assert without.status_code == 200
    old = purposes.usual(theme, purposes.SITE)
    Purpose.objects.filter(pk=old.pk).update(is_active=False)
    assert client.post(add, person_form(theme) | {"held_for-0-purpose": old.pk}).status_code == 200
    assert not Person.objects.exists()
    assert client.post(add, person_form(theme)).status_code == 302
    assert keys_of(Person.objects.get()) == ["cooperation"]


def test_the_list_that_is_taken_along_says_what_people_are_held_for(theme, cast, django_assert_max_num_queries):
    client = cast.enter(Role.COORDINATORS)
    for _number in range(5):
        factories.make_person(theme)
    with django_assert_max_num_queries(40):
        told = b"".join(client.get("/admin/snippets/contacts/person/?export=csv").streaming_content).decode()
    assert told.count("Yhteistyö teemassa (") == 5


# ---- what was kept as fields
@pytest.mark.django_db(transaction=True)
def test_what_stood_in_fields_becomes_rows():
    theme = factories.make_theme()
    executor = MigrationExecutor(connection)
    before = executor.migrate([("contacts", "0002_purposes"), ("desk", "0001_roles")]).apps
    of_then = before.get_model("contacts", "Person").objects
    told = (
        ("cooperation in the theme", "public_task"), ("newsletters.newsletter:t:kirje", "consent"), ("taking part in an event", "public_task"),
        ("cooperation in the theme", "legitimate_interest"), ("Messut ja näyttelyt", "consent"), ("Messut ja näyttelyt", "consent"), ("", ""),
    )  # fmt: skip
    for number, (purpose, basis) in enumerate(told):
        of_then.create(theme_id=theme.pk, last_name=str(number), source=f"lista {number}", purpose=purpose, legal_basis=basis)
    first = of_then.get(last_name="0")
    steps = [
        {"model": "contacts.Person", "pk": 99, "was": {"id": 99, "source": "s", "purpose": "p"}, "became": None},
        {"model": "contacts.Person", "pk": first.pk, "was": {"source": "s"}, "became": {"source": "t"}},
    ]
    before.get_model("contacts", "Merge").objects.create(theme_id=theme.pk, person=first, gone="Toinen", gone_number=99, steps=steps)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    rows = {row.person.last_name: row for row in HeldFor.objects.select_related("purpose", "person")}
    assert [rows[str(number)].purpose.key for number in range(4)] == ["cooperation", "newsletters", "events", "cooperation-in-the-theme"]
    assert rows["3"].purpose.legal_basis == "legitimate_interest"
    assert rows["4"].purpose == rows["5"].purpose
    assert (rows["4"].purpose.name_fi, rows["4"].source, rows["4"].since) == ("Messut ja näyttelyt", "lista 4", rows["4"].person.obtained_at)
    assert rows["6"].purpose.name_fi
    assert set(Purpose.objects.values_list("key", flat=True)) >= set(purposes.USUAL)
    kept = Person.objects.get(last_name="0").merges.get()
    assert kept.steps == [{"model": "contacts.Person", "pk": 99, "was": {"id": 99}, "became": None}]


def test_the_usual_purposes_are_those_of_the_migration():
    from importlib import import_module

    written = import_module("contacts.migrations.0003_held_for_purposes").USUAL
    told = [(key, basis, tuple(words[code] for code in ("fi", "sv", "en"))) for key, (basis, words) in purposes.USUAL.items()]
    assert list(written) == told


def test_whoever_is_erased_is_held_for_nothing(theme):
    person = factories.make_person(theme)
    people.erase_person(person)
    assert not HeldFor.objects.exists()
