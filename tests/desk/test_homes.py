"""The admin's home by role: what is to be done next, and where each row leads."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from base.models import User
from base.public_forms import new_token
from base.roles import Role
from contacts import outreach
from contacts.models import Outreach
from desk.homes.communicator import CommunicatorPanel
from desk.homes.organiser import OrganiserPanel
from events import actions
from events import attendance as marking
from events.models import Event, Registration
from tests import factories

HOME = reverse("wagtailadmin_home")
addresses = count(1)


@pytest.fixture
def section(home):
    return factories.make_section(home)


@pytest.fixture
def goal(section):
    goal = factories.make_goal(section.theme, measure="meetings")
    goal.audiences.add(factories.make_target_group(section.theme))
    return goal


@pytest.fixture
def events_page(section):
    return factories.make_events_page(section.get_parent().specific)


def later(days):
    return timezone.localdate() + timedelta(days=days)


def plan(goal, days, **values):
    facts = {"theme": goal.theme, "kind": "story", "title": "Suunniteltu juttu", "goals": [goal], "planned_on": later(days)}
    return outreach.plan(**(facts | values))


def soup(client):
    answer = client.get(HOME)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def links(page, key):
    """The addresses of a section, by their order."""
    return [link["href"] for link in page.select(f'[data-home="{key}"] a')]


def open_event(events_page, goal, **values):
    page = factories.make_event_page(events_page, goals=[goal], **values)
    return page, Event.objects.get(item_key=page.translation_key)


def ask(page, name, **said):
    """Somebody fills the form of the event's page."""
    said = {"first_name": "Aino", "last_name": "Esimerkki", "email": f"{name}@example.org", "language": "fi", "token": new_token()} | said
    Client().post(f"/fi/events/{page.pk}/register/", said, REMOTE_ADDR=f"127.2.{next(addresses)}.7")
    return Registration.objects.get(person__email=f"{name}@example.org", event__item_key=page.translation_key)


def register(page, name, **said):
    """And follows the link in the mail."""
    actions.confirm_registration(ask(page, name, **said))


def end(event, days_ago=1):
    """Time passes: the event was held."""
    then = timezone.now() - timedelta(days=days_ago)
    Event.objects.filter(pk=event.pk).update(starts_at=then - timedelta(hours=2), ends_at=then)


def test_each_role_has_its_own_home_and_who_has_several_has_each_once(goal, cast):
    for role, mine in ((Role.COMMUNICATIONS, {"communicator"}), (Role.ORGANISERS, {"organiser"}), (Role.COORDINATORS, set())):
        page = soup(cast.enter(role))
        assert {key for key in ("communicator", "organiser") if page.find(id=f"home-{key}")} == mine
    both = cast.user(Role.COMMUNICATIONS)
    both.groups.add(Group.objects.get(name=Role.ORGANISERS.value), Group.objects.get(name=Role.COORDINATORS.value))
    page = soup(cast.enter(Role.COMMUNICATIONS))
    assert [len(page.find_all(id=key)) for key in ("home-communicator", "home-organiser", "course-of-goals")] == [1, 1, 1]


def test_empty_homes_say_what_to_do_first(goal, cast):
    page = soup(cast.enter(Role.COMMUNICATIONS))
    assert {part["data-home-empty"] for part in page.select("[data-home-empty]")} == {"week", "issues", "newest"}
    begins = [link["href"] for link in page.select("[data-home-empty] a")]
    assert begins == [reverse("desk:calendar"), reverse("issues:index")]
    page = soup(cast.enter(Role.ORGANISERS))
    assert {part["data-home-empty"] for part in page.select("[data-home-empty]")} == {"coming", "to-do", "goals"}


def test_the_week_has_ones_own_first_and_leads_into_the_editor_at_once(goal, cast):
    viola = cast.user(Role.COMMUNICATIONS)
    late, others, own = plan(goal, -2, title="Myöhässä"), plan(goal, 1, title="Muiden"), plan(goal, 5, title="Oma", responsible=viola)
    plan(goal, 9, title="Ensi viikolla")
    page = soup(cast.enter(Role.COMMUNICATIONS))
    writing = [reverse("desk:calendar_write", args=[act.pk]) for act in (own, late, others)]
    assert [link for link in links(page, "week") if link in writing] == writing
    assert len(page.select('[data-home="week"] li')) == 3
    assert len(page.select('[data-home="week"] strong')) == 1
    answer = cast.client.get(writing[0], follow=True)
    assert answer.status_code == 200
    assert answer.context["page"].title == "Oma"


def test_a_timed_publication_stands_in_the_week_once(goal, section, cast):
    draft = factories.make_story_draft(section, goals=[goal])
    draft.go_live_at = timezone.now() + timedelta(days=2)
    draft.save_revision().publish()
    page = soup(cast.enter(Role.COMMUNICATIONS))
    assert links(page, "week") == [reverse("wagtailadmin_pages:edit", args=[draft.pk])]


def test_an_issue_to_be_sent_leads_to_its_sending(goal, home, cast):
    letter = factories.make_newsletter_page(home, factories.make_newsletter(home.theme))
    issue = factories.make_issue(letter, goals=[goal])
    page = soup(cast.enter(Role.COMMUNICATIONS))
    assert links(page, "issues") == [reverse("wagtailadmin_pages:edit", args=[issue.pk]), reverse("newsletters_send_issue", args=[issue.pk])]


