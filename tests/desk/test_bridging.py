"""Sharing a page between two themes in the admin: who may offer, take and end it, who is told, and that drafts stay at home."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from base.models import User
from base.roles import Role
from contacts import bridges
from contacts.models import Bridge
from mail.models import Delivery
from reach.counting import count_view
from tests import factories
from themes.teams import put_into_teams

SECRET = "Kuiskaus"

pytestmark = pytest.mark.django_db


def member(username, language, theme, role):
    user = User.objects.create_user(username=username, email=f"{username}@example.org", first_name=username.title())
    UserProfile.objects.create(user=user, preferred_language=language)
    put_into_teams(user=user, places=[(theme.pk, role.value)])
    return user


@pytest.fixture(scope="module")
def made(shared_db):
    factories.make_root()
    ours, other, third = (factories.make_theme(name_fi=name, name_sv=f"{name} sv") for name in ("Työelämä", "Oppiminen", "Terveys"))
    home = factories.make_home(ours)
    fronts = [factories.make_front(theme, home) for theme in (other, third)]
    section, shelf, _elsewhere = (factories.make_section(place) for place in (home, *fronts))
    story = factories.make_story(section, title="Julkinen juttu")
    # What its editors have written since, nobody else may read.
    story.title = SECRET
    story.save_revision()
    places = {
        "viola": ("fi", ours, Role.COMMUNICATIONS),
        "jarno": ("fi", ours, Role.ORGANISERS),
        "oona": ("fi", other, Role.COMMUNICATIONS),
        "kerstin": ("sv", other, Role.COORDINATORS),
        "terttu": ("fi", third, Role.COMMUNICATIONS),
    }
    users = {name: member(name, *place) for name, place in places.items()}
    goal = factories.make_goal(other, measure="page_views", name_fi="Lyhyet koulutukset")
    return SimpleNamespace(ours=ours, other=other, home=home, section=section, shelf=shelf, story=story, goal=goal, **users)


@pytest.fixture
def world(made):
    """As they are in the database: a test before this one may have changed them."""
    return SimpleNamespace(**{name: type(row).objects.get(pk=row.pk) for name, row in vars(made).items()})


def at(user):
    client = Client()
    client.force_login(user)
    return client


def offered(world):
    return bridges.offer(page=world.story, theme=world.other, by=world.viola, message="Koskee teitäkin")


def accepted(world):
    return bridges.accept(bridge=offered(world), section=world.shelf, goals=[world.goal], by=world.oona)


def mails():
    """(whom, subject) of those since the last time."""
    found = {(mail.address.partition("@")[0], mail.subject) for mail in Delivery.objects.all()}
    Delivery.objects.all().delete()
    return found


def address(name, bridge):
    return reverse(f"bridging:{name}", args=[bridge.pk])


# ---- on an installation with one theme: before `made` makes its own
def test_where_there_is_one_theme_nothing_is_said_of_sharing(cast):
    story = factories.make_story(factories.make_section(factories.make_home(factories.make_theme())))
    client = cast.enter(Role.COMMUNICATIONS)
    for path in ("/admin/", reverse("wagtailadmin_pages:edit", args=[story.pk])):
        assert "bridging" not in client.get(path).content.decode()


# ---- of several
def test_a_page_is_offered_and_taken(world):
    viola, oona = at(world.viola), at(world.oona)
    share = reverse("bridging:share", args=[world.story.pk])
    assert share in viola.get(reverse("wagtailadmin_pages:edit", args=[world.story.pk])).content.decode()
    form = viola.get(share).content.decode()
    assert [name for name in ("Työelämä", "Oppiminen", "Terveys") if f">{name}</option>" in form] == ["Oppiminen", "Terveys"]
    assert "error-message" in viola.post(share, {"theme": world.ours.pk}).content.decode()
    assert viola.post(share, {"theme": world.other.pk, "message": "Koskee teitäkin"}).url == share
    assert "Odottaa vastausta" in viola.get(share).content.decode()
    assert "error-message" in viola.post(share, {"theme": world.other.pk}).content.decode()
    # Each in their language, and nobody else.
    assert mails() == {("oona", "Tarjottu teemallesi: Julkinen juttu"), ("kerstin", "Erbjuds ditt tema: Julkinen juttu")}
    bridge = Bridge.objects.get()
    assert address("answer", bridge) in oona.get("/admin/").content.decode()
    shown = oona.get(address("answer", bridge)).content.decode()
    assert ("Koskee teitäkin" in shown, world.story.full_url in shown, world.goal.name_fi in shown) == (True, True, True)
    for wrong in ({"section": world.shelf.pk}, {"section": world.section.pk, "goals": [world.goal.pk]}, {"goals": [world.goal.pk]}):
        answer = oona.post(address("answer", bridge), {"accept": "1", **wrong})
        assert (answer.status_code, "error-message" in answer.content.decode()) == (200, True)
    taken = oona.post(address("answer", bridge), {"accept": "1", "section": world.shelf.pk, "goals": [world.goal.pk]})
    assert taken.url == reverse("bridging:list")
    bridge.refresh_from_db()
    assert (bridge.state, bridge.section_id, bridge.answered_by, list(bridge.goals.all())) == ("accepted", world.shelf.pk, world.oona, [world.goal])
    assert mails() == {("viola", "Toinen teema otti sivun: Julkinen juttu")}
    assert "Julkinen juttu" in Client().get(world.shelf.url).content.decode()
    # Once answered, an old sheet of the browser changes nothing.
    assert oona.post(address("answer", bridge), {"decline": "1"}).url == reverse("bridging:list")
    bridge.refresh_from_db()
    assert bridge.state == "accepted"


def test_a_page_is_declined_with_an_answer(world):
    bridge = offered(world)
    mails()
    at(world.oona).post(address("answer", bridge), {"decline": "1", "answer": "Ensi vuonna"})
    bridge.refresh_from_db()
    assert (bridge.state, bridge.answer) == ("declined", "Ensi vuonna")
    assert mails() == {("viola", "Toinen teema ei ottanut sivua: Julkinen juttu")}
    assert "Ensi vuonna" in at(world.viola).get(reverse("bridging:list")).content.decode()


@pytest.mark.parametrize(("who", "told"), [("viola", {"oona"}), ("oona", {"viola"}), ("", {"viola", "oona"})], ids=["home", "other", "by itself"])
def test_either_side_ends_it_and_the_other_is_told(world, who, told):
    bridge = accepted(world)
    mails()
    if who:
        client = at(getattr(world, who))
        assert "Lopeta jakaminen" in client.get(address("end", bridge)).content.decode()
        assert client.post(address("end", bridge)).url == client.post(address("end", bridge)).url == reverse("bridging:list")
    else:
        world.story.unpublish()
    bridge.refresh_from_db()
    assert bridge.state == "ended"
    assert mails() == {(name, "Ei enää jaettu: Julkinen juttu") for name in told}


def test_whoever_deletes_it_is_told_before(world):
    accepted(world)
    words = "Teemat Työelämä ja Oppiminen jakavat sivun ”Julkinen juttu”"
    for user, page in ((world.viola, world.story), (world.oona, world.shelf)):
        assert words in at(user).get(reverse("wagtailadmin_pages:delete", args=[page.pk])).content.decode()


def test_an_offer_is_taken_back_by_its_own_theme(world):
    bridge = offered(world)
    assert at(world.oona).post(address("end", bridge)).status_code == 302
    bridge.refresh_from_db()
    assert bridge.state == "offered"
    at(world.viola).post(address("end", bridge))
    bridge.refresh_from_db()
    assert bridge.state == "ended"


def test_drafts_stay_at_home(world):
    """Neither by the offer, nor once it is shared, nor by its mails."""
    bridge, oona = offered(world), at(world.oona)
    assert SECRET in at(world.viola).get(reverse("wagtailadmin_pages:edit", args=[world.story.pk])).content.decode()
    screens = [reverse("bridging:list"), address("answer", bridge), "/admin/", address("end", bridge)]
    seen = [oona.get(path).content.decode() for path in screens]
    bridges.accept(bridge=bridge, section=world.shelf, goals=[world.goal], by=world.oona)
    seen += [oona.get(path).content.decode() for path in [*screens, reverse("desk:goal", args=[world.goal.pk])]]
    seen += [Client().get(path).content.decode() for path in (world.shelf.url, f"{world.shelf.feed_path}.atom")]
    seen += [bytes(mail.mime or b"").decode(errors="replace") for mail in Delivery.objects.all()]
    assert [text for text in seen if SECRET in text] == []
    for name in ("edit", "view_draft", "history", "revisions_view"):
        numbers = [world.story.pk, world.story.latest_revision_id] if name == "revisions_view" else [world.story.pk]
        assert oona.get(reverse(f"wagtailadmin_pages:{name}", args=numbers)).status_code == 403
    # What was never published is not offered at all.
    draft = factories.make_story_draft(world.section, title=SECRET)
    assert at(world.viola).get(reverse("bridging:share", args=[draft.pk])).status_code == 302


def test_who_may_not(world, cast):
    """An editor of a third theme knows nothing of it; coordinators look on; organisers have no part; one cannot offer another's page."""
    bridge = offered(world)
    for name in ("answer", "end"):
        assert at(world.terttu).post(address(name, bridge), {"decline": "1"}).status_code == 404
        assert at(world.kerstin).post(address(name, bridge), {"decline": "1"}).url == "/admin/"
        assert at(world.jarno).post(address(name, bridge), {"decline": "1"}).url == "/admin/"
    assert at(world.viola).post(address("answer", bridge), {"decline": "1"}).url == "/admin/"
    assert "Julkinen juttu" not in at(world.terttu).get(reverse("bridging:list")).content.decode()
    assert "Julkinen juttu" in (seen := at(world.kerstin).get(reverse("bridging:list")).content.decode())
    assert address("answer", bridge) not in seen
    for user, refused in ((world.oona, 403), (world.kerstin, 403), (world.jarno, 302)):
        assert at(user).post(reverse("bridging:share", args=[world.story.pk]), {"theme": world.other.pk}).status_code == refused
    bridge.refresh_from_db()
    assert bridge.state == "offered"
    assert address("answer", bridge) in cast.enter(Role.ADMINISTRATORS).get(reverse("bridging:list")).content.decode()


def test_a_goal_shows_what_other_themes_did_for_it(world):
    count_view(world.story.pk, 5)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        bridge = accepted(world)
        count_view(world.story.pk, 2)
        text = at(world.oona).get(reverse("desk:goal", args=[world.goal.pk])).content.decode()
        bridges.end(bridge=bridge, by=None)
    assert "Muista teemoista" in text
    assert "Teemasta Työelämä" in text
    assert "2 katselua" in text
    assert "5 katselua" not in text
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert " asti</span>" in at(world.oona).get(reverse("desk:goal", args=[world.goal.pk])).content.decode()
