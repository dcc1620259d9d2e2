"""The admin's home: each role finds its own next things, once, with the way to where each is done."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from base.bounds import within
from base.roles import Role
from contacts import outreach
from contacts.models import Outreach, Tally
from desk.homes.events import EventsPanel
from desk.homes.letters import LettersPanel
from desk.homes.newest import NewestPanel
from desk.homes.week import WeekPanel
from events import actions, attendance
from newsletters import subscriptions
from newsletters.issues import send_issue
from tests import factories

HOME = reverse("wagtailadmin_home")
WEEK, EVENTS, LETTERS, NEWEST = "planned-for-the-week", "events-to-come", "issues-not-sent", "published-last"


@pytest.fixture(scope="module")
def made(shared_db):
    home = factories.make_home(factories.make_theme())
    goal = factories.make_goal(home.theme, measure="meetings", name_fi="Tunnettuus kasvaa")
    section, calendar = factories.make_section(home), factories.make_events_page(home)
    letter = factories.make_newsletter_page(home, factories.make_newsletter(home.theme))
    return SimpleNamespace(home=home, theme=home.theme, goal=goal, section=section, calendar=calendar, letter=letter)


@pytest.fixture
def site(db, made):
    return made


def plan(site, title, days=2, **values):
    on = timezone.localdate() + timedelta(days=days)
    act = Outreach.objects.create(theme=site.theme, kind="story", title=title, planned_on=on, **values)
    act.goals.set([site.goal])
    return act


def panel(client, name):
    soup = BeautifulSoup(client.get(HOME).content, "html.parser")
    heading = soup.find(id=name)
    return heading and heading.find_parent("section")


def links(section):
    return [a["href"] for a in section.find_all("a")]


def test_ones_own_planned_acts_come_first_and_lead_into_the_editor(cast, site):
    client, user = cast.enter(Role.COMMUNICATIONS), cast.user(Role.COMMUNICATIONS)
    later, late, own = plan(site, "Viikonlopun juttu", 5), plan(site, "Myöhässä", -3), plan(site, "Oma juttu", 4, responsible=user)
    plan(site, "Ensi kuussa", 30)
    found = panel(client, WEEK)
    write = [reverse("desk:calendar_write", args=[act.pk]) for act in (own, late, later)]
    assert links(found)[:3] == write
    assert client.get(write[0]).status_code == 302
    assert "Ensi kuussa" not in found.text
    assert found.text.count("Tunnettuus kasvaa") == 3
    assert len(found.find_all("strong")) == 1


def test_a_week_without_plans_leads_to_planning(cast, site):
    found = panel(cast.enter(Role.COMMUNICATIONS), WEEK)
    assert links(found) == [reverse("desk:calendar"), reverse("desk:calendar_plan")]
    assert links(panel(cast.enter(Role.ORGANISERS), WEEK)) == [reverse("desk:calendar")]


def test_an_issue_stays_until_it_is_sent_and_says_its_step(cast, site):
    client = cast.enter(Role.COMMUNICATIONS)
    assert panel(client, LETTERS) is None
    issue = factories.make_issue(site.letter, goals=[site.goal])
    assert links(panel(client, LETTERS)) == [reverse("wagtailadmin_pages:edit", args=[issue.pk]), reverse("newsletters_send_issue", args=[issue.pk])]
    person = factories.make_person(site.theme, email="lukija@example.org")
    asked = subscriptions.ask_subscription(newsletter=site.letter.newsletter, email=person.email, language="fi")
    subscriptions.confirm_subscription(asked, how="test")
    send_issue(issue)
    assert panel(client, LETTERS) is None


def test_what_was_published_last_says_what_it_reached_and_for_what(cast, site):
    story = factories.make_story(site.section, goals=[site.goal], title="Uusi juttu")
    act = outreach.of_item(story.translation_key)
    outreach.count(act, Tally.Kind.VIEW, cause="reach.view", language="fi", number=12)
    for _ in range(2):
        outreach.touch(act, factories.make_person(site.theme), "clicked", cause="test")
    (row,) = NewestPanel(cast.user(Role.COMMUNICATIONS)).get_context_data()["rows"]
    assert (row["act"], row["views"], row["people"], row["goals"]) == (act, 12, 2, [site.goal])
    assert row["url"] == reverse("wagtailadmin_pages:edit", args=[story.pk])
    assert "Uusi juttu" in panel(cast.enter(Role.COMMUNICATIONS), NEWEST).text


def test_an_organiser_sees_seats_what_waits_and_where_attendance_is_owed(cast, site):
    client = cast.enter(Role.ORGANISERS)
    page = factories.make_event_page(site.calendar, goals=[site.goal], title="Seminaari", capacity=1, largest_group=1, has_waiting_list=True)
    for number in range(3):
        actions.confirm_registration(
            actions.ask_registration(event=page.event, email=f"h{number}@example.org", first_name="A", last_name="B", language="fi")
        )
    found, desk = panel(client, EVENTS), reverse("events_desk", args=[page.pk])
    assert links(found) == [desk, f"{desk}?event={page.event.pk}&state=waiting"]
    assert "1 / 1" in found.text
    assert client.get(links(found)[1]).status_code == 200
    assert len(client.get(links(found)[1]).context["object_list"]) == 2
    type(page.event).objects.update(starts_at=timezone.now() - timedelta(hours=5), ends_at=timezone.now() - timedelta(hours=3))
    assert links(panel(client, EVENTS)) == [reverse("events_desk_attendance", args=[page.pk])]
    row = page.event.registrations.get(state="confirmed")
    attendance.mark([row], by=cast.user(Role.ORGANISERS))
    assert links(panel(client, EVENTS)) == []


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.COMMUNICATIONS, {WEEK, LETTERS, NEWEST}),
        (Role.ORGANISERS, {WEEK, EVENTS}),
        (Role.COORDINATORS, {WEEK}),
        (Role.PROJECTS, set()),
        (Role.ADMINISTRATORS, {WEEK, EVENTS, LETTERS, NEWEST}),
        (None, None),
    ],
)
def test_each_role_has_its_own(cast, site, role, seen):
    factories.make_issue(site.letter)
    factories.make_story(site.section, goals=[site.goal])
    client = cast.enter(role)
    if seen is None:
        assert client.get(HOME).status_code in (302, 403)
        return
    content = client.get(HOME).content.decode()
    assert {name for name in (WEEK, EVENTS, LETTERS, NEWEST) if f'id="{name}"' in content} == seen


def test_somebody_with_two_roles_has_each_thing_once(cast, site):
    factories.make_issue(site.letter)
    client = cast.enter(Role.COMMUNICATIONS)
    cast.user(Role.COMMUNICATIONS).groups.add(Group.objects.get(name=Role.ORGANISERS.value))
    content = client.get(HOME).content.decode()
    assert [content.count(f'id="{name}"') for name in (WEEK, EVENTS, LETTERS)] == [1, 1, 1]


def test_another_themes_things_are_not_ones_own(cast, site):
    other = factories.make_theme(key="toinen")
    Outreach.objects.create(theme=other, kind="story", title="Muiden juttu", planned_on=timezone.localdate())
    with within(site.theme.pk):
        rows = WeekPanel(cast.user(Role.COMMUNICATIONS)).get_context_data()["rows"]
    assert rows == []


def test_the_home_asks_as_much_of_many_as_of_few(cast, site):
    user = cast.user(Role.ADMINISTRATORS)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            for made in (WeekPanel(user), EventsPanel(), LettersPanel(user), NewestPanel(user)):
                made.get_context_data()
        return len(captured)

    def more(number):
        for n in range(number):
            plan(site, f"Juttu {n}")
            factories.make_story(site.section, goals=[site.goal])
            factories.make_event_page(site.calendar, goals=[site.goal], title=f"Tilaisuus {n}")
            factories.make_issue(site.letter)

    # Of few events `pages_in` joins what of many it reads by itself.
    more(5)
    asked()
    few = asked()
    more(3)
    assert asked() == few
