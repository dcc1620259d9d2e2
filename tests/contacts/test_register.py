"""The register's rules: organisations and their units, addresses, terms, networks, ties, service needs; who may change what."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from base.roles import Role
from contacts import needs, notes, outreach, people, purposes, ties
from contacts.models import ContactPoint, Membership, NeedTurn, Network, Note, Organisation, Outreach, Person, ServiceNeed, Tag, ThemeBody, Tie
from contacts.models import Role as Post
from contacts.models.organisations import business_id_of
from tests import factories
from tests.cast import Cast
from themes.models import TargetGroup

State = ServiceNeed.State


@pytest.fixture
def theme(db):
    return factories.make_theme()


# ---- business IDs
@pytest.mark.parametrize("typed", ["2077474-0", "20774740", " FI20774740 ", "fi20774740", "2077474–0"])
def test_a_business_id_is_kept_in_one_form(typed):
    assert business_id_of(typed) == "2077474-0"


def test_an_old_business_id_has_six_digits():
    assert business_id_of("109862-8") == "0109862-8"


@given(number=st.integers(1, 9_999_999), place=st.integers(0, 6), other=st.integers(1, 9))
def test_no_single_mistyped_digit_passes(number, place, other):
    """The check digit by hand: weights 7 9 10 5 8 4 2, modulo 11."""
    digits = f"{number:07d}"
    rest = sum(weight * int(digit) for weight, digit in zip((7, 9, 10, 5, 8, 4, 2), digits, strict=True)) % 11
    if rest == 1:
        # Such numbers are not given out.
        with pytest.raises(ValidationError):
            business_id_of(f"{digits}-0")
        return
    check = 0 if rest == 0 else 11 - rest
    assert business_id_of(f"{digits}-{check}") == f"{digits}-{check}"
    wrong = digits[:place] + str((int(digits[place]) + other) % 10) + digits[place + 1 :]
    with pytest.raises(ValidationError):
        business_id_of(f"{wrong}-{check}")


def organisation_form(theme, **values):
    return {"name_fi": "Esimerkki oy", "theme": theme.pk, "key": "esimerkki", "sector": "private"} | values


def test_a_wrong_check_digit_is_told_where_it_was_typed(theme, cast):
    client = cast.enter(Role.COORDINATORS)
    answer = client.post(reverse("wagtailsnippets_contacts_organisation:add"), organisation_form(theme, business_id="2077474-1"))
    assert "business_id" in answer.context["form"].errors
    assert "Tarkistusnumero" in str(answer.context["form"].errors["business_id"])
    assert 'value="2077474-1"' in answer.content.decode()
    assert client.post(reverse("wagtailsnippets_contacts_organisation:add"), organisation_form(theme, business_id="FI 20774740")).status_code == 302
    assert Organisation.objects.get().business_id == "2077474-0"
    twin = client.post(reverse("wagtailsnippets_contacts_organisation:add"), organisation_form(theme, key="toinen", business_id="2077474-0"))
    assert "business_id" in twin.context["form"].errors or twin.context["form"].non_field_errors()
    assert Organisation.objects.count() == 1


# ---- units
@pytest.fixture
def chain(theme):
    """Each is a unit of the one before."""
    top = factories.make_organisation(theme)
    middle = factories.make_organisation(theme, parent=top)
    return top, middle, factories.make_organisation(theme, parent=middle)


def test_units_at_any_depth(chain):
    top, middle, bottom = chain
    assert top.with_units() == {row.pk for row in chain}
    assert bottom.above() == [middle, top]
    assert set(Organisation.objects.units_of(middle)) == {middle, bottom}


def test_no_way_in_takes_a_cycle(chain, cast):
    top, _middle, bottom = chain
    top.parent = bottom
    with pytest.raises(ValidationError):
        top.full_clean()
    with pytest.raises(ValidationError):
        top.save()
    with pytest.raises(TypeError):
        Organisation.objects.filter(pk=top.pk).update(parent=bottom)
    with pytest.raises(TypeError), transaction.atomic():
        Organisation.objects.bulk_update([top], ["parent"])
    with pytest.raises(TypeError):
        Organisation.objects.bulk_create([top], update_conflicts=True, unique_fields=["id"], update_fields=["parent"])
    client = cast.enter(Role.COORDINATORS)
    form = organisation_form(top.theme, key=top.key, parent=bottom.pk)
    answer = client.post(reverse("wagtailsnippets_contacts_organisation:edit", args=[top.pk]), form)
    assert "parent" in answer.context["form"].errors
    bottom.parent = bottom
    with pytest.raises(ValidationError):
        bottom.save()
    assert Organisation.objects.get(pk=top.pk).parent is None


def test_a_parent_is_of_the_same_theme(chain):
    stranger = factories.make_organisation(factories.make_theme())
    stranger.parent = chain[0]
    with pytest.raises(ValidationError):
        stranger.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_a_cycle_at_once_one_is_refused():
    theme = factories.make_theme()
    one, other = factories.make_organisation(theme), factories.make_organisation(theme)
    begin, refused = threading.Barrier(2), []

    def put(unit, parent):
        row = Organisation.objects.get(pk=unit)
        row.parent_id = parent
        begin.wait()
        try:
            row.save()
        except ValidationError as told:
            refused.append(told)
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=pair) for pair in ((one.pk, other.pk), (other.pk, one.pk))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 1
    assert Organisation.objects.filter(parent__isnull=False).count() == 1


# ---- people
def person_form(theme, **values):
    facts = {
        "theme": theme.pk, "first_name": "Aino", "last_name": "Esimerkki", "email": "aino@example.org", "language": "fi", "held_for-TOTAL_FORMS": "1",
        "held_for-INITIAL_FORMS": "0", "held_for-0-purpose": purposes.usual(theme, purposes.COOPERATION).pk, "held_for-0-source": "kortti",
        "held_for-0-since": "27.11.2026 12.00", "obtained_at": "27.11.2026 12.00",
    }  # fmt: skip
    empty = {f"{name}-{key}": "0" for name in ("contact_points", "roles") for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return facts | empty | values


def test_a_coordinator_writes_a_person_with_addresses_and_a_role(theme, cast):
    client, body, tag = cast.enter(Role.COORDINATORS), factories.make_organisation(theme), Tag.objects.create(theme=theme, name="Ääni")
    address = reverse("wagtailsnippets_contacts_person:add")
    rows = {
        "contact_points-TOTAL_FORMS": "1", "contact_points-0-medium": "phone", "contact_points-0-kind": "mobile", "contact_points-0-value": "soita",
        "roles-TOTAL_FORMS": "1", "roles-0-organisation": body.pk, "roles-0-title": "Johtaja", "roles-0-starts": "1.3.2026",
        "languages": ["fi", "se"], "tags": [tag.pk],
    }  # fmt: skip
    refused = client.post(address, person_form(theme, **rows))
    assert refused.status_code == 200
    assert "numeroita" in refused.content.decode()
    made = client.post(address, person_form(theme, **rows | {"contact_points-0-value": "+358 40 123 4567"}))
    assert made.status_code == 302
    person = Person.objects.get()
    assert person.languages == ["fi", "se"]
    assert [(row.organisation, row.starts) for row in person.roles.all()] == [(body, date(2026, 3, 1))]
    page = client.get(reverse("wagtailsnippets_contacts_person:inspect", args=[person.pk])).content.decode()
    assert all(words in page for words in ("+358 40 123 4567", "Johtaja", "Ääni", "Esimerkki oy", "pohjoissaame"))


def test_a_person_without_an_address_is_nobodys_namesake(theme):
    """Two without one are two, and neither is found by it."""
    one, other = (Person.objects.create(first_name="Aino", theme=theme) for _ in range(2))
    assert not Person.objects.with_address("").exists()
    assert people.subject(one).emails == ()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(theme=theme)
    people.erase_person(one)
    assert list(Person.objects.all()) == [other]


def test_whoever_has_no_right_is_refused(theme, cast):
    person, need = factories.make_person(theme), ServiceNeed(theme=theme, need="Valmennus", sub_theme=factories.make_sub_theme(theme))
    needs.hear(need, by=None)
    client = cast.enter(Role.COMMUNICATIONS)
    for row in (person, need):
        page = reverse(row.snippet_viewset.get_url_name("inspect"), args=[row.pk])
        assert client.get(page).status_code == 302
        client.post(page, {"text": "Luvatta", "state": "dropped"})
    assert client.get(reverse("contacts_need_counts")).status_code in (302, 403)
    assert not Note.objects.exists()
    assert ServiceNeed.objects.get().state == State.HEARD


# ---- terms
def test_a_term_is_in_force_from_its_first_day_to_its_last(theme):
    today = timezone.localdate()
    person, body = factories.make_person(theme), factories.make_organisation(theme)
    terms = [(None, None), (today, today), (today - timedelta(days=2), today - timedelta(days=1)), (today + timedelta(days=1), None)]
    rows = [Post.objects.create(person=person, organisation=body, starts=starts, ends=ends) for starts, ends in terms]
    assert list(Post.objects.current().order_by("pk")) == rows[:2]
    assert [row.is_current(today) for row in rows] == [True, True, False, False]
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            network=Network.objects.create(theme=theme, name_fi="V"), person=person, starts=today, ends=today - timedelta(days=1)
        )


# ---- ties
def test_ties_are_counted_from_what_is_shared(theme):
    goal, members = factories.make_goal(theme), [factories.make_person(theme) for _ in range(3)]
    for number in range(2):
        outreach.log_meeting(theme=theme, kind=Outreach.Kind.MEETING, title=f"Tapaaminen {number}", goals=[goal], people=members[:2])
    outreach.log_meeting(theme=theme, kind=Outreach.Kind.MEETING, title="Kolmisin", goals=[goal], people=members)
    hall = [factories.make_person(theme) for _ in range(ties.CROWD + 1)]
    outreach.log_meeting(theme=theme, kind=Outreach.Kind.MEETING, title="Sali", goals=[goal], people=hall)
    network = Network.objects.create(theme=theme, name_fi="Ohjausryhmä")
    for member in members[1:]:
        Membership.objects.create(network=network, person=member)
    said = Tie.objects.create(theme=theme, person=members[0], other_person=members[2], kind=Tie.Kind.KNOWS)
    for _again in range(2):
        ties.derive(theme)
    found = {(tie.kind, tie.person, tie.other_person): (tie.shared, tie.strength) for tie in Tie.objects.exclude(pk=said.pk)}
    one, two, three = members
    assert found == {
        ("events", one, two): (3, 1.0), ("events", one, three): (1, 0.5), ("events", two, three): (1, 0.5), ("networks", two, three): (1, 1.0),
    }  # fmt: skip
    people.merge_people(winner=one, loser=two)
    assert Tie.objects.filter(pk=said.pk).exists()
    assert not Tie.objects.filter(person=one, other_person=one).exists()
    people.erase_person(three)
    assert not Tie.objects.exists()


# ---- service needs
def test_a_need_goes_from_heard_to_the_national_level(theme, cast):
    body, ministry = factories.make_organisation(theme), factories.make_organisation(theme, name_fi="Ministeriö")
    ThemeBody.objects.create(theme=theme, organisation=ministry, part="ministry")
    client, topic = cast.enter(Role.COORDINATORS), factories.make_sub_theme(theme)
    form = {"theme": theme.pk, "need": "Esihenkilöiden valmennus", "sub_theme": topic.pk, "organisation": body.pk, "heard_on": "27.11.2026"}
    assert client.post(reverse("wagtailsnippets_contacts_serviceneed:add"), form).status_code == 302
    need = ServiceNeed.objects.get()
    assert need.heard_by == cast.user(Role.COORDINATORS)
    page = reverse("wagtailsnippets_contacts_serviceneed:inspect", args=[need.pk])
    # Whereto is not said, and what was typed is not lost.
    refused = client.post(page, {"state": "passed_on", "note": "Sovittu puhelimessa"})
    assert refused.status_code == 422
    assert "Sovittu puhelimessa" in refused.content.decode()
    assert client.post(page, {"state": "passed_on", "passed_to": ministry.pk}).status_code == 302
    # Somebody with an old page.
    assert client.post(page, {"state": "confirmed"}).status_code == 422
    with pytest.raises(ValidationError):
        needs.turn(need, State.CONFIRMED, by=None)
    assert list(NeedTurn.objects.values_list("state", "passed_to")) == [("heard", None), ("passed_on", ministry.pk)]
    counts = needs.Counts()
    assert [(cell.sub_theme, cell.region, cell.numbers) for cell in counts.cells] == [(topic, None, {"passed_on": 1})]
    assert "Ministeriö" in client.get(page).content.decode()
    assert topic.name in client.get(reverse("contacts_need_counts")).content.decode()


# ---- personal data
def test_what_the_register_holds_is_given_out_moved_and_erased(theme):
    canary = "Kanarialintu"
    person, other = factories.make_person(theme), factories.make_person(theme)
    tag, network = Tag.objects.create(theme=theme, name="Tunniste"), Network.objects.create(theme=theme, name_fi="Verkosto")
    for one in (person, other):
        one.tags.add(tag)
        Membership.objects.create(network=network, person=one)
        ContactPoint.objects.create(person=one, medium="email", value=f"{canary}@example.org")
        notes.add_note(one, f"{canary} {one.pk}", by=None)
        needs.hear(ServiceNeed(theme=theme, need="Valmennus", details=canary, sub_theme=factories.make_sub_theme(theme), person=one), by=None)
    held = str(people.export_person(person))
    assert held.count(canary) == 3
    assert {"Tunniste", "Verkosto"} <= {word for word in ("Tunniste", "Verkosto") if word in held}
    assert f"{canary}@example.org".lower() in people.subject(person).emails
    people.merge_people(winner=person, loser=other)
    assert (person.contact_points.count(), person.notes.count(), person.tags.count(), person.memberships.count()) == (1, 2, 1, 2)
    people.erase_person(person)
    assert not Note.objects.exists()
    assert not ContactPoint.objects.exists()
    assert [(need.person, need.details) for need in ServiceNeed.objects.all()] == [(None, ""), (None, "")]


@pytest.mark.parametrize("way", ["/admin/snippets/themes/targetgroup/delete/{}/", "/admin/bulk/themes/targetgroup/delete/?id={}"])
def test_words_that_people_have_stay_and_staff_learn_why(cast: Cast, way: str) -> None:
    person = factories.make_person(factories.make_theme())
    person.target_group = factories.make_target_group(person.theme)
    Person.objects.bulk_update([person], ["target_group"])
    client = cast.enter(Role.ADMINISTRATORS)
    response = client.post(way.format(person.target_group.pk), follow=True)
    assert response.status_code == 200
    assert [str(message).strip() for message in response.context["messages"]] == [f"Mitään ei poistettu: sitä käyttää vielä {person}."]
    assert TargetGroup.objects.filter(pk=person.target_group_id).exists()
