"""What came of an issue: each figure against copies, clicks and readers made by the product's own ways."""

from __future__ import annotations

import csv
import json
from copy import deepcopy
from datetime import timedelta
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from base.models import User
from base.roles import Role
from contacts import outreach, people
from contacts.models import Person, Tally, Touch
from mail import clicks, links
from mail.clicks import Rule, Visit
from mail.inbound import verp
from mail.inbound.receiving import receive
from mail.models import Bounce, Delivery, Link
from newsletters import issues, result_views, subscriptions
from newsletters.models import IssuePage, NewsletterPage, Subscription
from newsletters.results import results_of
from tests import factories
from tests.mail.inbound import notices
from tests.newsletters.test_issues import World as Letters
from themes.teams import put_into_teams

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ROBOT = "Googlebot/2.1 (+http://www.google.com/bot.html)"


class World(Letters):
    """An issue with an event in it."""

    def __init__(self) -> None:
        super().__init__()
        self.event = factories.make_event_page(factories.make_events_page(self.home), goals=[self.own], title="=Tapahtuma")
        self.issue = factories.make_issue(self.page, goals=[self.own], body=[("item", self.story), ("item", self.event)])

    def send_to(self, **languages: int) -> list[Delivery]:
        for language, number in languages.items():
            self.subscribe(number, language)
        self.mailing = self.send()
        self.issue.refresh_from_db()
        # As if they had arrived a while ago: what follows at once is a scanner.
        Delivery.objects.filter(mailing=self.mailing).update(settled_at=timezone.now() - timedelta(hours=1))
        return list(self.mailing.deliveries.order_by("pk"))

    def link(self, page: Any) -> Link:
        found = Link.objects.filter(mailing=self.mailing, item_key=page.translation_key, url__endswith=f"/{page.slug}/").first()
        assert found is not None
        return found


@pytest.fixture(scope="module")
def made(shared_db: None) -> World:
    return World()


@pytest.fixture
def world(db: None, made: World, settings: Any) -> World:
    settings.BOUNCE_ADDRESS = "bounces@example.fi"
    return deepcopy(made)


def click(copy: Delivery, link: Link, agent: str = BROWSER) -> None:
    clicks.record(copy, link, Visit(agent, False, timezone.now()))


def come_back(copy: Delivery, **facts: str) -> None:
    receive(notices.dsn(to=verp.return_path(copy.pk), about=copy.address, **facts), source=Bounce.Source.PIPE)


def leave(copy: Delivery) -> None:
    place = reverse("newsletters:unsubscribe", args=[links.token(links.UNSUBSCRIBE, copy)])
    assert Client().post(place, {"List-Unsubscribe": "One-Click"}).status_code == 200


def of(copy: Delivery) -> Subscription:
    return Subscription.objects.get(person__key=copy.recipient_key)


def test_every_figure_is_what_happened(world: World) -> None:
    first, second, third, fourth, fifth = world.send_to(fi=5)
    story, event = world.link(world.story), world.link(world.event)
    click(first, story)
    click(first, event)
    click(first, story)
    click(second, story)
    click(third, story, ROBOT)
    click(third, event, "")
    come_back(fourth)
    leave(fifth)
    found = results_of(world.issue)
    total = found.total
    assert (total.copies, total.sent, total.came_back, total.delivered, total.clicked, total.left) == (5, 5, 1, 4, 2, 1)
    assert (total.click_share, total.left_share) == (50.0, 25.0)
    shown = {row.title: (row.people, row.machines) for row in found.links if row.people}
    assert shown == {world.story.title: (2, [(Rule.CRAWLER, 1)]), "=Tapahtuma": (1, [(Rule.NO_AGENT, 1)])}
    assert found.machine_clicks == 2
    assert [(row.name, row.copies, row.delivered, row.clicked) for row in found.languages] == [("suomi", 5, 4, 2)]
    assert [(row.refused, row.returned) for row in found.came_back] == [(0, 1), (0, 0), (0, 0)]
    assert found.segments == []


def test_a_copy_that_came_back_twice_counts_once_as_the_worst(world: World) -> None:
    (copy,) = world.send_to(fi=1)
    come_back(copy, status="4.2.2", said="smtp; 452 4.2.2 mailbox full")
    come_back(copy)
    assert Bounce.objects.came_back().count() == 2
    found = results_of(world.issue)
    assert [row.returned for row in found.came_back] == [1, 0, 0]
    assert (found.total.came_back, found.total.delivered, found.total.click_share) == (1, 0, None)


def test_domains_beyond_the_largest_are_summed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mail.summing.MOST_DOMAINS", 1)
    copies = world.send_to(fi=5)
    small = Delivery.objects.filter(pk__in=[copies[0].pk, copies[1].pk])
    small.update(address="x@pieni.example.org")
    Delivery.objects.filter(pk=copies[1].pk).update(address="x@toinen.example.org")
    click(copies[0], world.link(world.story))
    leave(copies[2])
    found = results_of(world.issue).domains
    assert [(row.name, row.copies, row.clicked, row.left) for row in found] == [("example.org", 3, 0, 1), (found[1].name, 2, 1, 0)]


