"""One timeline of everything that happened with a contact."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.roles import Role
from contacts import notes, outreach, showing, timeline
from contacts.models import Membership, Network, Outreach
from contacts.models import Role as Post
from tests import factories

HELSINKI = timezone.get_default_timezone()


def moment(day, hour=12):
    return datetime(2026, 3, day, hour, tzinfo=HELSINKI)


@pytest.fixture
def world(db):
    class World:
        theme = factories.make_theme()
        goal = factories.make_goal(theme)
        body = factories.make_organisation(theme)
        unit = factories.make_organisation(theme, parent=body)
        person = factories.make_person(theme)

        def meet(self, at, *people):
            outreach.log_meeting(
                theme=self.theme, kind=Outreach.Kind.MEETING, title=f"Tapaaminen {at:%d.%m. %H}", goals=[self.goal], people=people, at=at
            )

    return World()


def walked(contact, size):
    """All pages, one after the other."""
    found, mark = [], ""
    while True:
        page = timeline.read(contact, mark=mark, size=size)
        found += page.moments
        if not page.older:
            return found
        mark = page.older


def test_pages_leave_nothing_out_and_show_nothing_twice(world):
    """Also where all happened in one moment, at midnight, and on days without a time."""
    network = Network.objects.create(theme=world.theme, name_fi="Verkosto")
    midnight = moment(5, 0)
    for _ in range(4):
        notes.add_note(world.person, "Samalla hetkellä", by=None)
        Post.objects.create(person=world.person, organisation=world.body, starts=date(2026, 3, 5), ends=date(2026, 3, 6))
        Membership.objects.create(network=network, person=world.person, starts=date(2026, 3, 5))
        world.meet(midnight, world.person)
    world.person.notes.update(at=midnight)
    whole = timeline.read(world.person, size=1000).moments
    assert len(whole) == 4 * 5 + 1
    assert [m.place for m in whole] == sorted((m.place for m in whole), reverse=True)
    for size in (1, 2, 3, 7):
        assert [m.place for m in walked(world.person, size)] == [m.place for m in whole]


@given(mark=st.text(max_size=40) | st.sampled_from(["~~", "2026-03-05~contacts.notes~1", "2026-03-05T00:00:00~x~1", "9~9~9", "\0~\0~1"]))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mark_that_is_none_begins_anew(world, mark):
    assert timeline.read(world.person, mark=mark).moments


def test_an_organisation_has_what_its_people_did_while_they_were_there(world):
    was, comes = factories.make_person(world.theme), factories.make_person(world.theme)
    Post.objects.create(person=was, organisation=world.unit, starts=date(2026, 3, 1), ends=date(2026, 3, 10))
    Post.objects.create(person=comes, organisation=world.body, starts=date(2026, 3, 11))
    for day in (1, 10, 11):
        world.meet(moment(day, 23), was, comes)
    world.meet(moment(10), world.person)
    notes.add_note(was, "Henkilöstä", by=None)
    notes.add_note(world.body, "Organisaatiosta", by=None)
    met = [(m.text, m.person) for m in timeline.read(world.body).moments if m.source == "contacts.touches"]
    assert met == [("Tapaaminen 11.03. 23", comes), ("Tapaaminen 10.03. 23", was), ("Tapaaminen 01.03. 23", was)]
    assert [m.text for m in timeline.read(world.body).moments if m.source == "contacts.notes"] == ["Organisaatiosta"]
    assert not [m for m in timeline.read(world.unit).moments if m.person == comes]


def test_a_note_is_written_on_the_page_and_nothing_typed_is_lost(world, cast):
    showing.allow_showing(world.person, how="puhelimessa")
    page = reverse("wagtailsnippets_contacts_person:inspect", args=[world.person.pk])
    client = cast.enter(Role.COORDINATORS)
    assert client.post(page, {"text": "Kiinnostunut <b>hankkeesta</b>"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "Kiinnostunut &lt;b&gt;hankkeesta&lt;/b&gt;" in shown
    assert "Kaisa Koordinaattori" in shown
    assert "puhelimessa" in shown
    refused = client.post(page, {"text": " " * 10 + "x" * 5001})
    assert refused.status_code == 422
    assert "x" * 5001 in refused.content.decode()


def test_queries_do_not_grow_with_what_happened(world):
    body = world.body

    def grow(number):
        for step in range(number):
            person = factories.make_person(world.theme)
            Post.objects.create(person=person, organisation=body, starts=date(2020, 1, 1))
            world.meet(timezone.now() - timedelta(minutes=step), person, world.person)
            notes.add_note(body, "Muistiinpano", by=None)

    counts = []
    for number in (5, 40):
        grow(number)
        for contact in (world.person, body):
            with CaptureQueriesContext(connection) as found:
                timeline.read(contact)
            counts.append(len(found))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 25
