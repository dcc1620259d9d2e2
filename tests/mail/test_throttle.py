from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from mail import engine, ledger, outbox, throttle
from mail.models import Delivery, ReceivingDomain
from mail.transports import Kind, Outcome
from tests.mail.conftest import SYSTEM, addresses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mail.conftest import Freeze
    from tests.mail.sink import Sink

State = Delivery.State


@pytest.fixture(autouse=True)
def unknown() -> Iterator[None]:
    throttle._troubled.clear()
    yield
    throttle._troubled.clear()


def at(domain: str, number: int) -> list[str]:
    return [f"reader{one}@{domain}" for one in range(number)]


def sent_to(domain: str) -> int:
    return Delivery.objects.filter(mailing__isnull=False, domain=domain, state=State.SENT).count()


@pytest.mark.django_db
def test_a_limit_holds_one_domain_and_no_other(freeze: Freeze, outbox_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LONGEST_WAIT", 0)
    ReceivingDomain.objects.create(name="slow.example", per_minute=60)
    with time_machine.travel("2026-11-27 10:00:00Z", tick=False) as clock:
        mailing = freeze(*at("slow.example", 9), *at("fast.example", 30))
        engine.deliver_now()
        # Two seconds' worth.
        assert (sent_to("slow.example"), sent_to("fast.example")) == (2, 30)
        engine.deliver_now()
        assert sent_to("slow.example") == 2
        assert 0 < (throttle.seconds_until_more() or 0) <= 2
        clock.shift(2)
        engine.sweep()
        assert sent_to("slow.example") == 4
        clock.shift(3600)
        # An hour without mail saves nothing up.
        engine.sweep()
        assert sent_to("slow.example") == 6
    assert ledger.balance(mailing) == ledger.Balance(39, 36, 0, 0, 0, 3)


@pytest.mark.django_db
def test_the_engine_waits_for_a_turn_that_is_near(freeze: Freeze, outbox_folder: Path) -> None:
    ReceivingDomain.objects.create(name="example.org", per_minute=1200)
    mailing = freeze(*addresses(60))
    engine.deliver_now()
    assert ledger.balance(mailing).sent == 60


@pytest.mark.django_db
def test_a_single_message_waits_for_no_limit(freeze: Freeze, outbox_folder: Path) -> None:
    ReceivingDomain.objects.create(name="example.org", per_minute=1, next_at=timezone.now() + timedelta(minutes=5))
    outbox.send(to="a@example.org", subject="Vahvista", text="Vahvista", html="<p>Vahvista</p>", language="fi", stream=SYSTEM)
    engine.deliver_now()
    assert Delivery.objects.get(mailing=None, stream=SYSTEM).state == State.SENT


@pytest.mark.django_db
def test_a_domain_that_puts_off_again_and_again_is_left_alone(freeze: Freeze, smtp: Sink) -> None:
    for address in at("grey.example", 60):
        smtp.rcpt_replies[address] = "450 4.2.0 greylisted"
    mailing = freeze(*at("grey.example", 60), *at("good.example", 5))
    engine.deliver_now()
    domain = ReceivingDomain.objects.get(name="grey.example")
    assert domain.held_until
    assert domain.held_until > timezone.now()
    assert domain.holds == 1
    assert sent_to("good.example") == 5
    assert ledger.balance(mailing) == ledger.Balance(65, 5, 0, 0, 0, 60)
    smtp.rcpt_replies.clear()
    Delivery.objects.filter(state=State.WAITING).update(due_at=timezone.now())
    engine.deliver_now()
    # Held: nothing was tried again.
    assert sent_to("grey.example") == 0
    with time_machine.travel(domain.held_until + timedelta(seconds=1)):
        engine.deliver_now()
    assert sent_to("grey.example") == 60
    domain.refresh_from_db()
    assert (domain.refusals, domain.holds, domain.held_until) == (0, 0, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reply", "held"),
    [("421 4.7.0 too many connections", True), ("450 4.7.1 slow down", True), ("450 4.2.0 greylisted", False), ("No connection: refused", False)],
)
def test_a_domain_that_names_our_pace_is_left_alone_at_once(freeze: Freeze, reply: str, held: bool) -> None:
    freeze("a@example.org")
    rows = ledger.mark_in_flight(ledger.claim())
    ledger.settle([(rows[0], Outcome(Kind.DEFERRED, reply))])
    assert ReceivingDomain.objects.filter(name="example.org", held_until__gt=timezone.now()).exists() is held


@pytest.mark.django_db
def test_each_pause_is_longer_and_none_is_endless() -> None:
    domain = ReceivingDomain.objects.create(name="example.org")
    pauses = []
    for _ in range(9):
        throttle._refused("example.org", at_once=True)
        domain.refresh_from_db()
        pauses.append((domain.held_until - timezone.now()).total_seconds())  # type: ignore[operator]  # it is held
        ReceivingDomain.objects.update(held_until=timezone.now())
    assert pauses[0] < pauses[1] < pauses[3]
    assert max(pauses) <= 1.2 * throttle.LONGEST_HOLD.total_seconds()


@pytest.mark.django_db
def test_the_domain_of_an_address_is_the_databases_word(freeze: Freeze) -> None:
    freeze("A@Example.ORG")
    row = Delivery.objects.get(mailing__isnull=False)
    assert row.domain == "example.org"
    Delivery.objects.filter(pk=row.pk).update(address="")
    row.refresh_from_db()
    assert row.domain == ""


@pytest.mark.parametrize(
    ("written", "kept"), [(" Example.ORG ", "example.org"), ("a@example.org", "example.org"), ("työ.example", "xn--ty-gka.example")]
)
def test_a_domain_is_kept_as_addresses_have_it(written: str, kept: str) -> None:
    domain = ReceivingDomain(name=written)
    domain.clean()
    assert domain.name == kept


def test_what_is_no_domain_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        ReceivingDomain(name="..").clean()
    assert "name" in caught.value.message_dict


@pytest.mark.django_db
def test_two_claims_take_from_one_bucket(freeze: Freeze, settings: Any) -> None:
    ReceivingDomain.objects.create(name="example.org", per_minute=600)
    freeze(*addresses(100))
    with time_machine.travel("2026-11-27 10:00:00Z", tick=False):
        Delivery.objects.update(due_at=timezone.now())
        assert len(ledger.claim()) + len(ledger.claim()) == 20
