"""Two at once: who sends, who approves, and who takes it back."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from base.models import User
from mail import engine, undo
from mail.models import Delivery, Mailing
from newsletters import dispatching, issues
from newsletters.recipients import NotSendable
from tests.newsletters.test_dispatching import Office


@pytest.mark.django_db(transaction=True)
def test_undoing_and_sending_at_once_leave_all_or_nothing():
    office = Office()
    for _round in range(4):
        mailing = issues.send_issue(office.issue)
        outcomes: list[bool] = []
        start = threading.Barrier(2)

        def take_back(mailing=mailing, outcomes=outcomes, start=start):
            start.wait()
            outcomes.append(undo.withdraw(mailing, by=None))
            connection.close()

        def deliver(mailing=mailing, start=start):
            start.wait()
            engine.deliver_now(mailing.pk)
            connection.close()

        threads = [threading.Thread(target=target) for target in (take_back, deliver)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rows = list(Delivery.objects.filter(mailing=mailing.pk).values_list("state", flat=True))
        assert (outcomes, rows) in [([True], []), ([False], ["sent", "sent"])]
        if outcomes == [False]:
            Mailing.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_that_approve_at_once_send_once():
    office = Office()
    third = User.objects.create_superuser("kolmas", "kolmas@example.org", "x")
    dispatching.ask(issue=office.issue, by=office.writer)
    start, found = threading.Barrier(2), []

    def approve(user):
        start.wait()
        try:
            found.append(dispatching.approve(issue=office.issue, by=user))
        except NotSendable as refusal:
            found.append(refusal)
        connection.close()

    threads = [threading.Thread(target=approve, args=(user,)) for user in (office.second, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Mailing.objects.count() == 1
    assert Delivery.objects.filter(mailing__isnull=False).count() == 2
    assert len(found) == 2