def test_copies_of_erased_people_stay_in_the_sums(world: World) -> None:
    copies = world.send_to(fi=2)
    click(copies[0], world.link(world.story))
    before = results_of(world.issue).total
    people.erase_person(Person.objects.get(key=copies[0].recipient_key))
    after = results_of(world.issue).total
    assert (after.copies, after.sent, after.clicked) == (before.copies, before.sent, before.clicked) == (2, 2, 1)


def test_registrations_follow_a_persons_click_on_the_events_link(world: World) -> None:
    clicked, early, late, other, machine = world.send_to(fi=5)
    act, link, now = world.event.record_outreach(), world.link(world.event), timezone.now()
    for copy in (clicked, early, late):
        click(copy, link)
    click(other, world.link(world.story))
    click(machine, link, ROBOT)
    for copy, after in ((clicked, 1), (early, -1), (late, 15), (other, 1), (machine, 1)):
        person = Person.objects.get(key=copy.recipient_key)
        Touch.objects.filter(person=person, kind=Touch.Kind.REGISTERED).delete()
        outreach.touch(act, person, Touch.Kind.REGISTERED, cause=f"test:{copy.pk}", at=now + timedelta(days=after))
    assert [(row.event, row.people) for row in results_of(world.issue).followed] == [("=Tapahtuma", 1)]


def test_views_of_the_page_by_language(world: World) -> None:
    world.send_to(fi=1)
    act = world.issue.record_outreach()
    for language, number in (("fi", 3), ("en", 1)):
        outreach.count(act, Tally.Kind.VIEW, cause="page", language=language, number=number)
    assert results_of(world.issue).views == {"suomi": 3, "English": 1}


def test_leaving_is_the_issues_by_every_way_of_its_copies(world: World) -> None:
    link, centre, some, mail, complaint = world.send_to(fi=5)
    leave(link)
    place = reverse("newsletters:preferences", args=[links.token(links.PREFERENCES, centre)])
    assert Client().post(place, {"leave": "1"}).status_code == 302
    subscriptions.end_subscription(of(some), how="by phone")
    to, token = "bounces@example.fi", links.token(links.UNSUBSCRIBE, mail)
    receive(f"From: a@example.net\nTo: {to}\nSubject: unsubscribe {token}\n\n.\n".encode(), source=Bounce.Source.MAILBOX)
    receive(notices.complaint(quoted=notices.message_id(complaint), about=complaint.address), source=Bounce.Source.PIPE)
    assert Subscription.objects.filter(state="ended").count() == 5
    assert {of(copy).ended_by_id for copy in (link, centre, mail, complaint)} == {link.pk, centre.pk, mail.pk, complaint.pk}
    assert of(some).ended_by is None
    found = results_of(world.issue)
    assert (found.total.left, found.reports) == (4, {"complaint": 1})
    # Whoever comes back has not left.
    subscriptions.confirm_subscription(of(link), how="test")
    assert (of(link).ended_by, results_of(world.issue).total.left) == (None, 3)


def test_a_merge_keeps_the_copy_of_the_later_leaving(world: World) -> None:
    first, second = world.send_to(fi=2)
    leave(first)
    leave(second)
    winner, loser = (Person.objects.get(key=copy.recipient_key) for copy in (first, second))
    people.merge_people(winner=winner, loser=loser)
    assert Subscription.objects.get(person=winner).ended_by == second


def test_parts_have_rows_of_their_own(world: World) -> None:
    sub_theme = factories.make_sub_theme(world.theme)
    part = ("only_for", {"sub_themes": [sub_theme.key], "regions": [], "content": [("paragraph", "<p>Vain teille</p>")]})
    world.issue = factories.make_issue(world.page, goals=[world.own], body=[("paragraph", "<p>Kaikille</p>"), part])
    world.subscribe(1)
    Subscription.objects.get().sub_themes.set([factories.make_sub_theme(world.theme)])
    world.send_to(fi=2)
    found = results_of(world.issue).segments
    assert [row.copies for row in found] == [1, 2]
    assert found[1].name == sub_theme.name


def test_issues_stand_side_by_side(world: World) -> None:
    for number in range(14):
        issue = factories.make_issue(world.page, goals=[world.own], title=f"Ennen {number}")
        world.subscribe(1)
        mailing = issues.send_issue(issue)
        Delivery.objects.filter(mailing=mailing).update(state="sent")
    world.send_to(fi=1)
    found = results_of(world.issue).compared
    assert len(found) == 12
    assert [row.sums.sent for row in found] == list(range(15, 3, -1))
    assert [row.is_this for row in found] == [True] + [False] * 11
    oldest = IssuePage.objects.get(title="Ennen 0")
    assert [row.issue.title for row in results_of(oldest).compared][-2:] == ["Ennen 3", "Ennen 0"]


