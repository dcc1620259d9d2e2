"""People without a login are invited to a meeting: the page and its papers by a signed link, an answer, who came."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from base.models import SiteDocument
from base.public_forms import new_token
from base.roles import Role
from contacts.models import Touch
from contacts.people import erase_person, export_person, merge_people
from events import invitations
from events.models import Invitation, MeetingPage
from mail.models import Delivery
from tests import factories, letters
from tests.events.test_meetings import came, item, publish

if TYPE_CHECKING:
    from django.test import Client

    from contacts.models import Person
    from events.models import EventsPage
    from tests.cast import Cast
    from themes.models import Goal


@pytest.fixture
def paper(db: None) -> SiteDocument:
    """In a collection that is closed to who is not signed in."""
    closed = Collection.get_first_root_node().add_child(name="Suljettu")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type=CollectionViewRestriction.LOGIN)
    return SiteDocument.objects.create(title="Talousarvio", file=ContentFile(b"%PDF-1.7\n%%EOF\n", "talous.pdf"), collection=closed)


@pytest.fixture
def member(goal: Goal) -> Person:
    return factories.make_person(goal.theme, first_name="Jaana", last_name="Jäsen", email="jaana@example.org", language="sv")


@pytest.fixture
def meeting(calendar_page: EventsPage, goal: Goal, member: Person, paper: SiteDocument) -> MeetingPage:
    """To come, with one paper, a member with an address and a chair without one."""
    starts = timezone.now() + timedelta(days=9)
    page = MeetingPage(title="Salainen kokous", slug="kokous", starts_at=starts, ends_at=starts + timedelta(hours=2), place="Sali")
    made = factories.publish(page, calendar_page, goals=[goal])
    papers = [{"type": "item", "id": "3c9d1f0e-0000-4000-8000-000000000001", "value": paper.pk}]
    chair = factories.make_person(goal.theme, first_name="Pirjo", last_name="Puheenjohtaja", email="")
    return publish(made, agenda=[item("Talous", documents=papers)], attendance=[came(member, "invited"), came(chair, "invited")])


def path(row: Invitation) -> str:
    return invitations.url_of(row).removeprefix("http://localhost")


def screen(page: MeetingPage) -> str:
    return f"/admin/events/meetings/{page.pk}/people/"


def test_who_has_an_address_gets_a_link_that_shows_the_meeting_and_its_papers(
    client: Client, cast: Cast, meeting: MeetingPage, paper: SiteDocument
) -> None:
    cast.enter(Role.ORGANISERS)
    assert screen(meeting) in client.get(f"/admin/pages/{meeting.pk}/edit/").content.decode()
    client.post(screen(meeting), {"send": "1", "to": "new", "text": "Tervetuloa!"})
    again = client.post(screen(meeting), {"send": "1", "to": "new", "text": "Tervetuloa!"})
    assert (again.status_code, "Tervetuloa!" in again.content.decode()) == (422, True)
    client.logout()
    [mail] = Delivery.objects.filter(key__startswith="events.meeting")
    row = Invitation.objects.get(person__email="jaana@example.org")
    text = letters.text_of(mail)
    assert all(words in text for words in ("Tervetuloa!", "1. Talous", path(row)))
    assert path(row).startswith("/sv/")
    shown = client.get(path(row))
    assert (shown.status_code, shown["Cache-Control"], shown["X-Robots-Tag"]) == (200, "private, no-store", "noindex")
    assert all(words in shown.content.decode() for words in ("Talousarvio", "Jaana Jäsen", "Pirjo Puheenjohtaja"))
    assert client.get(paper.url).status_code != 200
    file = client.get(f"{path(row)}{paper.pk}/")
    assert b"".join(file.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    other = SiteDocument.objects.create(title="Muu", file=ContentFile(b"%PDF-1.7\n%%EOF\n", "muu.pdf"))
    assert client.get(f"{path(row)}{other.pk}/").status_code == 404
    assert b"METHOD:PUBLISH" in client.get(f"{path(row)}meeting.ics").content


def test_the_link_is_for_who_takes_part_as_long_as_they_do(client: Client, meeting: MeetingPage, member: Person) -> None:
    row = Invitation.objects.get(person=member)
    forged = path(row).replace("/meeting/", "/meeting/x")
    for address in (forged, f"{forged}1/", f"{forged}meeting.ics"):
        assert client.get(address).status_code == 404
    meeting.unpublish()
    gone = client.get(path(row))
    assert (gone.status_code, b"Salainen" in gone.content) == (404, False)
    publish(meeting, attendance=[])
    assert client.get(path(row)).status_code == 404
    assert not Invitation.objects.exists()


def test_an_answer_is_kept_shown_and_changed_until_the_meeting_is_over(client: Client, cast: Cast, meeting: MeetingPage, member: Person) -> None:
    row = Invitation.objects.get(person=member)
    said = {"token": new_token(), "answer": "comes", "message": ""}
    assert "answer" not in client.get(path(row)).content.decode().partition('id="people-title"')[2]
    assert client.post(path(row), said | {"answer": "perhaps"}).status_code == 422
    # There is no link by which to come online.
    assert client.post(path(row), said | {"answer": "online"}).status_code == 422
    assert "vastauksesi on tallessa" in client.post(path(row), said, follow=True).content.decode()
    client.post(path(row), said | {"answer": "away", "message": "Varajäsen tulee"})
    row.refresh_from_db()
    assert (row.answer, row.message) == ("away", "Varajäsen tulee")
    cast.enter(Role.ORGANISERS)
    assert all(words in client.get(screen(meeting)).content.decode() for words in ("Ei pääse", "Varajäsen tulee"))
    assert "Ei pääse" in client.get(meeting.url).content.decode()
    MeetingPage.objects.update(starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1))
    late = client.post(path(row), said)
    row.refresh_from_db()
    assert (late.status_code, row.answer, b'name="answer"' in late.content) == (410, "away", False)


def test_a_meeting_that_moved_is_told_anew_and_a_typo_is_not(meeting: MeetingPage, member: Person) -> None:
    rows = invitations.of_meeting(meeting)
    assert invitations.send(page=meeting, rows=invitations.untold(meeting, rows)) == 1
    meeting.title = "Toinen otsikko"
    meeting.save_revision().publish()
    assert invitations.untold(meeting, invitations.of_meeting(meeting)) == []
    meeting.starts_at += timedelta(days=1)
    meeting.ends_at += timedelta(days=1)
    meeting.save_revision().publish()
    changed = invitations.untold(meeting, invitations.of_meeting(meeting))
    assert [row.person for row in changed] == [member]
    invitations.send(page=meeting, rows=changed)
    subjects = [str(row.subject) for row in Delivery.objects.filter(key__startswith="events.meeting").order_by("pk")]
    assert [subject.partition(":")[0] for subject in subjects] == ["Inbjudan till ett möte", "Mötet har ändrats"]


def test_who_came_is_recorded_for_the_page_and_the_goals(client: Client, cast: Cast, meeting: MeetingPage, member: Person) -> None:
    MeetingPage.objects.update(starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1))
    page = MeetingPage.objects.get()
    page.save_revision().publish()
    cast.enter(Role.ORGANISERS)
    client.post(screen(meeting), {f"state-{member.pk}": "present", "state-x": "present", "state-999999": "away"})
    assert [child.value["state"] for child in MeetingPage.objects.get().attendance] == ["present", "invited"]
    assert Touch.objects.get(kind=Touch.Kind.MET).person == member
    # Where somebody is at work on the page, their draft is not published with it.
    page = MeetingPage.objects.get()
    page.title = "Kesken"
    page.save_revision()
    client.post(screen(meeting), {f"state-{member.pk}": "away"})
    page = MeetingPage.objects.get()
    assert (page.title, page.attendance[0].value["state"]) == ("Salainen kokous", "present")
    draft = page.get_latest_revision_as_object()
    assert (draft.title, draft.attendance[0].value["state"]) == ("Kesken", "away")


@pytest.mark.parametrize("role", [Role.COORDINATORS, Role.PROJECTS, None])
def test_who_may_not_publish_the_page_invites_nobody(client: Client, cast: Cast, meeting: MeetingPage, role: Role | None) -> None:
    cast.enter(role)
    assert client.get(screen(meeting)).status_code in {302, 403}
    client.post(screen(meeting), {"send": "1", "to": "everybody"})
    assert not Delivery.objects.filter(key__startswith="events.meeting").exists()


def test_what_is_held_on_who_is_invited(meeting: MeetingPage, member: Person, goal: Goal, client: Client) -> None:
    invitations.answer(invitation=Invitation.objects.get(person=member), answer="comes", message="Kahvia!", page=meeting)
    held: list[dict[str, Any]] = export_person(member)["events.Invitation"]
    assert [row["message"] for row in held] == ["Kahvia!"]
    winner = factories.make_person(goal.theme)
    merge_people(winner=winner, loser=member)
    row = Invitation.objects.get(person=winner)
    address = path(row)
    erase_person(winner)
    assert client.get(address).status_code == 404


def test_the_number_of_queries_does_not_grow(client: Client, cast: Cast, meeting: MeetingPage, goal: Goal) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cast.enter(Role.ORGANISERS)

    def cost() -> int:
        client.get(screen(meeting))
        with CaptureQueriesContext(connection) as queries:
            client.get(screen(meeting))
        return len(queries)

    before = cost()
    publish(meeting, attendance=[came(factories.make_person(goal.theme), "invited") for _number in range(12)])
    assert cost() <= before
