"""After an erasure no table, no index, no file and no outbox holds a word of the person; before it the export holds all of them.

A module of its own: it commits for real.
"""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from wagtail.log_actions import log

from contacts import needs, notes, outreach, people, purposes, search, showing
from contacts.importing import forms as importing
from contacts.importing import looking
from contacts.models import ContactImport, ContactPoint, Membership, Network, Outreach, Person, ProjectParty, ServiceNeed, Tag, Tie, WorkArea
from contacts.models import Role as Post
from contacts.network import snapshots
from contacts.privacy import notices
from events import actions as registering
from mail import engine
from newsletters import subscriptions
from tests import factories
from tests.contacts.privacy.test_notices import name_controller
from tests.events.search import files_with, rows_with

CANARY = "kanarialintu91d0"


def fill(theme, home):
    """Somebody in three networks, with something of everything, each by the product's own act; the canary stands in every text."""
    person = Person.objects.create(
        theme=theme, first_name=f"{CANARY}etu", last_name=f"{CANARY}suku", email=f"{CANARY}@example.org", city=f"{CANARY}kunta",
        external_id=f"{CANARY}1",
    )  # fmt: skip
    purposes.hold([person], purposes.usual(theme, purposes.COOPERATION), source=f"{CANARY}lista")
    body, other = factories.make_organisation(theme), factories.make_person(theme)
    ContactPoint.objects.create(person=person, medium="email", value=f"{CANARY}.toinen@example.org")
    Post.objects.create(person=person, organisation=body, title=f"{CANARY}johtaja")
    for number in range(3):
        Membership.objects.create(network=Network.objects.create(theme=theme, name_fi=f"Verkosto {number}"), person=person)
    Tie.objects.create(theme=theme, person=person, other_person=other, evidence=f"{CANARY}sopimus")
    WorkArea.objects.create(organisation=body, person=person, sub_theme=factories.make_sub_theme(theme))
    ProjectParty.objects.create(project=factories.make_project(theme), person=person)
    needs.hear(ServiceNeed(theme=theme, need="Tarve", details=f"{CANARY}sanoi", sub_theme=factories.make_sub_theme(theme), person=person), by=None)
    notes.add_note(person, f"{CANARY}muistiinpano", by=None)
    person.tags.add(Tag.objects.create(theme=theme, name="Tunniste"))
    showing.allow_showing(person, how=f"{CANARY}sähköposti")
    outreach.log_meeting(theme=theme, kind=Outreach.Kind.MEETING, title="Tapaaminen", goals=[factories.make_goal(theme)], people=[person])
    subscriptions.ask_subscription(newsletter=factories.make_newsletter(theme), email=person.email, language="fi")
    page = factories.make_event_page(factories.make_events_page(home))
    registering.ask_registration(event=page.event, email=person.email, first_name=f"{CANARY}etu", last_name=f"{CANARY}suku", language="fi")
    snapshots.take(theme)
    notices.send([person], by=None)
    file = f"etunimi;sukunimi;email;organisaatio\n{CANARY}etu;{CANARY}suku;{CANARY}@example.org;{body.name_fi}\n;;ei osoite;{CANARY}\n"
    why = {"source": "Lista", "purpose": purposes.usual(theme, purposes.COOPERATION)}
    importing.read_heading(waits := ContactImport(theme=theme, file_name="lista.csv", content=file.encode(), **why))
    waits.save()
    looking.start(waits)
    log(person, "wagtail.edit")
    log(ProjectParty.objects.get(), "wagtail.create")
    log(Tie.objects.get(person=person), "wagtail.create")
    search.index_people([person.pk])
    engine.deliver_now()
    return person


@pytest.mark.django_db(transaction=True)
def test_an_erasure_leaves_no_canary_anywhere():
    factories.make_root()
    theme = factories.make_theme()
    home = factories.make_home(theme)
    name_controller(theme)
    person = fill(theme, home)
    held = people.export_person(person)
    told = json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False)
    for word in ("etu", "suku", "kunta", "lista", "1", ".toinen@", "johtaja", "sopimus", "sanoi", "muistiinpano", "sähköposti"):
        assert f"{CANARY}{word}" in told, word
    # Wherever a table has the canary, the export has rows of it; the words that search finds by are made from the rest.
    labels = {place.split(".")[0] for place in rows_with(CANARY)}
    named = {model_table(label) for label in held}
    assert labels - named <= MADE_OF_THE_REST, labels - named
    assert list(files_with(CANARY))
    people.erase_person(person)
    assert rows_with(CANARY) == []
    if connection.vendor == "sqlite":
        # What was deleted stays in free pages of the file until they are cleaned.
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert [str(path) for path in files_with(CANARY)] == []
    assert not Membership.objects.filter(person=person.pk).exists()


# Their words are in the rows that the export has.
MADE_OF_THE_REST = {"contacts_word"}


def model_table(label):
    return apps.get_model(label)._meta.db_table
