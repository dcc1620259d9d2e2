"""`kill -9` of a worker while it sends. The sink's own log is the truth that the ledger is compared with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from select import select
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from mail import engine, flights, ledger
from mail.models import Delivery, Flight
from tests.mail.conftest import addresses
from tests.mail.murder import ROOT, database_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mail.models import Mailing
    from tests.mail.conftest import Freeze
    from tests.mail.sink import Sink

PEOPLE = 90


class Workers:
    """Processes that send, one at a time."""

    def __init__(self) -> None:
        extra = {"EMAIL_URL": "outbox:///nowhere", "DATABASE_URL": database_url(), "FORK": "1"}
        path = os.pathsep.join([str(ROOT), str(ROOT / "site"), *sys.path])
        words, environment = [sys.executable, "-m", "tests.mail.worker"], os.environ | extra | {"PYTHONPATH": path}
        self.parent = subprocess.Popen(words, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def fork(self) -> int:
        """The number of the next one, which waits."""
        return self._ask("")

    def send_to(self, sink: Sink) -> int:
        """How it ended, as `Popen.wait` says it."""
        return self._ask(f"smtp://127.0.0.1:{sink.port}")

    def _ask(self, words: str) -> int:
        assert self.parent.stdin
        assert self.parent.stdout
        self.parent.stdin.write(f"{words}\n")
        self.parent.stdin.flush()
        assert select([self.parent.stdout], [], [], 60)[0], "no answer"
        return int(self.parent.stdout.readline())


@pytest.fixture(scope="module")
def workers(django_db_setup: None) -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.parent.communicate(timeout=60)


def check_against(sink: Sink, mailing: Mailing) -> None:
    """Nobody sent twice, nobody called sent who got nothing, and nobody got anything whom the ledger has as untouched."""
    on_the_wire = Delivery.objects.filter(pk__in=flights.on_the_wire()).values_list("address", flat=True)
    rows = dict(Delivery.objects.filter(mailing=mailing).values_list("address", "state")) | dict.fromkeys(on_the_wire, "on the wire")
    counts = sink.counts
    assert set(counts) <= set(rows)
    assert max(counts.values(), default=0) <= 1
    for address, state in rows.items():
        match state:
            case "sent":
                assert counts[address] == 1
            case "waiting" | "claimed" | "failed":
                assert counts[address] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before the reply", "after the reply"])
@pytest.mark.parametrize("point", [1, 20, 47])
def test_a_killed_worker_misses_nobody_and_doubles_nobody(freeze: Freeze, smtp: Sink, workers: Workers, point: int, moment: str) -> None:
    mailing = freeze(*addresses(PEOPLE))
    worker = workers.fork()

    def kill(count: int) -> None:
        if count == point:
            os.kill(worker, signal.SIGKILL)

    if moment == "before the reply":
        smtp.on_taken = kill
    else:
        smtp.after_reply = kill
    assert workers.send_to(smtp) == -signal.SIGKILL
    check_against(smtp, mailing)
    assert ledger.balance(mailing).is_balanced

    # The leases run out, and the next worker takes over.
    over = timezone.now() - timedelta(seconds=1)
    Delivery.objects.exclude(lease_until=None).update(lease_until=over)
    Flight.objects.update(lease_until=over)
    engine.sweep()
    look = ledger.balance(mailing)
    check_against(smtp, mailing)
    assert look == ledger.Balance(PEOPLE, PEOPLE - look.in_doubt, 0, 0, look.in_doubt, 0)
    assert look.in_doubt <= engine.MOST_CHUNK
    if moment == "before the reply":
        assert look.in_doubt >= 1
    missed = set(addresses(PEOPLE)) - set(smtp.counts)
    doubtful = set(Delivery.objects.filter(mailing=mailing, state="in_doubt").values_list("address", flat=True))
    assert missed <= doubtful
