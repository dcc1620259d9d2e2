from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import ModelLogEntry

from mail import flights, ledger, suppression
from mail.models import Delivery, Flight, Mailing, Suppression
from mail.transports import Kind, Outcome
from tests.mail.conftest import SYSTEM, addresses

if TYPE_CHECKING:
    from tests.mail.conftest import Freeze, Heard

State = Delivery.State
SENT = Outcome(Kind.SENT, "250 taken")


def states(mailing: Mailing) -> dict[str, int]:
    rows = Delivery.objects.filter(mailing=mailing).values_list("state", flat=True)
    return {state: list(rows).count(state) for state in set(rows)}


def let_leases_run_out() -> None:
    over = timezone.now() - timedelta(seconds=1)
    Delivery.objects.exclude(lease_until=None).update(lease_until=over)
    Flight.objects.update(lease_until=over)


def single(address: str = "a@example.org", stream: str = SYSTEM, **values: Any) -> Delivery:
    return Delivery.objects.create(stream=stream, address=address, mime=b"To: a\r\n\r\n\r\n", **values)


@pytest.mark.django_db
def test_the_way_of_a_copy(freeze: Freeze, heard: Heard) -> None:
    mailing = freeze("a@example.org")
    rows = ledger.claim()
    assert states(mailing) == {"claimed": 1}
    held = ledger.mark_in_flight(rows)
    assert states(mailing) == {"claimed": 1}
    assert flights.on_the_wire() == {held[0].pk}
    assert ledger.balance(mailing).is_balanced
    ledger.settle([(held[0], SENT)])
    row = Delivery.objects.get(mailing=mailing)
    assert (row.state, row.reply, row.attempts, row.lease_until) == ("sent", "250 taken", 1, None)
    assert row.settled_at
    assert not Flight.objects.exists()
    assert heard.sent == [row.pk]
    assert ledger.finish_mailings() == 1


@pytest.mark.django_db
def test_a_copy_in_doubt_that_is_put_off_after_all_opens_its_mailing_again(freeze: Freeze) -> None:
    mailing = freeze("a@example.org")
    held = ledger.mark_in_flight(ledger.claim())
    let_leases_run_out()
    ledger.release_expired()
    ledger.finish_mailings()
    # As the worker that was slow knows it.
    held[0].lease_until = Delivery.objects.get(mailing=mailing).lease_until
    ledger.settle([(held[0], Outcome(Kind.DEFERRED, "451 later"))])
    Delivery.objects.update(due_at=timezone.now())
    assert [row.pk for row in ledger.claim()] == [held[0].pk]


@pytest.mark.django_db
def test_what_a_dead_worker_had_not_told_is_told_when_its_lease_has_run_out(freeze: Freeze, heard: Heard) -> None:
    freeze(*addresses(3))
    held = ledger.mark_in_flight(ledger.claim())
    untold: list[Delivery] = []
    ledger.settle([(row, SENT) for row in held[:2]], untold=untold)
    assert heard.sent == []
    assert untold == held[:2]
    let_leases_run_out()
    assert ledger.release_expired() == (0, 1)
    assert heard.sent == [row.pk for row in untold]


@pytest.mark.django_db
def test_the_balance_holds_at_every_look(freeze: Freeze) -> None:
    mailing = freeze(*addresses(9))
    suppression.suppress("reader0@example.org", "complaint")
    kinds = [Kind.SENT, Kind.SENT, Kind.FAILED, Kind.DEFERRED, Kind.IN_DOUBT, Kind.NOT_TRIED]
    looks = [ledger.balance(mailing)]
    rows = ledger.claim(limit=7)
    looks.append(ledger.balance(mailing))
    held = ledger.mark_in_flight(rows)
    looks.append(ledger.balance(mailing))
    ledger.settle(list(zip(held, map(Outcome, kinds), strict=True)))
    looks.append(ledger.balance(mailing))
    assert all(look.is_balanced for look in looks)
    assert looks[-1] == ledger.Balance(frozen=9, sent=2, failed=1, suppressed=1, in_doubt=1, waiting=4)


@pytest.mark.django_db
def test_balances_take_two_queries_however_many(freeze: Freeze, django_assert_num_queries: Any) -> None:
    ids = [freeze("a@example.org", "b@example.org", key="one").pk, freeze(key="two").pk]
    with django_assert_num_queries(2):
        found = ledger.balances(ids)
    assert [found[pk].waiting for pk in ids] == [2, 2]


@pytest.mark.django_db
def test_a_lost_row_is_a_balance_that_fails(freeze: Freeze) -> None:
    mailing = freeze(*addresses(3))
    Delivery.objects.filter(address="reader1@example.org").delete()
    assert not ledger.balance(mailing).is_balanced


@pytest.mark.django_db
def test_a_lease_that_runs_out_frees_what_was_claimed_and_doubts_what_was_in_flight(freeze: Freeze) -> None:
    mailing = freeze(*addresses(5))
    rows = ledger.claim()
    ledger.mark_in_flight(rows[:2])
    let_leases_run_out()
    assert ledger.release_expired() == (3, 2)
    assert states(mailing) == {"waiting": 3, "in_doubt": 2}
    assert ledger.balance(mailing).is_balanced


@pytest.mark.django_db
def test_a_worker_thought_dead_changes_nothing_of_its_successor(freeze: Freeze) -> None:
    freeze("a@example.org")
    stale = ledger.claim()
    let_leases_run_out()
    ledger.release_expired()
    fresh = ledger.mark_in_flight(ledger.claim())
    assert ledger.mark_in_flight(stale) == []
    assert ledger.settle([(stale[0], Outcome(Kind.FAILED))]) == []
    assert ledger.settle([(fresh[0], SENT)]) == fresh


