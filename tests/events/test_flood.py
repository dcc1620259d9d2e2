"""The flood, small. `make flood` does it in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import factories
from tests.events import flood as floods

if TYPE_CHECKING:
    from pathlib import Path

SOURCES, SIGNUPS, PEOPLE, SEED = 40, 160, 3, 5


def test_scripted_signups_mail_once_hold_no_seat_longer_and_keep_nobody_out(transactional_db: None, tmp_path: Path) -> None:
    factories.make_root()
    flood = floods.Flood(tmp_path, floods.make_pages((12, 4 * SIGNUPS)), SOURCES, SIGNUPS, SEED, people=PEOPLE, hurry=360)
    try:
        floods.go(flood)
    finally:
        flood.end()
    taken = floods.check(flood)
    assert len(taken) > SOURCES / 2
    assert {slug for slug, status in flood.answers if status == 422} == {"Pieni"}
