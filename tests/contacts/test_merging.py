"""Two contacts become one, and two again, row for row."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from base import personal
from contacts import needs, notes, people, search
from contacts.merging import actions, journal
from contacts.models import (
    Consent,
    ContactPoint,
    Membership,
    Merge,
    Network,
    Note,
    Organisation,
    Pair,
    Person,
    ProjectParty,
    Role,
    ServiceNeed,
    Tag,
    ThemeBody,
    Tie,
    WorkArea,
)
from contacts.network import snapshots
from events import actions as seats
from events.models import Pool, Registration
from newsletters import subscriptions
from newsletters.models import Subscription
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from themes.models import Theme

pytestmark = pytest.mark.django_db
# In full: SEQUENCES=2000.
SEQUENCES = int(os.environ.get("SEQUENCES", "12"))


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


class World:
    """A theme in which two people may share everything."""

    def __init__(self, theme: Theme) -> None:
        self.theme, self.goal = theme, factories.make_goal(theme)
        self.bodies = [factories.make_organisation(theme, name_fi=f"Työpaja {number}") for number in range(2)]
        self.network = Network.objects.create(theme=theme, name_fi="Verkosto")
        self.tags = [Tag.objects.create(theme=theme, name=f"Tunniste {number}") for number in range(2)]
        self.topic = factories.make_sub_theme(theme)
        self.letters = [factories.make_newsletter(theme) for _ in range(2)]
        home = factories.make_home(theme)
        self.event = factories.make_event_page(factories.make_events_page(home), goals=[self.goal], capacity=5).event
        self.friend = factories.make_person(theme)

    def rows(self) -> dict[Any, Any]:
        """All that is held in the theme on anybody, and the seats. That a merge was made and undone stands in the log of the theme."""
        models = [holding.model for holding in personal.holdings() if holding.model is not Merge]
        holdings = [model._base_manager.exclude(**{"action__startswith": "contacts.merge"} if model is ModelLogEntry else {}) for model in models]
        found = journal.rows_of([*holdings, Organisation._base_manager.all()])
        return found | {("taken", pool.pk): {"taken": pool.taken} for pool in Pool.objects.all()}

    def one(self, **values: Any) -> Person:
        return factories.make_person(self.theme, **values)

    def subscribe(self, person: Person, letter: int = 0) -> Subscription:
        asked = subscriptions.ask_subscription(newsletter=self.letters[letter], email=person.email, language="fi")
        return subscriptions.confirm_subscription(asked, how="test")

    def register(self, person: Person) -> Registration:
        told = {"email": person.email, "first_name": person.first_name, "last_name": person.last_name, "language": "fi"}
        return seats.confirm_registration(seats.ask_registration(event=self.event, **told))

    def fill(self, person: Person) -> None:
        """Something of everything."""
        Role.objects.create(person=person, organisation=self.bodies[0], title="Johtaja")
        ContactPoint.objects.create(person=person, value="040 123 4567")
        Membership.objects.create(network=self.network, person=person)
        person.tags.add(self.tags[0])
        notes.add_note(person, f"Muistiinpano {person.pk}", by=None)
        needs.hear(ServiceNeed(theme=self.theme, need="Valmennus", sub_theme=self.topic, person=person), by=None)
        WorkArea.objects.create(organisation=self.bodies[0], person=person, sub_theme=self.topic)
        Tie.objects.create(theme=self.theme, person=person, other_person=self.friend)
        ProjectParty.objects.create(project=factories.make_project(self.theme), person=person)
        self.subscribe(person)
        self.register(person)


@pytest.fixture
def world() -> World:
    return World(factories.make_theme())


def test_a_merge_is_undone_row_for_row(world: World) -> None:
    one, two = world.one(), world.one(city="Kuopio", external_id="17")
    for person in (one, two):
        world.fill(person)
    Tie.objects.create(theme=world.theme, person=one, other_person=two)
    Pair.objects.create(theme=world.theme, person=one, other_person=two, score=0.9)
    before = world.rows()
    merge = actions.merge(winner=one, loser=two, take=["last_name", "email"], by=None)
    one.refresh_from_db()
    assert (one.last_name, one.email, one.city, one.external_id) == (two.last_name, two.email, "Kuopio", "17")
    assert {"040 123 4567", one.email, next(row["email"] for key, row in before.items() if key == ("contacts.Person", one.pk))} >= {
        *one.contact_points.values_list("value", flat=True)
    }
    assert (one.notes.count(), one.roles.count(), Registration.objects.filter(person=one).count()) == (2, 2, 1)
    assert not Person.objects.filter(pk=two.pk).exists()
    assert actions.undo(merge, by=None).kept == 0
    assert world.rows() == before
    assert Merge.objects.get().steps == []


def test_what_was_edited_since_stays(world: World) -> None:
    one, two = world.one(city="Oulu"), world.one(city="Kuopio")
    note = notes.add_note(two, "Alku", by=None)
    merge = actions.merge(winner=one, loser=two, take=["city", "first_name"], by=None)
    Person.objects.filter(pk=one.pk).update(city="Pori")
    Note.objects.filter(person=one).update(text="Muutettu")
    later = notes.add_note(one, "Myöhemmin", by=None)
    actions.undo(merge, by=None)
    one.refresh_from_db()
    assert (one.city, one.first_name) == ("Pori", "Testi")
    assert [(row.person_id, row.text) for row in Note.objects.order_by("pk")] == [(two.pk, "Muutettu"), (one.pk, "Myöhemmin")]
    assert (note is None or note.pk) != later


class TestOptOutsNeverWeaken:
    def test_who_leaves_while_two_are_one_has_left_for_both(self, world: World) -> None:
        one, two = world.one(), world.one()
        for person in (one, two):
            world.subscribe(person)
        merge = actions.merge(winner=one, loser=two, by=None)
        subscriptions.end_subscription(Subscription.objects.get(person=one), how="test")
        actions.undo(merge, by=None)
        assert set(Subscription.objects.values_list("person", "state")) == {(one.pk, "ended"), (two.pk, "ended")}
        assert not Consent.objects.filter(withdrawn_at=None).exists()

    def test_a_pause_since_is_of_both_and_one_from_before_of_its_own(self, world: World) -> None:
        one, two = world.one(), world.one()
        rows = [world.subscribe(person) for person in (one, two)]
        until = timezone.localdate() + timedelta(days=30)
        merge = actions.merge(winner=one, loser=two, by=None)
        Subscription.objects.filter(pk=rows[0].pk).update(paused_until=until)
        actions.undo(merge, by=None)
        assert set(Subscription.objects.values_list("paused_until", flat=True)) == {until}
        Subscription.objects.filter(person=two).update(paused_until=None)
        merge = actions.merge(winner=one, loser=two, by=None)
        actions.undo(merge, by=None)
        assert dict(Subscription.objects.values_list("person", "paused_until")) == {one.pk: until, two.pk: None}

    def test_of_one_who_left_and_one_who_did_not_the_merged_has_left(self, world: World) -> None:
        one, two = world.one(), world.one()
        world.subscribe(one)
        subscriptions.end_subscription(world.subscribe(two), how="test")
        merge = actions.merge(winner=one, loser=two, by=None)
        assert Subscription.objects.get().state == "ended"
        actions.undo(merge, by=None)
        assert dict(Subscription.objects.values_list("person", "state")) == {one.pk: "confirmed", two.pk: "ended"}

    @pytest.mark.parametrize("take", [[], ["email"]], ids=["the kept one's address", "the merged one's address"])
    def test_who_asks_anew_while_two_are_one_is_the_one_who_was_kept(self, world: World, take: list[str]) -> None:
        one, two = world.one(), world.one()
        left = world.subscribe(two)
        subscriptions.end_subscription(left, how="test")
        left.refresh_from_db()
        merge = actions.merge(winner=one, loser=two, take=take, by=None)
        world.subscribe(Person.objects.get(pk=one.pk))
        actions.undo(merge, by=None)
        assert dict(Subscription.objects.values_list("person", "state")) == {one.pk: "confirmed", two.pk: "ended"}
        again = Subscription.objects.get(person=two)
        assert (again.pk, again.ended_at, again.consent_id, again.asked_at) == (left.pk, left.ended_at, left.consent_id, left.asked_at)
        own = Subscription.objects.get(person=one)
        assert own.consent.person == one
        assert own.consent.withdrawn_at is None
        assert set(Consent.objects.filter(withdrawn_at=None).values_list("person", flat=True)) == {one.pk}


class TestItIsRefused:
    def test_to_the_second_of_two_who_merge_the_same_pair(self, world: World) -> None:
        one, two = world.one(), world.one()
        actions.merge(winner=one, loser=two, by=None)
        with pytest.raises(ValidationError, match="not in the register any more"):
            actions.merge(winner=two, loser=one, by=None)
        with pytest.raises(ValidationError, match="two different"):
            actions.merge(winner=one, loser=one, by=None)
        assert Merge.objects.count() == 1

    def test_to_undo_twice_or_before_a_later_merge(self, world: World) -> None:
        one, two, three = world.one(), world.one(), world.one()
        before = world.rows()
        first = actions.merge(winner=one, loser=two, by=None)
        second = actions.merge(winner=three, loser=one, by=None)
        first.refresh_from_db()
        with pytest.raises(ValidationError, match="later merge first"):
            actions.undo(first, by=None)
        actions.undo(second, by=None)
        first.refresh_from_db()
        actions.undo(first, by=None)
        with pytest.raises(ValidationError, match="undone already"):
            actions.undo(first, by=None)
        assert world.rows() == before

    def test_across_themes(self, world: World) -> None:
        with pytest.raises(ValidationError, match="different themes"):
            actions.merge(winner=world.one(), loser=factories.make_person(factories.make_theme()), by=None)


def test_nobody_who_was_erased_comes_back(world: World) -> None:
    one, two = world.one(last_name="Kanarialintu"), world.one(last_name="Kanarialintu")
    actions.merge(winner=one, loser=two, by=None)
    people.erase_person(Person.objects.get(pk=one.pk))
    assert not Merge.objects.exists()


def test_an_address_that_another_has_by_now_stays_with_them(world: World) -> None:
    one, two = world.one(), world.one(email="yhteinen@example.org")
    merge = actions.merge(winner=one, loser=two, by=None)
    other = world.one(email="yhteinen@example.org")
    actions.undo(merge, by=None)
    assert Person.objects.get(pk=two.pk).email == ""
    assert Person.objects.get(pk=other.pk).email == "yhteinen@example.org"


def test_seats_that_others_have_by_now_stay_theirs(world: World) -> None:
    one, two = world.one(), world.one()
    for person in (one, two):
        world.register(person)
    merge = actions.merge(winner=one, loser=two, by=None)
    for _ in range(4):
        world.register(world.one())
    actions.undo(merge, by=None)
    pool = Pool.objects.get(event=world.event, taken__gt=0)
    assert (pool.taken, pool.capacity, Registration.objects.filter(state="confirmed").count()) == (6, 6, 6)


def test_organisations_are_merged_and_undone_row_for_row(world: World) -> None:
    one, two = world.bodies
    unit = factories.make_organisation(world.theme, parent=two)
    person = world.one()
    for body in (one, two):
        Role.objects.create(person=person, organisation=body)
        ThemeBody.objects.create(theme=world.theme, organisation=body, part="ministry")
        body.tags.add(world.tags[0])
        Tie.objects.create(theme=world.theme, person=person, other_organisation=body)
    Tie.objects.create(theme=world.theme, organisation=one, other_organisation=two)
    # Both stand in the network: its next night counts the one that is left.
    snapshots.take(world.theme)
    Organisation.objects.filter(pk=two.pk).update(business_id="0112038-9")
    before = world.rows()
    merge = actions.merge(winner=one, loser=two, take=["name_fi"], by=None)
    one.refresh_from_db()
    assert (one.name_fi, one.business_id, one.roles.count(), one.theme_parts.count()) == ("Työpaja 1", "0112038-9", 2, 1)
    assert Organisation.objects.get(pk=unit.pk).parent == one
    assert actions.undo(merge, by=None).kept == 0
    assert world.rows() == before
    with pytest.raises(ValidationError, match="unit of the other"):
        actions.merge(winner=unit, loser=Organisation.objects.get(pk=two.pk), by=None)


# ---- random sequences
EDITS = ("note", "city", "role", "tag", "untag", "subscribe", "leave", "pause", "register", "tie", "consent")


def edit(world: World, person: Person, kind: str) -> None:
    match kind:
        case "note":
            notes.add_note(person, "Muistiinpano", by=None)
        case "city":
            Person.objects.filter(pk=person.pk).update(city=f"Kunta {timezone.now().microsecond}")
            search.index_people([person.pk])
        case "role":
            Role.objects.create(person=person, organisation=world.bodies[0])
        case "tag":
            person.tags.add(world.tags[1])
        case "untag":
            person.tags.clear()
        case "subscribe":
            world.subscribe(person)
        case "leave":
            for row in Subscription.objects.filter(person=person).exclude(state="ended"):
                subscriptions.end_subscription(row, how="test")
        case "pause":
            Subscription.objects.filter(person=person).update(paused_until=timezone.localdate() + timedelta(days=9))
        case "register":
            world.register(person)
        case "tie":
            Tie.objects.get_or_create(theme=world.theme, person=person, other_person=world.friend)
        case "consent":
            Consent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=timezone.now(), withdrawn_how="test")


def opted_out(numbers: list[int]) -> set[tuple[int, int]]:
    return set(Subscription.objects.filter(person__in=numbers, state="ended").values_list("person", "newsletter"))


STEPS = st.lists(st.tuples(st.sampled_from((0, 1)), st.sampled_from(EDITS)), max_size=6)


@settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(first=STEPS, later=st.lists(st.sampled_from(EDITS), max_size=4), take=st.sets(st.sampled_from(("first_name", "email", "city"))))
def test_edit_merge_edit_undo(world: World, first: list[tuple[int, str]], later: list[str], take: set[str]) -> None:
    both = [world.one(), world.one(city="Kuopio")]
    numbers = [person.pk for person in both]
    for place, kind in first:
        edit(world, both[place], kind)
    before, left = world.rows(), opted_out(numbers)
    merge = actions.merge(winner=both[0], loser=both[1], take=take, by=None)
    letters = {letter for _person, letter in left}
    assert {letter for _person, letter in opted_out(numbers)} >= letters
    for kind in later:
        edit(world, Person.objects.get(pk=numbers[0]), kind)
    ended = {letter for _person, letter in opted_out(numbers)} - letters
    actions.undo(merge, by=None)
    after = world.rows()
    # Every row of before is there, unless an edit has deleted it, and belongs to whom it belonged.
    for key, row in before.items():
        if key in after:
            assert {name: after[key][name] for name in row if name.endswith("person_id")} == {
                name: row[name] for name in row if name.endswith("person_id")
            }
        else:
            assert "untag" in later
    if not later:
        assert after == before
    # Who was kept may have asked anew; who was merged into them has not.
    assert opted_out(numbers) >= {(person, letter) for person, letter in left if person != numbers[0] or "subscribe" not in later}
    for letter in ended:
        for person in Subscription.objects.filter(person__in=numbers, newsletter=letter).values_list("person", flat=True):
            assert (person, letter) in opted_out(numbers)
