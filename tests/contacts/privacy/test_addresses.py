"""A person corrects their own address; links to own data grow old and are made void."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from base.public_forms import new_token
from base.roles import Role
from contacts import people
from contacts.merging import actions as merging
from contacts.models import AddressChange, ContactPoint, Person
from contacts.privacy import address, links, own_data
from mail import signing, suppression
from mail.models import Delivery, Suppression
from newsletters import subscriptions
from tests import factories


@pytest.fixture
def theme(db):
    theme = factories.make_theme()
    factories.make_home(theme)
    return theme


@pytest.fixture
def person(theme):
    return factories.make_person(theme, first_name="Aino", email="vanha@example.org", language="fi")


def path(person, to="own_data"):
    with translation.override("fi"):
        return links.path_of(person, to)


def ask(client, person, email):
    return client.post(path(person, "address"), {"email": email, "token": new_token()})


def text_to(email):
    copy = Delivery.objects.filter(address=email).order_by("-pk").first()
    return message_from_bytes(bytes(copy.mime), policy=policy.default).get_body(("plain",)).get_content()


def link_to(email):
    return re.search(r"/\S*new-address/\S+/confirm/", text_to(email).replace("https://", "/").replace("http://", "/"))[0]


def confirm_path(email):
    return "/" + link_to(email).strip("/").split("/", 1)[1] + "/"


def test_the_new_address_proves_itself_by_a_button_and_the_old_one_hears_of_it(client, person):
    answer = ask(client, person, "uusi@example.org")
    assert answer.status_code == 302
    assert "uusi@example.org" not in answer.url
    place = confirm_path("uusi@example.org")
    assert "uusi" not in place
    assert client.get(place).status_code == 200
    person.refresh_from_db()
    assert person.email == "vanha@example.org"
    assert client.post(place, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post(place).status_code == 200
    person.refresh_from_db()
    assert person.email == "uusi@example.org"
    assert Delivery.objects.filter(address="vanha@example.org").count() == 1
    assert "uusi@example.org" not in text_to("vanha@example.org")
    old = ContactPoint.objects.get(person=person)
    assert (old.value, old.ends) == ("vanha@example.org", timezone.localdate())
    assert client.post(place).status_code == 404
    assert ModelLogEntry.objects.get(action="contacts.corrected").data == {"fields": ["email"]}


def test_whoever_wants_no_mail_wants_none_at_the_new_address(client, person, theme):
    suppression.suppress(person.email, Suppression.Reason.COMPLAINT)
    ask(client, person, "uusi@example.org")
    client.post(confirm_path("uusi@example.org"))
    assert Suppression.objects.get(hash=suppression.hash_of("uusi@example.org")).reason == Suppression.Reason.COMPLAINT
    assert suppression.is_suppressed("vanha@example.org")


def test_a_mailbox_that_is_gone_says_nothing_of_the_new_one(client, person):
    suppression.suppress(person.email, Suppression.Reason.HARD_BOUNCE)
    ask(client, person, "uusi@example.org")
    client.post(confirm_path("uusi@example.org"))
    assert not suppression.is_suppressed("uusi@example.org")


def test_somebody_else_s_address_gets_the_same_answer_and_a_mail_that_helps(client, person, theme):
    other = factories.make_person(theme, email="Toinen@example.org", last_name="Salainen")
    free, taken = ask(client, person, "vapaa@example.org"), ask(client, person, "toinen@example.org")
    assert (free.status_code, free.url.split("/")[-1]) == (taken.status_code, taken.url.split("/")[-1])
    assert client.get(taken.url).status_code == 200
    # Nor does the page of their data tell which of the two stands in the register.
    told = [held.pairs for held in own_data.held_on(person)]
    assert sum("vapaa@example.org" in dict(pairs).values() for pairs in told) == 1
    assert sum("toinen@example.org" in dict(pairs).values() for pairs in told) == 1
    told = text_to("Toinen@example.org")
    assert "new-address" not in told
    assert "/own-data/" in told
    assert "Aino" not in told
    assert "vanha@example.org" not in told
    person.refresh_from_db()
    assert person.email == "vanha@example.org"
    assert Person.objects.get(pk=other.pk).email == "Toinen@example.org"


def test_an_address_that_another_got_meanwhile_stays_theirs(client, person, theme):
    ask(client, person, "uusi@example.org")
    place = confirm_path("uusi@example.org")
    factories.make_person(theme, email="UUSI@example.org")
    assert client.post(place).status_code == 200
    person.refresh_from_db()
    assert person.email == "vanha@example.org"


def test_the_form_says_what_is_wrong_and_sends_three_a_day(client, person):
    for wrong in ("", "ei osoite", "VANHA@example.org"):
        refused = ask(client, person, wrong)
        assert refused.status_code == 422
        assert refused.context["address_form"].errors["email"]
        assert not refused.context["form"].errors
    assert not Delivery.objects.exists()
    for number in range(3):
        assert ask(client, person, f"uusi{number}@example.org").status_code == 302
    assert ask(client, person, "uusi4@example.org").status_code == 422
    assert Delivery.objects.count() == 3


def test_the_link_to_a_new_address_grows_old_and_no_other_token_confirms(client, person):
    ask(client, person, "uusi@example.org")
    place = confirm_path("uusi@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
        assert client.post(place).status_code == 404
    with pytest.raises(signing.BadToken):
        address.asked_by(path(person).split("/")[-2])
    change = AddressChange.objects.get()
    assert people.export_person(person)["contacts.AddressChange"][0]["email"] == "uusi@example.org"
    people.erase_person(person)
    assert not AddressChange.objects.filter(pk=change.pk).exists()
    assert not Delivery.objects.exists()


def test_a_subscription_follows_to_the_new_address(client, theme):
    letter = factories.make_newsletter(theme)
    subscription = subscriptions.ask_subscription(newsletter=letter, email="vanha@example.org", language="fi")
    ask(client, subscription.person, "uusi@example.org")
    client.post(confirm_path("uusi@example.org"))
    again = subscriptions.ask_subscription(newsletter=letter, email="uusi@example.org", language="fi")
    assert again.pk == subscription.pk


# ---- links
def test_an_old_link_shows_nothing_and_mails_a_fresh_one_an_hour_at_most(client, person):
    old = path(person)
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        answer = client.get(old)
        assert answer.status_code == 410
        assert "Aino" not in answer.content.decode()
        assert "vanha@example.org" not in answer.content.decode()
        for file in ("data.json", "data.vcf", "data.pdf", "erase/"):
            assert client.get(old + file).status_code == 410
        assert client.post(old + "erase/").status_code == 410
        assert client.get(old + "again/").status_code == 410
        for _twice in range(2):
            assert client.post(old + "again/").status_code == 200
        assert Delivery.objects.count() == 1
        assert Delivery.objects.get().address == "vanha@example.org"
        assert client.get(path(person)).status_code == 200
    assert Person.objects.filter(pk=person.pk).exists()


def test_using_a_link_makes_it_no_younger(client, person):
    place = path(person)
    with time_machine.travel(timezone.now() + timedelta(days=89), tick=False):
        answer = client.get(place)
        assert answer.status_code == 200
        made = set(re.findall(r"/own-data/([^/\"]+)/", answer.content.decode()))
        assert made == {place.split("/")[-2]}


def test_a_link_of_before_has_no_time_and_is_an_old_one(client, person):
    with translation.override("fi"):
        place = links.path_by(signing.sign(links.PURPOSE, str(person.key)))
    assert client.get(place).status_code == 410
    client.post(place + "again/")
    assert Delivery.objects.count() == 1


def test_the_staff_make_links_void(client, cast, person):
    place = path(person)
    assert client.get(place).status_code == 200
    staff = cast.enter(Role.COORDINATORS)
    assert staff.get(f"/admin/contacts/{person.pk}/void-links/").status_code == 405
    assert staff.post(f"/admin/contacts/{person.pk}/void-links/").status_code == 302
    assert staff.get(place).status_code == 404
    assert staff.post(place + "again/").status_code == 404
    assert not Delivery.objects.exists()
    assert staff.get(path(person)).status_code == 200
    assert ModelLogEntry.objects.filter(action="contacts.links_void", object_id=str(person.pk)).count() == 1
    other = path(person)
    cast.enter(Role.ORGANISERS).post(f"/admin/contacts/{person.pk}/void-links/")
    assert client.get(other).status_code == 200


def shows(client, place):
    """Whose last name stands to be corrected."""
    return set(re.findall(r'value="(Kolmonen|Toinen|Häkkinen)"', client.get(place).content.decode()))


def test_the_link_of_one_who_was_merged_leads_to_whom_they_became_until_it_is_undone(client, person):
    other = factories.make_person(person.theme, first_name="Eka", last_name="Toinen", email="toinen@example.org")
    third = factories.make_person(person.theme, first_name="Eka", last_name="Kolmonen", email="kolmas@example.org")
    Person.objects.filter(pk=person.pk).update(last_name="Häkkinen")
    mine, theirs = path(person), path(other)
    first = merging.merge(winner=other, loser=person, by=None)
    assert shows(client, mine) == shows(client, theirs) == {"Toinen"}
    second = merging.merge(winner=third, loser=other, by=None)
    assert shows(client, mine) == shows(client, theirs) == {"Kolmonen"}
    merging.undo(second, by=None)
    assert shows(client, mine) == {"Toinen"}
    merging.undo(first, by=None)
    # To each their own again.
    assert (shows(client, mine), shows(client, theirs)) == ({"Häkkinen"}, {"Toinen"})
    again = merging.merge(winner=other, loser=person, by=None)
    people.erase_person(Person.objects.get(pk=other.pk))
    assert client.get(mine).status_code == 404
    assert not type(again).objects.filter(pk=again.pk).exists()


def test_a_void_link_opens_nothing_by_a_merge_nor_after_its_undo(client, person):
    other = factories.make_person(person.theme, last_name="Toinen", email="toinen@example.org")
    void = path(person)
    links.make_void(person, by=None)
    mine = path(person)
    person.refresh_from_db()
    merge = merging.merge(winner=other, loser=person, by=None)
    assert (client.get(void).status_code, client.get(mine).status_code) == (404, 200)
    links.make_void(Person.objects.get(pk=other.pk), by=None)
    assert client.get(mine).status_code == 404
    merging.undo(merge, by=None)
    assert client.get(mine).status_code == 404
    assert client.get(path(person)).status_code == 200


def test_what_a_mail_was_about_stands_in_words(person):
    links.send_link(person, by=None)
    with translation.override("en"):
        told = [value for held in own_data.held_on(person) for _label, value in held.pairs]
    assert "About your own data" in told
    assert links.STREAM not in told