def test_a_click_taken_back_counts_anew(world: World) -> None:
    (copy,) = world.send_to(fi=1)
    for number, link in enumerate(Link.objects.filter(mailing=world.mailing).order_by("pk"), 1):
        click(copy, link)
        if number == 1:
            assert results_of(world.issue).total.clicked == 1
    assert results_of(world.issue).total.clicked == 0
    assert results_of(world.issue).machine_clicks == number


def place(world: World) -> str:
    return result_views.results_url(world.issue)


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.COORDINATORS, Role.ADMINISTRATORS])
def test_who_reads_newsletters_or_outreach_sees_the_results(world: World, cast: Cast, role: Role) -> None:
    world.send_to(fi=1)
    answer = cast.enter(role).get(place(world))
    assert answer.status_code == 200
    assert "=Tapahtuma" in answer.content.decode()


def test_coordinators_find_them_from_the_act_of_communication(world: World, cast: Cast) -> None:
    world.send_to(fi=1)
    client = cast.enter(Role.COORDINATORS)
    act = reverse("desk:outreach", args=[world.issue.record_outreach().pk])
    assert f'href="{place(world)}"' in client.get(act).content.decode()
    other = reverse("desk:outreach", args=[world.story.record_outreach().pk])
    assert "/results/" not in client.get(other).content.decode()


def test_editors_find_them_from_the_issue_and_from_its_sending(world: World, cast: Cast) -> None:
    world.send_to(fi=1)
    client = cast.enter(Role.COMMUNICATIONS)
    for there in (reverse("wagtailadmin_explore", args=[world.issue.pk]), reverse("newsletters_send_issue", args=[world.issue.pk])):
        assert f'href="{place(world)}"' in client.get(there).content.decode()


@pytest.mark.parametrize("role", [Role.ORGANISERS, Role.PROJECTS])
@pytest.mark.parametrize("query", ["", "?export=csv", "?export=xlsx"])
def test_others_do_not(world: World, cast: Cast, role: Role, query: str) -> None:
    world.send_to(fi=1)
    assert cast.enter(role).get(place(world) + query).status_code == 403


def test_nobody_without_a_role_does(world: World, cast: Cast) -> None:
    world.send_to(fi=1)
    assert cast.enter(None).get(place(world)).status_code == 302


def test_nor_who_works_in_another_theme(world: World, cast: Cast) -> None:
    world.send_to(fi=1)
    other = factories.make_theme()
    for role, status in ((Role.COMMUNICATIONS, 403), (Role.COORDINATORS, 403)):
        client = cast.enter(role)
        user = User.objects.get(pk=client.session["_auth_user_id"])
        put_into_teams(user=user, places=[(other.pk, role.value)])
        assert client.get(place(world)).status_code == status


def test_a_translation_leads_to_the_issue_that_was_sent(world: World, cast: Cast) -> None:
    translated = world.translate("sv")
    client = cast.enter(Role.COMMUNICATIONS)
    assert "Numeroa ei ole lähetetty" in client.get(result_views.results_url(translated)).content.decode()
    world.send_to(fi=1)
    assert client.get(result_views.results_url(translated)).url == place(world)


def test_the_files_hold_every_figure_and_no_formula(world: World, cast: Cast) -> None:
    copies = world.send_to(fi=3)
    click(copies[0], world.link(world.event))
    client = cast.enter(Role.COORDINATORS)
    answer: Any = client.get(place(world), {"export": "csv"})
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode())))
    assert "'=Tapahtuma" in {row[1].partition(" (")[0] for row in rows}
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    answer = client.get(place(world), {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(cells) == len(rows)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    # Each says what it is.
    assert all(row[4] for row in cells)
    assert [row[3] for row in cells if row[0] == cells[1][0]][:5] == [3, 3, 0, 3, 1]


def test_the_command_prints_the_same(world: World) -> None:
    world.send_to(fi=2)
    call_command("issue_results", world.issue.pk, json=True, stdout=(printed := StringIO()))
    rows = json.loads(printed.getvalue())
    assert rows[0] == {"table": rows[0]["table"], "of": world.issue.title, "figure": rows[0]["figure"], "number": 2, "meaning": rows[0]["meaning"]}
    call_command("issue_results", world.issue.pk, stdout=(printed := StringIO()))
    assert len(printed.getvalue().strip().splitlines()) == len(rows) + 1
    with pytest.raises(CommandError):
        call_command("issue_results", world.page.pk)


def test_the_screen_takes_as_many_queries_for_many_copies(world: World, cast: Cast) -> None:
    client = cast.enter(Role.COMMUNICATIONS)

    def queries(number: int) -> int:
        world.subscribe(number)
        world.issue = factories.make_issue(NewsletterPage.objects.get(pk=world.page.pk), goals=[world.own], body=[("item", world.story)])
        for copy in world.send_to():
            click(copy, world.link(world.story))
            come_back(copy)
            leave(copy)
        client.get(place(world))
        with CaptureQueriesContext(connection) as found:
            assert client.get(place(world)).context["found"].total.left == number
        return len(found)

    # The first has no other issue beside it.
    queries(1)
    assert queries(2) == queries(20)
