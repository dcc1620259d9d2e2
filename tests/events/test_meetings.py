"""Meetings of a network: who sees them, what becomes of decisions, who came."""

from __future__ import annotations

import uuid
from copy import deepcopy
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from wagtail.models import Page

from base.models import User
from base.pages import listed_pages
from base.roles import Role
from contacts.models import Outreach, Touch
from contacts.people import erase_person
from events import meetings, network
from events.models import Decision, EventsPage, MeetingPage
from tests import factories

if TYPE_CHECKING:
    from django.test import Client

    from contacts.models import Person
    from tests.cast import Cast
    from tests.events.conftest import Opened
    from themes.models import Goal


def item(title: str, *decisions: dict[str, Any], **values: Any) -> dict[str, Any]:
    rows = [{"type": "item", "id": one.pop("id", str(uuid.uuid4())), "value": one} for one in decisions]
    value = {"title": title, "text": "<p>Valmistelu</p>", "documents": [], "minutes": "<p>Keskusteltiin.</p>", "decisions": rows} | values
    return {"type": "item", "id": str(uuid.uuid4()), "value": value}


def decision(text: str, user: User | None = None, due: date | None = None, key: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"text": text, "responsible": str(user.pk) if user else "", "due": due and due.isoformat()}
    return found | ({"id": key} if key else {})


def came(person: Person, state: str) -> dict[str, Any]:
    return {"type": "person", "id": str(uuid.uuid4()), "value": {"person": person.pk, "part": "member", "state": state}}


def publish(page: MeetingPage, **streams: Any) -> MeetingPage:
    page = MeetingPage.objects.get(pk=page.pk)
    for name, value in streams.items():
        setattr(page, name, page._meta.get_field(name).stream_block.to_python(value))
    page.save_revision().publish()
    return MeetingPage.objects.get(pk=page.pk)


@pytest.fixture(scope="module")
def made_meeting(made: Opened) -> MeetingPage:
    goal, calendar_page, _page = made
    starts = timezone.now() - timedelta(hours=3)
    page = MeetingPage(title="Salainen kokous", slug="kokous", starts_at=starts, ends_at=starts + timedelta(hours=2), place="Neuvotteluhuone")
    made: MeetingPage = factories.publish(page, calendar_page, goals=[goal])
    return made


@pytest.fixture
def meeting(db: None, made_meeting: MeetingPage) -> MeetingPage:
    return deepcopy(made_meeting)


def test_the_world_neither_reads_nor_finds_it(client: Client, meeting: MeetingPage, calendar_page: EventsPage) -> None:
    answer = client.get(meeting.url)
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    assert not listed_pages().filter(pk=meeting.pk).exists()
    assert not Page.objects.public().filter(pk=meeting.pk).exists()
    for address in (calendar_page.url, "/fi/events/calendar.ics", "/sitemap.xml", f"/sv/untranslated/{meeting.pk}/", "/fi/search/?q=kokous"):
        content = client.get(address).content.decode()
        assert "Salainen" not in content
        assert meeting.url not in content


def test_it_stays_closed_when_somebody_opens_the_page_to_all(client: Client, cast: Cast, meeting: MeetingPage) -> None:
    meeting.get_view_restrictions().delete()
    answer = client.get(meeting.url)
    assert answer.status_code == 403
    assert b"Salainen" not in answer.content
    assert not listed_pages().filter(pk=meeting.pk).exists()


@pytest.mark.parametrize("role", [Role.ORGANISERS, Role.COORDINATORS, Role.COMMUNICATIONS, Role.ADMINISTRATORS])
def test_the_staff_of_the_theme_see_it_and_no_cache_keeps_it(client: Client, cast: Cast, meeting: MeetingPage, role: Role) -> None:
    cast.enter(role)
    answer = client.get(meeting.url)
    assert answer.status_code == 200
    assert b"Neuvotteluhuone" in answer.content
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert "X-Page-Cache" not in answer
    assert answer["X-Robots-Tag"] == "noindex"


def test_project_staff_see_the_meetings_of_their_project_alone(client: Client, cast: Cast, meeting: MeetingPage, goal: Goal) -> None:
    from desk.models import ProjectStaff

    user, project = cast.user(Role.PROJECTS), factories.make_project(goal.theme)
    ProjectStaff.objects.create(user=user, project=project)
    assert not network.may_see(user, meeting)
    meeting.project = factories.make_project(goal.theme)
    assert not network.may_see(user, meeting)
    meeting.project = project
    assert network.may_see(user, meeting)


