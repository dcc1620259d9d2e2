"""A story that two themes share: it lives at its one address, both show it, and it is counted once."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from base.bounds import within
from base.trash import actions as trash
from contacts import bridges, outreach
from contacts.models import Bridge, Outreach, Tally
from desk.progress import results
from pages.models import SectionPage, newest_below
from reach.counting import count_view
from tests import factories

HOST = "oppiminen.localhost"
WORD = "Teemasta Työelämä"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(shared_db):
    """Ours at the default host, the other's at a host of its own; a story of ours in Finnish and Swedish."""
    ours, other = factories.make_theme(name_fi="Työelämä", name_sv="Arbetsliv"), factories.make_theme(name_fi="Oppiminen", name_sv="Lärande")
    home = factories.make_home(ours)
    front = factories.make_front(other, None, HOST, slug="oppiminen", title="Oppiminen")
    goal, theirs = (factories.make_goal(theme, measure="page_views") for theme in (ours, other))
    section, shelf = (factories.make_section(place, slug="jutut") for place in (home, front))
    story = factories.make_story(section, goals=[goal], title="Pyöräily kannattaa", slug="pyoraily")
    swedish = Locale.objects.get(language_code="sv")
    for page in (home, front, section, shelf, story):
        page.copy_for_translation(swedish, copy_parents=False).save_revision().publish()
    version = story.get_translation(swedish)
    version.title = "Cykling lönar sig"
    version.save_revision().publish()
    return SimpleNamespace(ours=ours, other=other, home=home, front=front, goal=goal, theirs=theirs, section=section, shelf=shelf, story=story)


@pytest.fixture
def made(world):
    """As they are in the database: a test before this one may have changed them."""
    return SimpleNamespace(**{name: type(row).objects.get(pk=row.pk) for name, row in vars(world).items()})


def share(made, **answer):
    offered = bridges.offer(page=made.story, theme=made.other, by=None)
    return bridges.accept(bridge=offered, **({"section": made.shelf, "goals": [made.theirs], "by": None} | answer))


def page_at(path, host=HOST):
    return Client().get(path, headers={"host": host}).content.decode()


def titles(path, host=HOST):
    return re.findall(r'story-row__title"><a href="([^"]*)"[^>]*>(.*?)</a>', page_at(path, host))


def actual(goal):
    return results([goal], timezone.localdate())[0].actual


def test_the_section_that_took_it_shows_it_at_its_one_address(made):
    address = made.story.full_url
    assert titles("/fi/jutut/") == []
    share(made)
    assert titles("/fi/jutut/") == [(address, "Pyöräily kannattaa")]
    assert WORD in page_at("/fi/jutut/")
    # At home it is as it was.
    assert titles("/fi/jutut/", "localhost") == [("/fi/jutut/pyoraily/", "Pyöräily kannattaa")]
    assert "Teemasta" not in page_at("/fi/jutut/", "localhost")
    page = page_at("/fi/jutut/pyoraily/", "localhost")
    assert f'<link rel="canonical" href="{address}">' in page
    assert HOST not in page
    assert Client().get("/fi/jutut/pyoraily/", headers={"host": HOST}).status_code == 404
    # In each language in which it is published; the reader is told whose it is in theirs.
    assert [title for _url, title in titles("/sv/jutut/")] == ["Cykling lönar sig"]
    assert "Från temat Arbetsliv" in page_at("/sv/jutut/")


def test_the_front_page_that_took_it_may_show_it(made):
    assert newest_below(made.front, made.other, 3) == []
    share(made)
    assert [page.title for page in newest_below(made.front, made.other, 3)] == ["Pyöräily kannattaa"]
    assert WORD in page_at("/fi/")
    made.front.body = [("related", {"title": "", "pages": [made.story]})]
    made.front.save_revision().publish()
    shown = page_at("/fi/")
    assert made.story.full_url in shown
    assert WORD in shown
    assert "Teemasta" not in page_at("/fi/", "localhost")


def test_feeds_of_both_have_it_under_one_id(made):
    def feed(host):
        return json.loads(Client().get("/fi/feeds/jutut.json", headers={"host": host}).content)["items"]

    def changed():
        return Client().get("/fi/feeds/jutut.atom", headers={"host": HOST})["Last-Modified"]

    before = changed()
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        bridge = share(made)
    (ours,), (theirs,) = feed("localhost"), feed(HOST)
    assert (theirs["id"], theirs["url"]) == (ours["id"], ours["url"]) == (ours["id"], made.story.full_url)
    # A feed's entries are its owner's where they name nobody.
    assert theirs["authors"] == [{"name": "Työelämä"}]
    assert before != (began := changed())
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        bridges.end(bridge=bridge, by=None)
    assert feed(HOST) == []
    assert changed() != began


def test_search_finds_it_once_from_either_theme(made):
    share(made)
    for host, words in (("localhost", 0), (HOST, 1)):
        found = titles("/fi/search/?q=pyöräilyn", host)
        assert [re.sub("<.*?>", "", title) for _url, title in found] == ["Pyöräily kannattaa"]
        assert page_at("/fi/search/?q=pyöräilyn", host).count(WORD) == words


def test_the_map_of_the_site_names_it_once(made):
    share(made)
    maps = page_at("/fi/sitemap.xml", "localhost") + page_at("/fi/sitemap.xml")
    assert maps.count(f"<loc>{made.story.full_url}</loc>") == 1


