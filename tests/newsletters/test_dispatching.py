"""From the wish to send an issue to its sending: a second person, a time, and a minute to undo it."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from django_q.models import Schedule

from base.models import User
from base.roles import Role
from mail import engine, flights, ledger, undo
from mail.models import Delivery, Mailing
from newsletters import dispatching, issues
from newsletters.models import Dispatch, IssuePage, Subscription
from newsletters.sending import DueForm
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db
TEXT = ("paragraph", "<p>Luettavaa</p>")


class Office:
    def __init__(self) -> None:
        self.theme = factories.make_theme()
        self.home = factories.make_home(self.theme)
        self.letter = factories.make_newsletter_page(self.home, factories.make_newsletter(self.theme, needs_approval=True))
        self.writer = Cast(Client()).user(Role.COMMUNICATIONS)
        self.second = User.objects.create_user("toinen", "toinen@example.org", "x", first_name="Toinen", last_name="Viestijä")
        self.second.groups.add(Group.objects.get(name=Role.COMMUNICATIONS.value))
        for _ in range(2):
            person = factories.make_person(self.theme)
            Subscription.objects.create(newsletter=self.letter.newsletter, person=person, language="fi", state="confirmed", asked_at=timezone.now())
        self.story = factories.make_story(factories.make_section(self.home))
        issue = factories.make_issue(self.letter, body=[TEXT, ("item", self.story)])
        issue.save_revision(user=self.writer).publish()
        self.pk = issue.pk

    @property
    def issue(self):
        return IssuePage.objects.select_related("mailing", "locale", "theme").get(pk=self.pk)

    def client(self, user):
        client = Client()
        client.force_login(user)
        return client

    def press(self, user, action, **data):
        return self.client(user).post(f"/admin/newsletters/issues/{self.pk}/send/", {"action": action, **data}, follow=True)

    def stage(self, user):
        return self.client(user).get(f"/admin/newsletters/issues/{self.pk}/send/").context["stage"]


@pytest.fixture(scope="module")
def made(shared_db):
    return Office()


@pytest.fixture
def office(db, made):
    return deepcopy(made)


def test_nobody_sends_on_their_own_word(office):
    assert office.stage(office.writer) == "ask"
    office.press(office.writer, "send")
    office.press(office.writer, "approve")
    assert office.issue.mailing is None
    office.press(office.writer, "ask")
    assert office.stage(office.writer) == "waits"
    office.press(office.writer, "approve")
    assert office.issue.mailing is None
    assert office.stage(office.second) == "approve"
    mail = Delivery.objects.get(address="toinen@example.org")
    assert office.issue.title in mail.subject
    office.press(office.second, "approve")
    assert office.issue.mailing.frozen_count == 2
    dispatch = Dispatch.objects.get()
    assert (dispatch.asked_by, dispatch.approved_by) == (office.writer, office.second)


def test_who_wrote_it_last_does_not_approve_it_though_another_asked(office):
    office.press(office.second, "ask")
    assert office.stage(office.writer) == "waits"
    office.press(office.writer, "approve")
    assert office.issue.mailing is None


def test_another_text_must_be_asked_for_again(office):
    office.press(office.writer, "ask")
    draft = office.issue
    draft.title = "Toinen otsikko"
    draft.save_revision(user=office.writer).publish()
    assert office.stage(office.second) == "ask"
    answer = office.press(office.second, "approve")
    assert "Teksti on muuttunut" in answer.content.decode()
    assert office.issue.mailing is None


def test_the_request_can_be_taken_back(office):
    office.press(office.writer, "ask")
    office.press(office.writer, "take_back")
    assert office.stage(office.second) == "ask"


def when(**delta):
    return f"{timezone.localtime() + timedelta(**delta):%Y-%m-%dT%H:%M}"


def test_an_approved_issue_goes_at_its_time_and_not_before(office):
    office.press(office.writer, "ask", due_at=when(hours=3))
    office.press(office.second, "approve")
    assert office.issue.mailing is None
    assert office.stage(office.writer) == "scheduled"
    row = Schedule.objects.get(func=dispatching.SEND_DUE)
    assert (row.schedule_type, row.args) == (Schedule.ONCE, str(office.pk))
    assert abs(row.next_run - timezone.now() - timedelta(hours=3)) < timedelta(minutes=2)
    dispatching.send_due(office.pk)
    assert office.issue.mailing is None
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=True):
        dispatching.send_due(office.pk)
        dispatching.send_due(office.pk)
    assert office.issue.mailing.frozen_count == 2


def test_a_time_can_be_moved_and_cancelled(office):
    newsletter = office.letter.newsletter
    newsletter.needs_approval = False
    newsletter.save()
    office.press(office.writer, "send", due_at=when(hours=3))
    office.press(office.writer, "send", due_at=when(hours=30))
    assert Schedule.objects.get(func=dispatching.SEND_DUE).next_run - timezone.now() > timedelta(hours=29)
    with time_machine.travel(timezone.now() + timedelta(hours=3, minutes=5), tick=True):
        dispatching.send_due(office.pk)
    assert office.issue.mailing is None
    office.press(office.writer, "take_back")
    assert not Schedule.objects.filter(func=dispatching.SEND_DUE).exists()
    with time_machine.travel(timezone.now() + timedelta(hours=31), tick=True):
        dispatching.send_due(office.pk)
    assert office.issue.mailing is None


@pytest.mark.parametrize("due_at", ["2020-01-01T09:00", "huomenna", "2199-01-01T09:00", "2027-03-28T03:30", "2027-10-31T03:30"])
def test_a_time_that_cannot_be_is_told_at_its_field(office, due_at):
    answer = office.client(office.writer).post(f"/admin/newsletters/issues/{office.pk}/send/", {"action": "ask", "due_at": due_at})
    assert answer.status_code == 422
    assert set(answer.context["due_form"].errors) == {"due_at"}
    assert due_at in answer.content.decode()
    assert not Dispatch.objects.filter(asked_at__isnull=False).exists()


@pytest.mark.parametrize("due_at", ["2027-03-28T03:30", "2027-10-31T03:30"])
def test_an_hour_that_the_clock_leaves_out_or_has_twice_is_told_in_words(due_at):
    form = DueForm({"due_at": due_at})
    assert not form.is_valid()
    assert "kelloa siirretään" in form.errors["due_at"][0]


def test_what_was_unpublished_meanwhile_keeps_the_issue_back_and_who_asked_is_told(office):
    office.press(office.writer, "ask", due_at=when(hours=3))
    office.press(office.second, "approve")
    office.story.unpublish()
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=True):
        dispatching.send_due(office.pk)
    assert office.issue.mailing is None
    assert office.story.title in Dispatch.objects.get().reason
    assert Delivery.objects.filter(address=office.writer.email, subject__startswith="Ei lähetetty").exists()
    office.story.delete()
    assert "stage" in office.client(office.second).get(f"/admin/newsletters/issues/{office.pk}/send/").context


def test_within_the_minute_it_can_be_undone_mended_and_sent_again(office, settings):
    settings.UNDO_SECONDS = 60
    office.press(office.writer, "ask")
    office.press(office.second, "approve")
    mailing = office.issue.mailing
    engine.deliver_now(mailing.pk)
    assert set(mailing.deliveries.values_list("state", flat=True)) == {"waiting"}
    Subscription.objects.first()
    office.press(office.second, "undo")
    assert office.issue.mailing is None
    assert not Mailing.objects.exists()
    assert not Delivery.objects.filter(mailing__isnull=False).exists()
    draft = office.issue
    draft.title = "Korjattu otsikko"
    draft.save_revision(user=office.writer).publish()
    office.press(office.writer, "ask")
    office.press(office.second, "approve")
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=True):
        engine.deliver_now()
    assert set(office.issue.mailing.deliveries.values_list("state", "subject")) == {("sent", "Korjattu otsikko")}
    answer = office.press(office.second, "undo")
    assert "Kumoaminen on myöhäistä" in answer.content.decode()
    assert office.issue.mailing.deliveries.count() == 2


def test_once_a_copy_was_tried_nothing_is_undone(office):
    mailing = issues.send_issue(office.issue)
    rows = ledger.claim(limit=1, mailing_id=mailing.pk)
    ledger.mark_in_flight([row for row in rows if row.mailing_id])
    before = sorted(mailing.deliveries.values_list("pk", "state"))
    assert flights.on_the_wire() & set(dict(before))
    assert undo.withdraw(mailing, by=None) is False
    assert sorted(mailing.deliveries.values_list("pk", "state")) == before


def test_a_worker_that_has_claimed_a_copy_finds_it_gone(office):
    mailing = issues.send_issue(office.issue)
    rows = ledger.claim(limit=5, mailing_id=mailing.pk)
    assert undo.withdraw(mailing, by=None) is True
    assert ledger.mark_in_flight(rows) == []
