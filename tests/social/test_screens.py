"""The staff's screens: accounts whose secrets go in and never come out, posts that a second person approves, doubts that a person settles."""

from __future__ import annotations

import re
import time

import pytest
from django.urls import reverse

from base.roles import Role
from social import engine
from social.models import Account, Delivery, Post, Variant
from social.sealing import unseal
from tests import factories
from tests.social.conftest import SECRETS, make_account, make_post, send
from tests.social.servers.base import Fault
from themes.models import TeamMember
from themes.teams import put_into_teams

pytestmark = pytest.mark.usefixtures("quick")
ADD = "wagtailsnippets_social_account:add"


@pytest.fixture
def theme(home):
    return home.theme


@pytest.fixture
def x_account(theme, fakes):
    return make_account(theme, "x")


def told(theme, **values):
    return {"theme": theme.pk, "network": "x", "name": "Kantama", "server": "", "is_active": "on"} | values


def secrets_of(network):
    return {f"{network}_{name}": value for name, value in SECRETS[network].items()}


def test_an_account_is_set_up_and_its_secrets_are_shown_nowhere(theme, cast, fakes):
    staff = cast.enter(Role.COMMUNICATIONS)
    answer = staff.post(reverse(ADD), told(theme, **secrets_of("x")))
    assert answer.status_code == 302, re.findall(r"error-message[^>]*>(.*?)<", answer.content.decode())
    account = Account.objects.get()
    assert unseal(account.sealed) == SECRETS["x"]
    for address in (reverse("wagtailsnippets_social_account:edit", args=[account.pk]), reverse("social_health", args=[account.pk])):
        shown = staff.get(address).content.decode()
        assert not [value for value in (*SECRETS["x"].values(), account.sealed) if value in shown]
    # Left empty, they change nothing.
    answer = staff.post(reverse("wagtailsnippets_social_account:edit", args=[account.pk]), told(theme, name="Toinen nimi"))
    account.refresh_from_db()
    assert (account.name, unseal(account.sealed)) == ("Toinen nimi", SECRETS["x"])
    assert staff.post(reverse("social_health", args=[account.pk])).status_code == 302
    account.refresh_from_db()
    assert (account.handle, account.problem) == ("kantama", "")
    assert account.ok_at


def test_what_is_missing_of_an_account_is_told_where_it_is_missing(theme, cast):
    staff = cast.enter(Role.COMMUNICATIONS)
    part = secrets_of("x") | {"x_access_token": ""}
    answer = staff.post(reverse(ADD), told(theme, **part))
    assert set(answer.context["form"].errors) == {"x_access_token"}
    answer = staff.post(reverse(ADD), told(theme))
    assert set(answer.context["form"].errors) == {"x_consumer_key"}
    for server in ("http://mastodon.social", "https://127.0.0.1", "https://a.example/x", "https://localhost", "https://user@a.example"):
        answer = staff.post(reverse(ADD), told(theme, network="mastodon", server=server, **secrets_of("mastodon")))
        assert "server" in answer.context["form"].errors, server
    assert not Account.objects.exists()


def variant_form(account, **values):
    rows = {"account": account.pk, "language": "fi", "text": "Uutta osaamista", "link": "", "image": "", "alt": "", "due_at": ""} | values
    management = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 1, "MAX_NUM_FORMS": 1000}
    fields = {f"variants-0-{name}": value for name, value in (rows | {"ORDER": 1, "DELETE": "", "id": ""}).items()}
    return fields | {f"variants-{name}": value for name, value in management.items()}


def test_a_post_goes_from_the_form_to_the_network_through_a_second_person(theme, x_account, cast, fakes):
    goal = factories.make_goal(theme)
    staff = cast.enter(Role.COMMUNICATIONS)
    form = {"title": "Osaaminen", "theme": theme.pk, "goals": [goal.pk]}
    answer = staff.post(reverse("wagtailsnippets_social_post:add"), form | variant_form(x_account, link="https://example.org/juttu"))
    assert answer.status_code == 302, answer.context["form"].errors
    post = Post.objects.get()
    assert post.written_by
    place = reverse("social_post", args=[post.pk])
    assert answer["Location"] == place
    shown = staff.get(place).content.decode()
    assert "Uutta osaamista" in shown
    assert "0,200" in shown or "0.200" in shown
    staff.post(place, {"action": "ask"})
    assert Post.objects.get().asked_by == Post.objects.get().written_by
    staff.post(place, {"action": "approve"})
    assert not Delivery.objects.exists(), "nobody approves what they wrote"
    other = cast.enter(Role.ADMINISTRATORS)
    other.post(place, {"action": "approve"})
    assert Delivery.objects.count() == 1
    engine.sweep()
    row = Delivery.objects.get()
    assert row.state == "sent"
    shown = other.get(place)
    assert 'data-balanced="1"' in shown.content.decode()
    assert row.url in shown.content.decode()
    edit = other.get(reverse("wagtailsnippets_social_post:edit", args=[post.pk]))
    assert edit["Location"] == place, "what left is not changed any more"
    assert other.get(reverse("wagtailsnippets_social_post:list")).status_code == 200