@pytest.mark.django_db
def test_a_slow_worker_that_learns_the_answer_ends_the_doubt(freeze: Freeze, heard: Heard) -> None:
    mailing = freeze("a@example.org")
    held = ledger.mark_in_flight(ledger.claim())
    slow = Delivery.objects.get(pk=held[0].pk)
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(minutes=5)):
        ledger.release_expired()
    assert states(mailing) == {"in_doubt": 1}
    ledger.settle([(slow, SENT)])
    assert states(mailing) == {"sent": 1}
    assert heard.sent == [slow.pk]


@pytest.mark.django_db(transaction=True)
def test_no_row_is_claimed_twice_by_workers_at_once(freeze: Freeze) -> None:
    freeze(*addresses(120))
    claimed: list[int] = []

    def work() -> None:
        try:
            while rows := ledger.claim(limit=10):
                claimed.extend(row.pk for row in rows)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 120


@pytest.mark.django_db
def test_suppression_is_asked_when_a_row_is_claimed(freeze: Freeze) -> None:
    mailing = freeze("a@example.org", "Gone@example.org")
    suppression.suppress("gone@example.org", "by_hand")
    assert [row.address for row in ledger.claim()] == ["a@example.org"]
    assert states(mailing) == {"claimed": 1, "suppressed": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(("reason", "goes"), [("erased", True), ("by_hand", True), ("complaint", True), ("hard_bounce", False)])
def test_what_a_person_has_just_asked_for_stops_at_bounces_alone(heard: Heard, reason: str, goes: bool) -> None:
    single()
    suppression.suppress("a@example.org", reason)
    assert bool(ledger.claim()) is goes


@pytest.mark.django_db
def test_single_messages_go_first(freeze: Freeze) -> None:
    mailing = freeze(*addresses(3))
    confirmation = single()
    assert ledger.claim(mailing_id=mailing.pk) == [confirmation]
    assert len(ledger.claim()) == 3


@pytest.mark.django_db
def test_a_deferral_waits_longer_each_time_and_ends_after_two_days(freeze: Freeze) -> None:
    mailing = freeze("a@example.org")
    pauses = [ledger.pause(attempt).total_seconds() / 60 for attempt in (1, 2, 3, 20)]
    for minutes, expected in zip(pauses, (1, 2, 4, 240), strict=True):
        assert expected * 0.8 <= minutes <= expected * 1.2
    held = ledger.mark_in_flight(ledger.claim())
    ledger.settle([(held[0], Outcome(Kind.DEFERRED, "451 later"))])
    row = Delivery.objects.get(mailing=mailing)
    assert (row.state, row.reply) == ("waiting", "451 later")
    assert row.due_at > timezone.now()
    assert ledger.claim() == []
    Delivery.objects.update(due_at=timezone.now(), trying_since=timezone.now() - timedelta(hours=49))
    held = ledger.mark_in_flight(ledger.claim())
    ledger.settle([(held[0], Outcome(Kind.DEFERRED, "451 later"))])
    assert states(mailing) == {"failed": 1}


@pytest.mark.django_db
def test_what_was_not_tried_is_no_attempt(freeze: Freeze) -> None:
    freeze("a@example.org")
    held = ledger.mark_in_flight(ledger.claim())
    ledger.settle([(held[0], Outcome(Kind.NOT_TRIED))])
    row = Delivery.objects.get(pk=held[0].pk)
    assert (row.state, row.attempts) == ("waiting", 0)
    assert [again.pk for again in ledger.claim()] == [row.pk]


@pytest.mark.django_db
def test_a_hard_bounce_suppresses_at_once_and_its_reply_keeps_no_address(freeze: Freeze) -> None:
    freeze("a@example.org")
    held = ledger.mark_in_flight(ledger.claim())
    ledger.settle([(held[0], Outcome(Kind.FAILED, "550 5.1.1 <A@example.org> unknown", is_hard_bounce=True))])
    assert Suppression.objects.get().reason == "hard_bounce"
    assert "example.org" not in Delivery.objects.get(pk=held[0].pk).reply


@pytest.mark.django_db
def test_retrying_the_failed_leaves_a_trace(freeze: Freeze, admin_user: Any) -> None:
    mailing = freeze("a@example.org", "b@example.org")
    held = ledger.mark_in_flight(ledger.claim())
    ledger.settle([(held[0], SENT), (held[1], Outcome(Kind.FAILED, "550 no"))])
    ledger.finish_mailings()
    assert ledger.retry_failed(mailing, admin_user) == 1
    assert ledger.retry_failed(mailing, admin_user) == 0
    mailing.refresh_from_db()
    assert mailing.finished_at is None
    assert states(mailing) == {"sent": 1, "waiting": 1}
    assert ModelLogEntry.objects.get(action="mail.retry_failed").user == admin_user


@pytest.mark.django_db
@pytest.mark.parametrize(("sent", "state"), [(True, "sent"), (False, "failed")])
def test_a_doubt_is_settled_by_a_person_once(freeze: Freeze, heard: Heard, admin_user: Any, sent: bool, state: str) -> None:
    mailing = freeze("a@example.org")
    held = ledger.mark_in_flight(ledger.claim())
    ledger.settle([(held[0], Outcome(Kind.IN_DOUBT))])
    assert ledger.resolve_doubt(held[0], sent=sent, by=admin_user)
    assert not ledger.resolve_doubt(held[0], sent=not sent, by=admin_user)
    assert states(mailing) == {state: 1}
    assert heard.sent == ([held[0].pk] if sent else [])
    entry = ModelLogEntry.objects.get(action="mail.resolve_doubt")
    assert "example.org" not in f"{entry.label}{entry.data}"