def test_a_translation_is_as_closed_as_its_source(client: Client, meeting: MeetingPage) -> None:
    from tests.translations.making import translated

    swedish = translated(meeting)
    assert not Page.objects.public().filter(pk=swedish.pk).exists()
    assert client.get(swedish.url).status_code == 302


@pytest.fixture
def user(cast: Cast) -> User:
    cast.enter(Role.COORDINATORS)
    return cast.user(Role.COORDINATORS)


def test_decisions_get_rows_and_what_is_done_stays_done(meeting: MeetingPage, user: User) -> None:
    key = str(uuid.uuid4())
    publish(meeting, agenda=[item("Talous", decision("Pyydetään tarjous", user, date(2027, 3, 1), key=key))])
    row = Decision.objects.get()
    assert (str(row.key), row.text, row.responsible, row.due) == (key, "Pyydetään tarjous", user, date(2027, 3, 1))
    assert meetings.end_decision(decision=row, by=user)
    assert not meetings.end_decision(decision=row, by=user)
    publish(meeting, agenda=[item("Talous", decision("Pyydetään kaksi tarjousta", user, key=key))])
    row.refresh_from_db()
    assert row.text == "Pyydetään kaksi tarjousta"
    assert row.done_by == user
    publish(meeting, agenda=[item("Talous")])
    assert not Decision.objects.exists()


def test_open_decisions_stand_on_the_home_of_who_follows_them_up(client: Client, cast: Cast, meeting: MeetingPage, user: User) -> None:
    publish(meeting, agenda=[item("Talous", decision("Pyydetään tarjous", user, date(2026, 1, 1)), decision("Ei kenenkään"))])
    row = Decision.objects.get(text="Pyydetään tarjous")
    content = client.get("/admin/").content.decode()
    assert "Pyydetään tarjous" in content
    assert "myöhässä" in content
    assert "Ei kenenkään" not in content
    address = f"/admin/events/decisions/{row.pk}/done/"
    assert client.get(address).status_code == 405
    cast.enter(Role.PROJECTS)
    client.post(address)
    row.refresh_from_db()
    assert row.done_at is None
    client.force_login(user)
    assert client.post(address).status_code == 302
    row.refresh_from_db()
    assert row.done_by == user
    assert "Pyydetään tarjous" not in client.get("/admin/").content.decode()


def test_somebody_elses_decision_is_not_ended(client: Client, cast: Cast, meeting: MeetingPage, user: User) -> None:
    publish(meeting, agenda=[item("Talous", decision("Pyydetään tarjous", user))])
    other = User.objects.create_user("toinen", password="x", is_active=True)
    other.groups.set(user.groups.all())
    client.force_login(other)
    assert client.post(f"/admin/events/decisions/{Decision.objects.get().pk}/done/").status_code == 403
    assert Decision.objects.open().exists()


def test_who_came_is_in_the_ledger_and_goes_when_erased(client: Client, cast: Cast, meeting: MeetingPage, goal: Goal) -> None:
    present, away = factories.make_person(goal.theme, last_name="Paikalla"), factories.make_person(goal.theme, last_name="Poissa")
    meeting = publish(meeting, attendance=[came(present, "present"), came(away, "away")])
    act = Outreach.objects.get(item_key=meeting.translation_key)
    assert act.kind == Outreach.Kind.MEETING
    assert [(touch.person, touch.kind) for touch in Touch.objects.all()] == [(present, Touch.Kind.MET)]
    cast.enter(Role.ORGANISERS)
    assert "Paikalla" in client.get(meeting.url).content.decode()
    erase_person(present)
    content = client.get(meeting.url).content.decode()
    assert "Paikalla" not in content
    assert "Poissa" in content
    publish(meeting)
    assert not Touch.objects.exists()


def test_who_did_not_come_after_all_leaves_the_ledger(meeting: MeetingPage, goal: Goal) -> None:
    person = factories.make_person(goal.theme)
    publish(meeting, attendance=[came(person, "online")])
    assert Touch.objects.count() == 1
    publish(meeting, attendance=[came(person, "away")])
    assert not Touch.objects.exists()
