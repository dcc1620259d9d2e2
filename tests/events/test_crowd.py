"""The crowd, small. `make crowd` does it in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.models import Registration
from tests import factories
from tests.events import crowd

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE, CAPACITY, KILLS, SEED = 28, 8, 3, 5


def test_nothing_is_overbooked_and_no_seat_stays_unoffered_while_workers_are_killed(transactional_db: None, tmp_path: Path) -> None:
    factories.make_root()
    run = crowd.Run(tmp_path, crowd.make_event(CAPACITY), PEOPLE, SEED)
    crowd.go(run, kills=KILLS)
    assert (run.killed, run.errors()) == (KILLS, "")
    assert run.looks > KILLS
    assert Registration.objects.count() == PEOPLE
    assert Registration.objects.filter(state="confirmed").exists()
