"""`kill -9` of a worker while it sends. The sink's own log is the truth that the ledger is compared with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from mail import engine, ledger
from mail.models import Delivery
from tests.mail.conftest import addresses
from tests.mail.murder import ROOT, database_url

if TYPE_CHECKING:
    from mail.models import Mailing
    from tests.mail.conftest import Freeze
    from tests.mail.sink import Sink

PEOPLE = 90


def start_worker(sink: Sink) -> subprocess.Popen[bytes]:
    extra = {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}", "DATABASE_URL": database_url()}
    path = os.pathsep.join([str(ROOT), str(ROOT / "site"), *sys.path])
    return subprocess.Popen([sys.executable, "-m", "tests.mail.worker"], cwd=ROOT, env=os.environ | extra | {"PYTHONPATH": path})


def check_against(sink: Sink, mailing: Mailing) -> None:
    """Nobody sent twice, nobody called sent who got nothing, and nobody got anything whom the ledger has as untouched."""
    rows = dict(Delivery.objects.filter(mailing=mailing).values_list("address", "state"))
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
def test_a_killed_worker_misses_nobody_and_doubles_nobody(freeze: Freeze, smtp: Sink, point: int, moment: str) -> None:
    mailing = freeze(*addresses(PEOPLE))
    worker = start_worker(smtp)

    def kill(count: int) -> None:
        if count == point:
            os.kill(worker.pid, signal.SIGKILL)

    if moment == "before the reply":
        smtp.on_taken = kill
    else:
        smtp.after_reply = kill
    assert worker.wait(timeout=60) == -signal.SIGKILL
    check_against(smtp, mailing)
    assert ledger.balance(mailing).is_balanced

    # The leases run out, and the next worker takes over.
    Delivery.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
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