def test_a_view_counts_once_and_serves_the_goals_of_both(made):
    count_view(made.story.pk)
    assert (actual(made.goal), actual(made.theirs)) == (1, None)
    # What was read before nobody shared it was not read for the other theme.
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        bridge = share(made)
        count_view(made.story.pk, 3)
        with within(made.other.pk):
            assert actual(made.theirs) == 3
        with within(made.ours.pk):
            assert actual(made.goal) == 4
    assert sum(Tally.objects.values_list("count", flat=True)) == 4
    # What was reached stays reached; what comes later is the home theme's alone.
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        made.story.save_revision().publish()
        bridges.end(bridge=bridge, by=None)
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        count_view(made.story.pk, 10)
        assert (actual(made.goal), actual(made.theirs)) == (14, 3)


def test_an_act_that_serves_the_goal_by_itself_is_not_counted_twice(made):
    act = Outreach.objects.get(item_key=made.story.translation_key)
    act.goals.add(made.theirs)
    share(made)
    count_view(made.story.pk)
    assert actual(made.theirs) == 1


@pytest.mark.parametrize("measure", ["contacts_reached", "registrations"])
def test_contacts_and_causes_of_a_shared_act_count_once(made, measure):
    goal = factories.make_goal(made.other, measure=measure)
    person = factories.make_person(made.ours)
    bridge = share(made, goals=[goal])
    Outreach.objects.filter(pk=bridge.outreach_id).update(kind=Outreach.Kind.EVENT)
    own = outreach.log_meeting(theme=made.other, kind=Outreach.Kind.MEETING, title="Tapaaminen", goals=[goal], people=[])
    for act in (bridge.outreach, own):
        outreach.touch(act, person, "registered", cause=f"test:{act.pk}")
    with within(made.other.pk):
        assert actual(goal) == (1 if measure == "contacts_reached" else 2)


@pytest.mark.parametrize(
    "way",
    [
        lambda made, bridge: bridges.end(bridge=bridge, by=None),
        lambda made, bridge: [page.unpublish() for page in made.story.get_translations(inclusive=True).specific()],
        lambda made, bridge: [trash.put(page, by=None) for page in made.story.get_translations(inclusive=True).specific()],
        lambda made, bridge: [page.delete() for page in made.story.get_translations(inclusive=True).specific()],
        lambda made, bridge: [page.unpublish() for page in made.shelf.get_translations(inclusive=True).specific()],
    ],
    ids=["withdrawn", "unpublished", "trashed", "deleted", "section unpublished"],
)
def test_a_bridge_ends_cleanly(made, way):
    bridge = share(made)
    way(made, bridge)
    bridge.refresh_from_db()
    assert (bridge.state, bridge.ended_at is None) == ("ended", False)
    assert WORD not in page_at("/fi/jutut/") + page_at("/fi/") + page_at("/fi/search/?q=pyöräilyn")
    # It may be offered again, if it is there.
    if made.story.__class__.objects.filter(pk=made.story.pk, live=True).exists() and SectionPage.objects.filter(pk=made.shelf.pk, live=True).exists():
        assert share(made).pk != bridge.pk


def test_it_stands_as_long_as_one_language_does(made):
    bridge = share(made)
    made.story.unpublish()
    bridge.refresh_from_db()
    assert bridge.state == "accepted"
    assert [title for _url, title in titles("/sv/jutut/")] == ["Cykling lönar sig"]


def test_what_the_home_theme_keeps_from_some_is_kept_from_all(made):
    share(made)
    PageViewRestriction.objects.create(page=made.section, restriction_type="login")
    assert "Pyöräily" not in page_at("/fi/jutut/") + page_at("/fi/search/?q=pyöräilyn") + page_at("/fi/feeds/jutut.atom") + page_at("/fi/")


def refusal(act, **what):
    with pytest.raises(ValidationError) as caught:
        act(**what)
    return set(caught.value.error_dict) if hasattr(caught.value, "error_dict") else set()


def test_what_cannot_be_shared_is_refused_with_what_to_do(made):
    draft = factories.make_story_draft(made.section)
    assert refusal(bridges.offer, page=draft, theme=made.other, by=None) == set()
    assert refusal(bridges.offer, page=made.home, theme=made.other, by=None) == set()
    assert refusal(bridges.offer, page=made.story, theme=made.ours, by=None) == {"theme"}
    assert refusal(bridges.offer, page=made.story, theme=factories.make_theme(), by=None) == {"theme"}
    offered = bridges.offer(page=made.story, theme=made.other, by=None)
    assert refusal(bridges.offer, page=made.story, theme=made.other, by=None) == {"theme"}
    for wrong, field in (({"section": made.section}, "section"), ({"goals": []}, "goals"), ({"goals": [made.goal]}, "goals")):
        assert refusal(bridges.accept, bridge=offered, **({"section": made.shelf, "goals": [made.theirs], "by": None} | wrong)) == {field}
    assert Bridge.objects.get().state == "offered"
    bridges.decline(bridge=offered, by=None, answer="Ei nyt")
    assert refusal(bridges.accept, bridge=offered, section=made.shelf, goals=[made.theirs], by=None) == set()
    assert titles("/fi/jutut/") == []
