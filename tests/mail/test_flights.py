from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from mail import control, flights, ledger, undo
from mail.models import Delivery, Flight
from mail.transports import Kind, Outcome
from tests.mail.conftest import addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mail.models import Mailing
    from tests.mail.conftest import Freeze

SENT = Outcome(Kind.SENT, "250 taken")


def mark(rows: Sequence[Delivery]) -> list[Delivery]:
    try:
        return ledger.mark_in_flight(rows)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("take", "state"),
    [
        (lambda mailing: control.pause(mailing, by=None), "waiting"),
        (lambda mailing: control.cancel(mailing, by=None), "suppressed"),
        (lambda mailing: undo.withdraw(mailing, by=None), "claimed"),
    ],
)
def test_what_is_about_to_leave_is_left_to_its_worker(
    freeze: Freeze, monkeypatch: pytest.MonkeyPatch, take: Callable[[Mailing], Any], state: str
) -> None:
    """The worker has looked whether the copies are its own, and has not said yet that they leave."""
    mailing = freeze(*addresses(5))
    rows = ledger.claim()
    has_looked = threading.Event()
    locked = flights._locked

    def slowly(*asked: Any) -> set[int]:
        found = locked(*asked)
        has_looked.set()
        time.sleep(0.5)
        return found

    monkeypatch.setattr(flights, "_locked", slowly)
    with ThreadPoolExecutor(1) as pool:
        marking = pool.submit(mark, rows[:2])
        assert has_looked.wait(10)
        take(mailing)
        held = marking.result()
    on_the_wire = {row.pk for row in held}
    assert len(on_the_wire) == 2
    assert flights.on_the_wire() == on_the_wire
    assert set(Delivery.objects.filter(state="claimed").values_list("pk", flat=True)) >= on_the_wire
    assert set(Delivery.objects.filter(pk__in=[row.pk for row in rows[2:]]).values_list("state", flat=True)) == {state}
    assert len(ledger.settle([(row, SENT) for row in held])) == 2
    assert not Flight.objects.exists()
    assert ledger.balance(mailing).is_balanced


@pytest.mark.django_db
def test_a_flight_of_which_part_has_landed_names_the_rest(freeze: Freeze) -> None:
    mailing = freeze(*addresses(4))
    held = ledger.mark_in_flight(ledger.claim())
    ledger.settle([(row, SENT) for row in held[:2]])
    assert flights.on_the_wire() == {row.pk for row in held[2:]}
    assert control.cancel(mailing, by=None) == 0
    ledger.settle([(held[2], Outcome(Kind.DEFERRED, "451 later")), (held[3], SENT)])
    assert not Flight.objects.exists()
    deferred = Delivery.objects.get(pk=held[2].pk)
    assert (deferred.state, deferred.attempts) == ("waiting", 1)
    assert deferred.trying_since


@pytest.mark.django_db
def test_what_is_written_down_twice_counts_once(freeze: Freeze, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away in the middle, and the worker begins again with what it knows."""
    mailing = freeze(*addresses(2))
    held = ledger.mark_in_flight(ledger.claim())
    results = [(held[0], SENT), (held[1], Outcome(Kind.NOT_TRIED))]
    land = flights.land
    monkeypatch.setattr(flights, "land", lambda rows: [*rows, 1 / 0])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ledger.settle(results)
    monkeypatch.setattr(flights, "land", land)
    assert len(ledger.settle(results)) == 2
    assert not Flight.objects.exists()
    assert sorted(Delivery.objects.filter(mailing=mailing).values_list("state", "attempts")) == [("sent", 1), ("waiting", 0)]
