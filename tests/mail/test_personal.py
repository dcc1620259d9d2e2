from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.utils import timezone

from base import personal
from base.personal import Subject
from mail import engine, ledger, outbox, suppression
from mail.models import Click, Delivery, Link, Suppression
from mail.transports import Kind, Outcome
from tests.mail.conftest import SYSTEM, key_of

if TYPE_CHECKING:
    from pathlib import Path

    from mail.models import Mailing
    from tests.mail.conftest import Freeze

pytestmark = pytest.mark.django_db
CANARY = "canary.7f3a@example.org"
WHO = Subject(1, key_of(CANARY), (CANARY,))
OTHER = Subject(2, key_of("other@example.org"), ("other@example.org",))


def holdings() -> list[personal.Holding]:
    return [holding for holding in personal.holdings() if holding.model._meta.app_label == "mail"]


def erase(who: Subject) -> None:
    for holding in holdings():
        holding.erase(who)


def merge(winner: Subject, loser: Subject) -> None:
    for holding in holdings():
        holding.merge(winner, loser)


def everything_written(folder: Path) -> str:
    """Every value of every row of this package, and every file of the outbox."""
    rows = [row for model in apps.get_app_config("mail").get_models() for row in model._default_manager.values_list()]
    values = [str(bytes(value) if isinstance(value, memoryview) else value) for row in rows for value in row]
    return "".join([*values, *(file.read_text() for file in folder.glob("*"))])


@pytest.fixture
def history(freeze: Freeze, outbox_folder: Path) -> Mailing:
    """A newsletter that was read, a confirmation, and a newsletter that has not left yet."""
    mailing = freeze(CANARY, "other@example.org")
    outbox.send_single(to=CANARY, subject="Hei", language="fi", heading="Hei", paragraphs=[CANARY], stream=SYSTEM, recipient_key=WHO.key, key="c:1")
    engine.deliver_now()
    delivery = Delivery.objects.get(mailing=mailing, address=CANARY)
    Click.objects.create(delivery=delivery, link=Link.objects.filter(mailing=mailing)[0], is_human=True, rule="person")
    freeze(key="not yet")
    return mailing


def test_the_export_has_all_of_it(history: Mailing) -> None:
    found = {holding.model._meta.model_name: list(holding.find(WHO).values(*holding.fields)) for holding in holdings()}
    # Two newsletters, the confirmation, and the row that stands for the list of subscribers.
    assert len(found["delivery"]) == 4
    assert {row["address"] for row in found["delivery"]} == {CANARY}
    assert [row["link__url"] for row in found["click"]] == ["https://example.org/a/"]
    assert found["suppression"] == []


def test_erasing_leaves_a_hash_and_a_ledger_that_balances(history: Mailing, outbox_folder: Path) -> None:
    assert CANARY in everything_written(outbox_folder)
    erase(WHO)
    assert CANARY not in everything_written(outbox_folder)
    assert str(WHO.key) not in everything_written(outbox_folder)
    assert ledger.balance(history) == ledger.Balance(2, 2, 0, 0, 0, 0)
    assert Suppression.objects.get().reason == "erased"
    assert not Delivery.objects.filter(key="c:1").exists()
    assert "other@example.org" in everything_written(outbox_folder)


def test_what_has_not_left_yet_does_not_leave(history: Mailing, outbox_folder: Path) -> None:
    claimed = ledger.claim(limit=1)
    erase(Subject(3, key_of(claimed[0].address), (claimed[0].address,)))
    assert ledger.mark_in_flight(claimed) == []
    erase(WHO)
    before = len(list(outbox_folder.glob("*.eml")))
    engine.sweep()
    assert len(list(outbox_folder.glob("*.eml"))) - before <= 1
    assert not [file for file in outbox_folder.glob("*.eml") if CANARY in file.read_text()]


def test_erasing_while_in_flight_keeps_the_reply_clean(history: Mailing, outbox_folder: Path) -> None:
    held = ledger.mark_in_flight(ledger.claim())
    erase(WHO)
    ledger.settle([(row, Outcome(Kind.SENT, f"250 <{row.address}> ok")) for row in held])
    assert CANARY not in everything_written(outbox_folder)
    assert Delivery.objects.filter(state="claimed").count() == 0


def test_two_erased_people_of_one_mailing(history: Mailing) -> None:
    erase(WHO)
    erase(OTHER)
    assert Delivery.objects.filter(mailing=history, recipient_key=None, address="").count() == 2


def test_merging_moves_both_histories(history: Mailing) -> None:
    merge(OTHER, WHO)
    assert not Delivery.objects.filter(recipient_key=WHO.key).exists()
    both = Delivery.objects.filter(mailing=history, recipient_key=OTHER.key)
    assert sorted(both.values_list("address", "is_merged")) == [(CANARY, True), ("other@example.org", False)]
    assert ledger.balance(history).is_balanced
    # Of the newsletter that has not left yet, one copy leaves.
    assert sorted(Delivery.objects.filter(mailing__key="not yet").values_list("address", "state")) == [
        (CANARY, "suppressed"),
        ("other@example.org", "waiting"),
    ]


def test_erasing_after_a_merge_takes_both_addresses(history: Mailing, outbox_folder: Path) -> None:
    merge(OTHER, WHO)
    erase(OTHER)
    written = everything_written(outbox_folder)
    assert CANARY not in written
    assert "other@example.org" not in written


def test_somebody_elses_row_at_the_same_address_stays(history: Mailing) -> None:
    shared: dict[str, Any] = {"stream": SYSTEM, "address": CANARY.upper(), "mime": b"", "state": "sent", "settled_at": timezone.now()}
    theirs = Delivery.objects.create(recipient_key=OTHER.key, **shared)
    nobodys = Delivery.objects.create(**shared)
    erase(WHO)
    assert list(Delivery.objects.filter(pk__in=[theirs.pk, nobodys.pk])) == [theirs]


def test_a_bounce_is_remembered_over_an_erasure_and_a_return(db: None) -> None:
    suppression.suppress(CANARY, "by_hand")
    suppression.suppress(CANARY.upper(), "hard_bounce")
    erase(WHO)
    suppression.lift(CANARY)
    assert suppression.is_suppressed(CANARY)
    assert suppression.suppressed_among([CANARY, "x@example.org"]) == {CANARY}
    erase(OTHER)
    suppression.lift("other@example.org")
    assert not suppression.is_suppressed("other@example.org")


def test_the_hash_is_keyed(db: None, settings: Any) -> None:
    before = suppression.hash_of(CANARY)
    settings.SECRET_KEY = "another"
    assert suppression.hash_of(CANARY) != before
    assert CANARY not in before
