"""What is done to a selection: tags, networks, a logged meeting, a message only to whom we may write."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from base.roles import Role
from base.tasks import in_this_process
from contacts import letters, people, purposes
from contacts.models import Consent, HeldFor, Letter, Membership, Network, Outreach, Person, Segment, Tag, Touch
from mail import engine, suppression
from mail.models import Delivery, Suppression
from tests import factories
from themes.models import Region


@pytest.fixture
def world(cast):
    theme = factories.make_theme()
    lappi = Region.objects.get(code="19")
    aino, bertta = (factories.make_person(theme, first_name=name, last_name="Esimerkki", region=lappi) for name in ("Aino", "Bertta"))
    other = factories.make_person(theme, first_name="Muu", language="sv")
    return SimpleNamespace(theme=theme, lappi=lappi, aino=aino, bertta=bertta, other=other, client=cast.enter(Role.COORDINATORS), cast=cast)


def place(action, rows, model="person", listing=""):
    back = reverse(f"wagtailsnippets_contacts_{model}:list") + listing
    ids = "&".join(f"id={row.pk if hasattr(row, 'pk') else row}" for row in rows)
    return f"{reverse('wagtail_bulk_action', args=['contacts', model, action])}?next={back.replace('?', '%3F').replace('&', '%26')}&{ids}"


def test_a_tag_on_the_ticked_ones(world):
    answer = world.client.post(place("add_tag", [world.aino, world.bertta]), {"new": "Kevät"})
    assert answer.status_code == 302
    tag = Tag.objects.get(name="Kevät")
    assert set(tag.people.all()) == {world.aino, world.bertta}
    world.client.post(place("add_tag", [world.aino, world.other]), {"tag": tag.pk})
    assert tag.people.count() == 3
    world.client.post(place("add_tag", [world.other]), {"new": "KEVÄT"})
    assert Tag.objects.count() == 1
    for wrong in ({}, {"tag": tag.pk, "new": "x"}, {"tag": 987654}):
        assert world.client.post(place("add_tag", [world.aino]), wrong).status_code == 422
    body = factories.make_organisation(world.theme)
    world.client.post(place("add_tag", [body], "organisation"), {"tag": tag.pk})
    assert list(body.tags.all()) == [tag]


def test_all_of_a_segment_and_not_of_the_register(world):
    rules = {"join": "all", "groups": [{"join": "all", "not": False, "conditions": [{"kind": "region", "values": [str(world.lappi.pk)]}]}]}
    segment = Segment.objects.create(theme=world.theme, name="Lappi", rules=rules)
    world.client.post(place("add_tag", ["all"], listing=f"?segment={segment.pk}"), {"new": "Pohjoinen"})
    assert set(Tag.objects.get().people.all()) == {world.aino, world.bertta}
    world.client.post(place("add_tag", ["all"], listing=f"?segment={segment.pk}&q=bert"), {"new": "Haettu"})
    assert set(Tag.objects.get(name="Haettu").people.all()) == {world.bertta}


def test_members_of_a_network_from_today(world):
    network = Network.objects.create(theme=world.theme, name_fi="Verkosto")
    Membership.objects.create(network=network, person=world.aino)
    form = {"network": network.pk, "part": "expert"}
    world.client.post(place("add_to_network", [world.aino, world.bertta]), form)
    assert [(row.person, row.part, row.starts) for row in network.memberships.order_by("pk")] == [
        (world.aino, "member", None), (world.bertta, "expert", timezone.localdate()),
    ]  # fmt: skip
    world.client.post(place("add_to_network", [world.bertta]), form)
    assert network.memberships.count() == 2


def test_a_meeting_with_those_not_reached(world):
    goal = factories.make_goal(world.theme)
    address = place("log_meeting", ["all"], listing=f"?not_reached={goal.pk}&region={world.lappi.pk}")
    assert world.client.get(address).context["form"]["goals"].value() == [goal.pk]
    form = {"what": "Kierros", "kind": "meeting", "on": timezone.localdate(), "goals": [goal.pk]}
    answer = world.client.post(address, form)
    assert answer.url == reverse("contacts_logged", args=[Outreach.objects.get().pk])
    assert set(Touch.objects.values_list("person", flat=True)) == {world.aino.pk, world.bertta.pk}
    assert world.client.post(address, form).status_code == 404


# ---- messages
def told(**values):
    return {"subject_fi": "Hei {first_name}", "text_fi": "Ensimmäinen.\n\nToinen.", "subject_sv": "Hej", "text_sv": "Text.", "send": "1"} | values


def test_only_to_whom_we_may_write(world):
    suppression.suppress(world.bertta.email, Suppression.Reason.COMPLAINT)
    nobody = factories.make_person(world.theme, email="", first_name="Osoitteeton")
    consenting, agreed = (factories.make_person(world.theme, first_name=name) for name in ("Suostunut", "Suostunut myös"))
    HeldFor.objects.filter(person__in=(consenting, agreed)).update(purpose=purposes.usual(world.theme, purposes.NEWSLETTERS))
    # Whoever is held for something else as well is not bound to the consent.
    purposes.hold([world.aino], purposes.usual(world.theme, purposes.NEWSLETTERS), source="lomake")
    how = {"text": "t", "text_version": "1", "language": "fi", "given_how": "test", "given_at": timezone.now()}
    Consent.objects.create(person=consenting, purpose="newsletter", **how)
    Consent.objects.create(person=agreed, purpose=letters.PURPOSE, **how)
    found = letters.addressed(Person.objects.order_by("pk"))
    assert found.people == [world.aino, world.other, Person.objects.get(pk=agreed.pk)]
    assert sorted(number for _reason, number in found.left_out) == [1, 1, 1]
    assert nobody not in found.people


def test_a_message_is_looked_at_sent_once_and_touches(world, django_capture_on_commit_callbacks):
    goal = factories.make_goal(world.theme)
    suppression.suppress(world.bertta.email, Suppression.Reason.COMPLAINT)
    address = place("write", [world.aino, world.bertta, world.other])
    looked = world.client.post(address, told(goals=[goal.pk], send=[]))
    assert [sample["subject"] for sample in looked.context["samples"]] == ["Hei Aino", "Hej"]
    assert not Letter.objects.exists()
    with in_this_process(), django_capture_on_commit_callbacks(execute=True):
        answer = world.client.post(address, told(goals=[goal.pk]))
    letter = Letter.objects.get()
    assert answer.url == reverse("desk:outreach", args=[letter.outreach_id])
    assert set(Delivery.objects.values_list("address", flat=True)) == {world.aino.email, world.other.email}
    for reader, code in ((world.aino, "fi"), (world.other, "sv")):
        assert getattr(world.theme, f"name_{code}").encode() in bytes(Delivery.objects.get(address=reader.email).mime)
    letters.send_copies(letter.pk)
    assert Delivery.objects.count() == 2
    engine.deliver_now()
    assert set(letter.outreach.touches.values_list("person", "kind")) == {(world.aino.pk, "written"), (world.other.pk, "written")}
    assert list(letter.outreach.goals.all()) == [goal]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"subject_fi": ""}, "subject_fi"), ({"text_sv": ""}, "text_sv"), ({"text_fi": "{secret}"}, "text_fi"), ({"goals": [987654]}, "goals")],
)
def test_a_message_that_lacks_something_is_told_so(world, values, field):
    answer = world.client.post(place("write", [world.aino, world.other]), told(**values))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not Letter.objects.exists()


def test_a_letter_is_part_of_what_is_held_on_a_person(world):
    words = {"fi": {"subject": "Hei", "text": "Teksti"}}
    letters.send_letter(people=[world.aino, world.bertta], words=words, fallback="fi", goals=[], by=world.cast.user(Role.COORDINATORS))
    assert people.export_person(world.aino)["contacts.LetterCopy"][0]["letter__words"] == words
    people.merge_people(winner=world.aino, loser=world.bertta)
    assert Letter.objects.get().copies.count() == 1
    people.erase_person(world.aino)
    assert Letter.objects.get().copies.count() == 0


def test_queries_do_not_grow_with_the_selection(world):
    def asked(rows, action, form):
        with CaptureQueriesContext(connection) as found:
            assert world.client.post(place(action, rows), form).status_code in (200, 302)
        return len(found)

    few, many = [world.aino], [world.bertta, *(factories.make_person(world.theme) for _number in range(60))]
    network = Network.objects.create(theme=world.theme, name_fi="Verkosto")
    looked = told(send=[])
    for action, form in (("add_tag", {"new": "Kevät"}), ("add_to_network", {"network": network.pk, "part": "member"}), ("write", looked)):
        asked(few, action, form)
        assert asked(many, action, form) <= asked(few, action, form) + 3, action


def test_who_may(world, cast):
    client = cast.enter(Role.COMMUNICATIONS)
    for action in ("add_tag", "add_to_network", "log_meeting", "write"):
        client.post(place(action, [world.aino]), told(new="x", what="x", kind="meeting", on=timezone.localdate()))
    assert (Tag.objects.count(), Outreach.objects.count(), Letter.objects.count()) == (0, 0, 0)
