from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone
from wagtail.models import ModelLogEntry

from mail import control, engine, ledger
from mail.balance import pace
from mail.models import Delivery
from tests.mail.conftest import addresses

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mail.conftest import Freeze, Heard

State = Delivery.State


def logged() -> list[str]:
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.django_db
def test_a_paused_mailing_rests_until_it_is_resumed(freeze: Freeze, outbox_folder: Path) -> None:
    mailing = freeze(*addresses(5))
    assert control.pause(mailing, by=None)
    assert not control.pause(mailing, by=None)
    engine.deliver_now()
    engine.sweep()
    assert ledger.balance(mailing).waiting == 5
    assert control.resume(mailing, by=None)
    assert not control.resume(mailing, by=None)
    engine.deliver_now()
    assert ledger.balance(mailing).sent == 5
    assert not control.pause(mailing, by=None)
    assert logged() == ["mail.pause", "mail.resume"]


@pytest.mark.django_db
def test_a_pause_reaches_a_worker_in_the_middle(freeze: Freeze) -> None:
    mailing = freeze(*addresses(3 * engine.CHUNK))
    rows = ledger.claim()
    first = ledger.mark_in_flight(rows[: engine.CHUNK])
    control.pause(mailing, by=None)
    assert ledger.mark_in_flight(rows[engine.CHUNK :]) == []
    assert len(first) == engine.CHUNK
    assert ledger.claim() == []


@pytest.mark.django_db
def test_a_cancelled_mailing_keeps_what_left_and_counts_the_rest_as_suppressed(freeze: Freeze, outbox_folder: Path) -> None:
    mailing = freeze(*addresses(5))
    rows = ledger.claim(limit=3)
    held = ledger.mark_in_flight(rows[:1])
    assert control.cancel(mailing, by=None) == 4
    assert ledger.mark_in_flight(rows[1:]) == []
    ledger.settle([(held[0], ledger.Outcome(ledger.Kind.SENT))])
    ledger.finish_mailings()
    mailing.refresh_from_db()
    assert mailing.cancelled_at
    assert mailing.finished_at
    assert ledger.balance(mailing) == ledger.Balance(5, 1, 0, 4, 0, 0)
    engine.deliver_now()
    assert ledger.balance(mailing).sent == 1
    assert control.cancel(mailing, by=None) == 0
    assert logged() == ["mail.cancel"]


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [True, False])
def test_all_doubts_are_settled_by_one_word(freeze: Freeze, heard: Heard, sent: bool) -> None:
    mailing = freeze(*addresses(4))
    held = ledger.mark_in_flight(ledger.claim())
    ledger.settle([(row, ledger.Outcome(ledger.Kind.IN_DOUBT)) for row in held[:3]])
    assert control.resolve_doubts(mailing, sent=sent, by=None) == 3
    assert control.resolve_doubts(mailing, sent=not sent, by=None) == 0
    assert logged() == ["mail.resolve_doubt"]
    look = ledger.balance(mailing)
    assert look.is_balanced
    assert (look.in_doubt, look.sent, look.failed) == (0, 3 if sent else 0, 0 if sent else 3)
    assert len(heard.sent) == (3 if sent else 0)


@pytest.mark.django_db
def test_the_pace_is_that_of_the_last_minute(freeze: Freeze, outbox_folder: Path) -> None:
    mailing = freeze(*addresses(5))
    engine.deliver_now()
    assert pace(mailing) == 5
    Delivery.objects.filter(mailing=mailing).update(settled_at=timezone.now() - timedelta(minutes=2))
    # Kept for some seconds.
    assert pace(mailing) == 5
    cache.clear()
    assert pace(mailing) == 0
