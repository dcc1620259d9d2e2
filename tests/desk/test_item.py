"""One content item and all its reach: by mail, on the web, by contacts; who may see it; and that its queries do not grow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from base.roles import Role
from contacts import outreach
from contacts.models import Touch
from desk.item.figures import of_item
from reach.lines import READ, VIEW, Line
from reach.rolling import write
from reach.summing import sums_of
from tests import factories


@pytest.fixture
def story(section):
    return factories.make_story(section, goals=[factories.make_goal(section.theme, name_fi="Tavoite itse")], title="Juttu itse")


@pytest.fixture
def act(story):
    return outreach.of_item(story.translation_key)


def view(page, reader, source="mail", campaign="kevat", **more):
    at = int(timezone.now().timestamp()) - 60
    facts = {"kind": VIEW, "source": source, "campaign": campaign} | more
    return Line(at, page=page.pk, reader=f"{reader:016x}", language="fi", **facts)


def read_by(story, readers):
    told = [view(story, reader) for reader in readers]
    write(sums_of([*told, *(view(story, reader, "", "", kind=READ, depth=50, seconds=40)._replace(at=told[0].at + 50) for reader in readers)]))


def test_it_brings_web_mail_and_people_together(story, act, home):
    read_by(story, (1, 2, 3))
    group = factories.make_target_group(story.theme)
    reader, other = factories.make_person(story.theme, target_group=group), factories.make_person(story.theme)
    now = timezone.now()
    for person in (reader, other):
        outreach.touch(act, person, Touch.Kind.DELIVERED, cause="mail.delivery:1", at=now - timedelta(days=2))
    outreach.touch(act, reader, Touch.Kind.CLICKED, cause="mail.click:1:1", at=now - timedelta(days=2))
    event = factories.make_event_page(factories.make_events_page(home), goals=[story.goals.first()], title="Jatkot")
    after = outreach.of_item(event.translation_key)
    outreach.touch(after, reader, Touch.Kind.REGISTERED, cause="events.registration:1", at=now - timedelta(days=1))
    # Who had not followed the link, and who did so long before.
    outreach.touch(after, other, Touch.Kind.REGISTERED, cause="events.registration:2", at=now - timedelta(days=1))
    outreach.touch(after, reader, Touch.Kind.REGISTERED, cause="events.registration:3", at=now + timedelta(days=30))
    found = of_item(act)
    assert (found.all_views, found.read.readers, found.read.mean_depth, found.read.mean_seconds) == (3, 3, 50, 40)
    assert found.campaigns == [("kevat", 3)]
    assert (found.people, found.acted) == (2, 1)
    assert [(row.name, row.number) for row in found.registered_after] == [("Jatkot", 1)]
    assert {(row.name, row.number) for row in found.groups} >= {(str(group), 1)}
    assert found.goals == list(story.goals.all())


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.COORDINATORS, Role.ADMINISTRATORS])
def test_the_screen_and_the_editor_show_it(cast, story, act, role):
    read_by(story, (1, 2))
    client = cast.enter(role)
    url = reverse("desk:item", args=[story.translation_key])
    answer = client.get(url)
    assert answer.status_code == 200
    assert "Tavoite itse" in answer.content.decode()
    if role != Role.COORDINATORS:
        editor = client.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
        assert url in editor


@pytest.mark.parametrize("role", [Role.ORGANISERS, Role.PROJECTS, None])
def test_others_see_neither(cast, story, act, role):
    client = cast.enter(role)
    url = reverse("desk:item", args=[story.translation_key])
    assert client.get(url).status_code in (302, 403)
    if role == Role.ORGANISERS:
        assert url not in client.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()


def test_a_page_that_is_not_published_says_so(cast, section):
    draft = factories.make_story_draft(section)
    client = cast.enter(Role.COMMUNICATIONS)
    assert client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).status_code == 200
    assert client.get(reverse("desk:item", args=[draft.translation_key])).status_code == 404


def test_its_queries_do_not_grow(story, act, home):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            of_item(act)
        return len(asked)

    def more(number):
        person = factories.make_person(story.theme, target_group=factories.make_target_group(story.theme))
        outreach.touch(act, person, Touch.Kind.CLICKED, cause=f"mail.click:{number}:1")
        read_by(story, (number,))

    more(1)
    few = cost()
    for number in range(2, 12):
        more(number)
    assert cost() == few