def test_what_ones_newest_reached_is_told_with_its_goals(goal, section, cast):
    viola, others = cast.user(Role.COMMUNICATIONS), cast.user(Role.COORDINATORS)
    mine = factories.make_story(section, goals=[goal], title="Minun", owner=viola)
    factories.make_story(section, goals=[goal], title="Toisen", owner=others)
    act = Outreach.objects.get(item_key=mine.translation_key)
    outreach.touch(act, factories.make_person(goal.theme), "clicked", cause="test:1")
    page = soup(cast.enter(Role.COMMUNICATIONS))
    assert links(page, "newest") == [reverse("wagtailadmin_pages:edit", args=[mine.pk])]
    told = page.select_one('[data-home="newest"]').get_text()
    assert goal.name_fi in told
    assert "1" in page.select_one('[data-home="newest"] .outreach-line__reach').get_text()


def test_audiences_not_reached_lead_to_the_coverage(goal, cast):
    group = goal.audiences.get()
    factories.make_person(goal.theme, target_group=group)
    page = soup(cast.enter(Role.COMMUNICATIONS))
    assert links(page, "unreached") == [reverse("contacts_coverage", args=[goal.pk])]
    assert not links(soup(cast.enter(Role.COORDINATORS)), "unreached")


def test_coming_events_stand_with_their_seats_by_way(goal, events_page, cast):
    page, _event = open_event(events_page, goal, mode="hybrid", capacity=10, online_capacity=40)
    register(page, "a", mode="in_person")
    ask(page, "b", mode="online")
    shown = OrganiserPanel(cast.user(Role.ORGANISERS)).get_context_data()["sections"][1].rows
    assert [[int(part) for part in fact.replace(":", " ").replace(",", " ").split() if part.isdigit()] for fact in shown[0].facts[1:]] == [
        [1, 10],
        [0, 40, 1],
    ]
    assert links(soup(cast.enter(Role.ORGANISERS)), "coming") == [reverse("events_desk", args=[page.pk])]
    assert cast.client.get(shown[0].url).status_code == 200


def test_applications_and_the_waiting_list_are_to_be_done(goal, events_page, cast):
    asked, event = open_event(events_page, goal, needs_approval=True)
    register(asked, "hakija")
    full, other = open_event(events_page, goal, capacity=1)
    register(full, "eka")
    register(full, "toka")
    # Whose address is not confirmed stands in no line, and is not counted.
    ask(full, "vahvistamaton")
    shown = links(soup(cast.enter(Role.ORGANISERS)), "to-do")
    assert shown == [
        f"{reverse('events_desk', args=[asked.pk])}?state=applied&event={event.pk}",
        f"{reverse('events_desk', args=[full.pk])}?state=waiting&event={other.pk}",
    ]
    told = [row.title for row in OrganiserPanel(cast.user(Role.ORGANISERS)).get_context_data()["sections"][0].rows]
    assert ["1" in words and "2" not in words for words in told] == [True, True]
    assert [cast.client.get(url).status_code for url in shown] == [200, 200]


def test_after_an_event_attendance_and_materials_are_to_be_done(goal, events_page, cast):
    page, event = open_event(events_page, goal)
    register(page, "tulija")
    end(event)
    client = cast.enter(Role.ORGANISERS)
    attendance, editor = reverse("events_desk_attendance", args=[page.pk]), reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert links(soup(client), "to-do") == [f"{attendance}", editor]
    marking.mark(Registration.objects.filter(event=event))
    assert links(soup(client), "to-do") == [editor]
    end(event, days_ago=40)
    assert not links(soup(client), "to-do")


def test_near_an_event_those_who_come_are_to_be_written_to(goal, events_page, cast):
    page, _event = open_event(events_page, goal, starts_at=timezone.now() + timedelta(days=3), ends_at=timezone.now() + timedelta(days=3, hours=2))
    register(page, "tulija")
    assert links(soup(cast.enter(Role.ORGANISERS)), "to-do") == [reverse("events_desk_letters", args=[page.pk])]


def test_goals_of_ones_events_alone_are_told_and_lead_on_for_who_may_see_them(goal, events_page, cast):
    other = factories.make_goal(goal.theme, measure="meetings", name_fi="Muun tavoite")
    open_event(events_page, goal)
    page = soup(cast.enter(Role.ORGANISERS))
    told = page.select_one('[data-home="goals"]').get_text()
    assert goal.name_fi in told
    assert other.name_fi not in told
    assert not links(page, "goals")
    cast.user(Role.ORGANISERS).groups.add(Group.objects.get(name=Role.COMMUNICATIONS.value))
    assert links(soup(cast.enter(Role.ORGANISERS)), "goals") == [reverse("desk:goal", args=[goal.pk])]


def queries(panel, user):
    user = User.objects.get(pk=user.pk)
    with CaptureQueriesContext(connection) as found:
        shown = panel(user).get_context_data()
        for part in shown["sections"]:
            list(part.rows)
    return len(found)


def test_queries_do_not_grow_with_what_stands_there(goal, section, events_page, home, cast):
    viola, jarno = cast.user(Role.COMMUNICATIONS), cast.user(Role.ORGANISERS)
    letter = factories.make_newsletter_page(home, factories.make_newsletter(home.theme))

    def more():
        plan(goal, 2)
        factories.make_story(section, goals=[goal], owner=viola)
        factories.make_issue(letter, goals=[goal])
        page, event = open_event(events_page, goal)
        register(page, f"tulija{event.pk}")
        held, past = open_event(events_page, goal)
        register(held, f"kavija{past.pk}")
        end(past)

    more()
    few = queries(CommunicatorPanel, viola), queries(OrganiserPanel, jarno)
    more()
    more()
    assert (queries(CommunicatorPanel, viola), queries(OrganiserPanel, jarno)) == few
