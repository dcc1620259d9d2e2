"""The crowd, small. `make crowd` does it in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from events import actions, waiting
from events.models import Pool, Registration
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


@pytest.fixture
def run(db: None, tmp_path: Path) -> crowd.Run:
    """One has the only seat, the other waits for it."""
    factories.make_root()
    run = crowd.Run(tmp_path, crowd.make_event(1), 2, SEED)
    for number in range(2):
        words = {"first_name": "Aino", "last_name": "Esimerkki", "language": "fi"}
        actions.confirm_registration(actions.ask_registration(event=run.event, email=crowd.address(number), **words))
    crowd.look(run)
    return run


def test_the_crowd_finds_a_seat_that_nobody_offers(run: crowd.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(waiting, "offer_seats", lambda *_, **__: [])
        actions.cancel_registration(Registration.objects.get(event=run.event, state="confirmed"))
    crowd.look(run)
    assert run.since
    run.since -= crowd.LONGEST_UNOFFERED
    with pytest.raises(AssertionError):
        crowd.look(run)
    assert waiting.offer_everywhere() == 1
    run.unoffered = 0.0
    crowd.look(run)
    assert run.since is None


def test_the_crowd_finds_a_seat_that_was_given_twice(run: crowd.Run) -> None:
    Registration.objects.filter(event=run.event, state="waiting").update(state="confirmed")
    Pool.objects.filter(event=run.event).update(capacity=2)
    with pytest.raises(AssertionError):
        crowd.look(run)
