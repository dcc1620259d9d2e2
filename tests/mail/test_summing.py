"""What is kept of a mailing's sums is what the ledger says, whatever happens and in whatever order."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from base.personal import Subject
from mail import clicks, control, ledger, personal, summing
from mail.balance import balance
from mail.clicks import Visit
from mail.inbound import applying, rows
from mail.inbound.statuses import Kind as BounceKind
from mail.models import Bounce, Delivery, Link, Mailing, MailingSums
from mail.transports import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mail.conftest import Freeze

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heard")]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OUTCOMES = [
    Outcome(Kind.SENT), Outcome(Kind.SENT), Outcome(Kind.SENT), Outcome(Kind.IN_DOUBT), Outcome(Kind.DEFERRED, "450 4.2.2 later"),
    Outcome(Kind.FAILED, "554 5.7.1 spam"), Outcome(Kind.FAILED, "550 5.1.1 none", is_hard_bounce=True),
]  # fmt: skip


class Life:
    """What can happen to a mailing, each by the product's own function."""

    def __init__(self, mailing: Mailing, chance: random.Random) -> None:
        self.mailing, self.chance = mailing, chance

    def copy(self, **kind: Any) -> Delivery | None:
        found = list(self.mailing.deliveries.filter(**kind).order_by("pk"))
        return self.chance.choice(found) if found else None

    def send(self) -> None:
        Delivery.objects.filter(state=Delivery.State.WAITING).update(due_at=timezone.now() - timedelta(seconds=1))
        held = ledger.mark_in_flight(ledger.claim(limit=self.chance.randrange(1, 6)))
        ledger.settle([(row, self.chance.choice(OUTCOMES)) for row in held])

    def finish(self) -> None:
        for _number in range(20):
            self.send()
        ledger.finish_mailings()

    def click(self) -> None:
        if copy := self.copy(state="sent"):
            copy.settled_at = timezone.now() - timedelta(hours=1)
            link = self.chance.choice(list(Link.objects.filter(mailing=self.mailing)))
            clicks.record(copy, link, Visit(self.chance.choice([BROWSER, BROWSER, "", "Googlebot/2.1"]), False, timezone.now()))

    def come_back(self) -> None:
        if copy := self.copy(state="sent"):
            kind = self.chance.choice([BounceKind.HARD, BounceKind.SOFT, BounceKind.COMPLAINT, BounceKind.AUTO_REPLY])
            status = {BounceKind.HARD: "5.1.1", BounceKind.SOFT: self.chance.choice(["4.2.2", "5.7.1"])}.get(kind, "")
            applying.apply([rows.Row(copy.address, kind, status=status, delivery=copy.pk)], source=Bounce.Source.PIPE, notice=b"")

    def erase(self) -> None:
        if copy := self.copy(recipient_key__isnull=False):
            personal.erase_deliveries(Subject(copy.pk, copy.recipient_key, (copy.address,)))

    def retry(self) -> None:
        ledger.retry_failed(self.mailing, by=None)

    def settle_doubts(self) -> None:
        control.resolve_doubts(self.mailing, sent=self.chance.random() < 0.5, by=None)

    def cancel(self) -> None:
        if self.chance.random() < 0.1:
            control.cancel(self.mailing, by=None)


ACTS: list[Callable[[Life], None]] = [
    Life.send, Life.send, Life.finish, Life.click, Life.click, Life.click, Life.come_back, Life.come_back, Life.erase, Life.retry,
    Life.settle_doubts, Life.cancel,
]  # fmt: skip


def counted(mailings: list[Mailing]) -> dict[int, summing.Summed]:
    """As if nothing had been kept."""
    MailingSums.objects.update(copies_mark="", returns_mark="", clicks_mark="")
    return summing.summed_each(mailings)


def plain(each: dict[int, summing.Summed]) -> dict[int, Any]:
    return {pk: (one.balance, one.copies, sorted(one.returns), one.by_link, one.clickers, one.came_back, one.clicked) for pk, one in each.items()}


@pytest.mark.parametrize("seed", range(8))
def test_what_is_kept_is_what_the_ledger_says(freeze: Freeze, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summing, "MOST_DOMAINS", 2)
    chance = random.Random(seed)
    to = [f"a{number}@d{number % 4}.example.org" for number in range(12)]
    mailings = [freeze(*to, key=f"test:{number}") for number in range(2)]
    done = []
    for _number in range(40):
        act = chance.choice(ACTS)
        act(Life(chance.choice(mailings), chance))
        done.append(act.__name__)
        kept = plain(summing.summed_each(mailings))
        assert kept == plain(counted(mailings)), done
        assert {pk: one[0] for pk, one in kept.items()} == {mailing.pk: balance(mailing) for mailing in mailings}, done


def test_what_has_not_changed_is_not_counted_again(freeze: Freeze) -> None:
    mailings = [freeze("a@example.org", key=f"test:{number}") for number in range(2)]
    life = Life(mailings[0], random.Random(1))
    life.finish()
    ledger.retry_failed(mailings[0], by=None)
    ledger.finish_mailings()
    summing.renew()
    with CaptureQueriesContext(connection) as found:
        summing.summed_each(mailings)
    # Rows that are kept, when each was finished, balances of those on their way (two), doubts: and none for each mailing.
    assert len(found) <= 5
    assert not any("mail_click" in query["sql"] for query in found)
