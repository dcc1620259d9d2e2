"""The ledger under murder, small. `make murder` does it in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mail import ledger
from tests.mail import murder
from tests.mail.conftest import addresses

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mail.conftest import Freeze

PEOPLE, POINTS, SEED = 600, 6, 8


@pytest.mark.django_db(transaction=True)
def test_nobody_is_missed_and_nobody_gets_two(freeze: Freeze, tmp_path: Path) -> None:
    scene = murder.Scene(tmp_path, freeze(*addresses(PEOPLE)))
    try:
        scene.start_all()
        murder.commit_murders(scene, points=POINTS, seed=SEED)
        murder.compare(scene)
        _arrived, lost = murder.settle_doubts(scene)
        assert ledger.retry_failed(scene.mailing, by=None) == lost
        murder.wait_until(scene, lambda look: not look.waiting)
        assert murder.compare(scene) == {"sent": PEOPLE}
    finally:
        scene.end()
    assert scene.killed.total() == POINTS
    assert scene.looks > POINTS
    assert sorted(scene.taken()) == sorted(addresses(PEOPLE))