def test_a_text_that_is_too_long_is_told_at_its_field_and_nothing_is_lost(theme, cast, fakes):
    account = make_account(theme, "linkedin")
    staff = cast.enter(Role.COMMUNICATIONS)
    form = {"title": "Pitkä", "theme": theme.pk, "goals": [factories.make_goal(theme).pk]}
    answer = staff.post(reverse("wagtailsnippets_social_post:add"), form | variant_form(account, text="a " * 1600))
    assert answer.status_code == 200
    assert "text" in answer.context["form"].formsets["variants"].errors[0]
    assert "a " * 1600 in answer.content.decode()
    picture = factories.make_image()
    answer = staff.post(reverse("wagtailsnippets_social_post:add"), form | variant_form(account, image=picture.pk))
    assert "alt" in answer.context["form"].formsets["variants"].errors[0]


def test_a_length_is_told_while_typing(x_account, cast):
    staff = cast.enter(Role.COMMUNICATIONS)

    def ask(**values):
        return staff.post(reverse("social_measured"), {"account": x_account.pk, "text": "", "link": ""} | values).json()

    assert ask(text="👩‍👩‍👧‍👦")["told"].startswith("2 ")
    assert "USD" in ask(text="a", link="https://example.org/")["told"]
    assert ask(text="a" * 400)["is_wrong"]
    assert ask(account="' OR 1=1")["told"] == ""


def test_a_draft_is_made_from_a_page(section, fakes, cast):
    account = make_account(section.theme, "x")
    story = factories.make_story(section, title="Juttu somessa")
    staff = cast.enter(Role.COMMUNICATIONS)
    place = reverse("social_from_page", args=[story.pk])
    assert place in staff.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    assert staff.post(place, {}).status_code == 422
    answer = staff.post(place, {"accounts": [account.pk]})
    assert answer["Location"] == reverse("social_post", args=[Post.objects.get().pk])
    assert Variant.objects.get().text.startswith("Juttu somessa")
    assert staff.get(reverse("social_from_page", args=[section.pk])).status_code in (302, 403)


def test_a_doubt_is_settled_by_a_person(theme, x_account, cast, fakes):
    fakes.x.play(Fault.ERROR)
    post = make_post(x_account, "Epäselvä")
    send(post)
    for _ in range(6):
        engine.sweep()
        time.sleep(0.06)
    row = Delivery.objects.get()
    assert row.state == "in_doubt"
    staff = cast.enter(Role.COMMUNICATIONS)
    place = reverse("social_settle", args=[row.pk])
    assert place in staff.get(reverse("social_queue")).content.decode()
    assert staff.get(place).status_code == 200
    assert staff.post(place, {"action": "sent", "url": "ei osoite"}).status_code == 422
    too_long = staff.post(place, {"action": "again", "text": "a" * 281})
    assert too_long.status_code == 422
    assert "a" * 281 in too_long.content.decode()
    staff.post(place, {"action": "sent", "url": "https://x.com/kantama/status/99"})
    row.refresh_from_db()
    assert (row.state, row.url) == ("sent", "https://x.com/kantama/status/99")


def test_screens_are_for_those_who_communicate_in_the_theme(x_account, cast):
    post = make_post(x_account, "Oma")
    row = send(post).get()
    places = [
        reverse("social_queue"),
        *(reverse(name, args=[pk]) for name, pk in (("social_post", post.pk), ("social_settle", row.pk), ("social_health", x_account.pk))),
    ]
    organiser = cast.enter(Role.ORGANISERS)
    assert {organiser.get(place).status_code for place in places} <= {302, 403}
    stranger = cast.user(Role.COMMUNICATIONS)
    put_into_teams(user=stranger, places=[(factories.make_theme().pk, TeamMember.Part.COMMUNICATIONS)])
    elsewhere = cast.enter(Role.COMMUNICATIONS)
    assert {elsewhere.get(place).status_code for place in places[1:]} == {404}
    assert "Oma" not in elsewhere.get(places[0]).content.decode()
